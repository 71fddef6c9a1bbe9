import type { VegaLiteSpec } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** A share with its interval per part of the rows, a panel for each way to divide them. */
export interface SliceDots {
  readonly title: string;
  readonly valueTitle: string;
  /** The share over all rows, drawn as a line through all panels. */
  readonly overall: number;
  /** What the colours mean: as the rest, and different from it. */
  readonly series: readonly [string, string];
  readonly panels: readonly {
    readonly name: string;
    /** In drawing order; `text` stands behind the interval. */
    readonly rows: readonly {
      readonly name: string;
      readonly value: number;
      readonly low: number;
      readonly high: number;
      readonly differs: boolean;
      readonly text: string;
    }[];
  }[];
}

export function sliceDots(chart: SliceDots): VegaLiteSpec {
  const [same, different] = chart.series;
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: { domain: [same, different], range: [INK.muted, SERIES[1]] },
  };
  const x = (field: string, isLast: boolean) => ({
    field,
    type: 'quantitative',
    title: isLast ? chart.valueTitle : null,
    scale: { domain: [0, 1.2], nice: false },
    axis: { format: '~%', values: [0, 0.2, 0.4, 0.6, 0.8, 1] },
  });
  return {
    description: chart.title,
    title: chart.title,
    spacing: 14,
    vconcat: chart.panels.map(({ name, rows }, i) => {
      const isLast = i === chart.panels.length - 1;
      return {
        title: { text: name, fontSize: 12, offset: 4 },
        width: 440,
        height: { step: 20 },
        data: {
          values: rows.map(({ differs, ...row }) => ({ ...row, series: differs ? different : same })),
        },
        encoding: {
          y: {
            field: 'name',
            type: 'nominal',
            sort: rows.map((row) => row.name),
            title: null,
            // As wide in every panel, so that their scales stand below one another.
            axis: { ticks: false, domain: false, grid: true, labelPadding: 8, minExtent: 170 },
          },
          color,
        },
        layer: [
          {
            mark: { type: 'rule', color: INK.line, strokeDash: [4, 3] },
            encoding: { x: { datum: chart.overall }, y: null, color: null },
          },
          {
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: { x: x('low', isLast), x2: { field: 'high' } },
          },
          { mark: { type: 'circle', size: 70, opacity: 1 }, encoding: { x: x('value', isLast) } },
          {
            mark: { type: 'text', align: 'left', dx: 6, fontSize: 10 },
            encoding: { x: x('high', isLast), text: { field: 'text' }, color: { value: INK.muted } },
          },
        ],
      };
    }),
    config: { axisX: { grid: true } },
  } as unknown as VegaLiteSpec;
}
