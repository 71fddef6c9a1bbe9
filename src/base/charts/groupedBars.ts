import type { Axis } from 'vega-lite/build/src/axis.js';
import { colours } from './parts.ts';
import type { LayeredPanel } from './spec.ts';
import { INK } from './theme.ts';

/** Values of several series per category as horizontal bars, e.g. rows of a relation on both sides, or errors of several runs. */
export interface GroupedBars {
  readonly series: readonly { readonly name: string; readonly color: string }[];
  readonly valueTitle: string;
  /** In drawing order; `values` and `texts` stand beside the series, the texts at the ends of the bars. */
  readonly rows: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly texts: readonly string[];
  }[];
  /** Format of the axis: `,d` for counts, `~%` for fractions. */
  readonly format: string;
  /** Whether the chart tells the colours itself. */
  readonly hasLegend: boolean;
  /** How the names are shown, e.g. by other ones. */
  readonly axis?: Axis<never>;
}

/** Height of one bar with its text, what parts the categories, and the least that a name of two lines takes. */
const BAR_HEIGHT = 12;
const GAP = 6;
const LEAST_BAND = 22;

export function groupedBars({ series, valueTitle, rows, format, hasLegend, axis = {} }: GroupedBars): LayeredPanel {
  const names = series.map(({ name }) => name);
  const band = Math.max(LEAST_BAND, series.length * BAR_HEIGHT + GAP);
  const most = Math.max(0, ...rows.flatMap(({ values }) => values));
  const longest = Math.max(0, ...rows.flatMap(({ texts }) => texts.map((text) => text.length)));
  return {
    height: rows.length * band,
    data: {
      values: rows.flatMap(({ name, values, texts }) =>
        names.map((series, i) => ({ name, series, value: values[i], text: texts[i] })),
      ),
    },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: rows.map(({ name }) => name),
        title: null,
        scale: { paddingInner: GAP / band, paddingOuter: GAP / band / 2 },
        axis: { ticks: false, domain: false, grid: false, labelPadding: 8, ...axis },
      },
      yOffset: { field: 'series', sort: names },
      x: {
        field: 'value',
        type: 'quantitative',
        title: valueTitle,
        axis: { format, tickCount: 4, ...(format === ',d' && { tickMinStep: 1 }) },
        // With room for the texts behind the longest bar.
        scale: { domain: [0, (most === 0 ? 1 : most) * (1.08 + 0.035 * longest)], nice: false },
      },
      color: {
        ...colours(
          'series',
          names,
          series.map(({ color }) => color),
        ),
        ...(!hasLegend && { legend: null }),
      },
    },
    layer: [
      { mark: { type: 'bar', height: { band: 0.9 } } },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 10.5 },
        encoding: { text: { field: 'text' }, color: { value: INK.muted } },
      },
    ],
  };
}
