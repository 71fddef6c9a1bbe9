import { categories, textBehind, titled } from './parts.ts';
import type { LayeredChart } from './spec.ts';
import { SERIES } from './theme.ts';

/** One share per category as horizontal bars, e.g. errors by class. */
export interface ShareBars {
  readonly title: string;
  readonly valueTitle: string;
  /** In drawing order; `text` stands at the end of the bar. */
  readonly rows: readonly { readonly name: string; readonly share: number; readonly text: string }[];
}

export function shareBars(chart: ShareBars): LayeredChart {
  return {
    ...titled(chart.title),
    width: 440,
    height: { step: 28 },
    data: { values: chart.rows.map((row) => ({ ...row })) },
    encoding: {
      y: categories(chart.rows.map(({ name }) => name)),
      x: {
        field: 'share',
        type: 'quantitative',
        title: chart.valueTitle,
        axis: { format: '~%', tickCount: 6 },
        // With room for the texts behind the longest bar.
        scale: { domain: [0, 1.3 * Math.max(0.01, ...chart.rows.map(({ share }) => share))], nice: false },
      },
    },
    layer: [{ mark: { type: 'bar', height: { band: 0.68 }, color: SERIES[0] } }, textBehind(5)],
  };
}
