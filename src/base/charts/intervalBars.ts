import { categories, textBehind, titled } from './parts.ts';
import type { LayeredPanel, PanelGrid } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** Values with intervals, one panel per measure: systems compared by several metrics. */
export interface IntervalBars {
  readonly title: string;
  /** In drawing order. */
  readonly names: readonly string[];
  readonly panels: readonly IntervalPanel[];
}

export interface IntervalPanel {
  readonly name: string;
  /** Beside `names`; null where a system has no such figure. `low` and `high` are null without an interval. */
  readonly values: readonly ({
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null)[];
}

/** Horizontal bars from 0 to 1 with their intervals and their figures at the end. */
export const intervalBars = ({ title, names, panels }: IntervalBars): PanelGrid => ({
  ...titled(title),
  columns: 2,
  spacing: 40,
  concat: panels.map((panel, i) => ({
    ...intervalPanel(panel, names, SERIES[i % SERIES.length]!, i % 2 === 0),
    width: 300,
  })),
});

/** One panel alone, with or without the names beside it; one colour for all bars, or one for each name. */
export function intervalPanel(
  panel: IntervalPanel,
  names: readonly string[],
  color: string | readonly string[] = SERIES[0],
  isNamed = true,
): LayeredPanel {
  return {
    title: { text: panel.name, fontSize: 12, offset: 6 },
    height: { step: 24 },
    data: {
      values: names.map((name, row) => {
        const { value = null, low = null, high = null } = panel.values[row] ?? {};
        const own = typeof color === 'string' ? {} : { color: color[row]! };
        const text = value === null ? '–' : value.toFixed(3);
        return { name, value, low, high, end: high ?? value ?? 0, text, ...own };
      }),
    },
    encoding: { y: categories(names, { labels: isNamed }) },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.62 }, ...(typeof color === 'string' && { color }) },
        encoding: {
          ...(typeof color !== 'string' && { color: { field: 'color', type: 'nominal', scale: null } }),
          x: {
            field: 'value',
            type: 'quantitative',
            title: null,
            scale: { domain: [0, 1] },
            axis: { format: '.1f', tickCount: 5 },
          },
        },
      },
      {
        transform: [{ filter: 'datum.low !== null' }],
        mark: { type: 'rule', color: INK.text, strokeWidth: 1.5 },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      textBehind(5, { size: 10, x: { field: 'end', type: 'quantitative' } }),
    ],
  };
}
