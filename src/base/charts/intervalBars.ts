import type { VegaLiteSpec } from './spec.ts';
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
export function intervalBars(chart: IntervalBars): VegaLiteSpec {
  return {
    description: chart.title,
    title: chart.title,
    columns: 2,
    spacing: 40,
    concat: chart.panels.map((panel, i) => ({
      title: { text: panel.name, fontSize: 12, offset: 6 },
      width: 300,
      height: { step: 24 },
      data: {
        values: chart.names.map((name, row) => {
          const { value = null, low = null, high = null } = panel.values[row] ?? {};
          return { name, value, low, high, end: high ?? value ?? 0, text: value === null ? '–' : value.toFixed(3) };
        }),
      },
      encoding: {
        y: {
          field: 'name',
          type: 'nominal',
          sort: [...chart.names],
          title: null,
          axis: { ticks: false, domain: false, grid: false, labels: i % 2 === 0, labelPadding: 8 },
        },
      },
      layer: [
        {
          mark: { type: 'bar', height: { band: 0.62 }, color: SERIES[i % SERIES.length] },
          encoding: {
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
        {
          mark: { type: 'text', align: 'left', dx: 5, fontSize: 10, color: INK.muted },
          encoding: { x: { field: 'end', type: 'quantitative' }, text: { field: 'text' } },
        },
      ],
    })),
  } as unknown as VegaLiteSpec;
}
