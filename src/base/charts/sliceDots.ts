import { categories, colours, dashedRule, FIFTHS, titled } from './parts.ts';
import type { PanelColumn, Position } from './spec.ts';
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

export function sliceDots(chart: SliceDots): PanelColumn {
  const [same, different] = chart.series;
  const color = colours('series', [same, different], [INK.muted, SERIES[1]]);
  const x = (field: string, isLast: boolean): Position => ({
    field,
    type: 'quantitative',
    title: isLast ? chart.valueTitle : null,
    scale: { domain: [0, 1.2], nice: false },
    axis: { format: '~%', values: FIFTHS },
  });
  return {
    ...titled(chart.title),
    spacing: 14,
    vconcat: chart.panels.map(({ name, rows }, i) => {
      const isLast = i === chart.panels.length - 1;
      // As wide in every panel, so that their scales stand below one another.
      const y = categories(
        rows.map((row) => row.name),
        { grid: true, minExtent: 170 },
      );
      return {
        title: { text: name, fontSize: 12, offset: 4 },
        width: 440,
        height: { step: 20 },
        data: {
          values: rows.map(({ differs, ...row }) => ({ ...row, series: differs ? different : same })),
        },
        layer: [
          dashedRule(chart.overall),
          {
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: { y, color, x: x('low', isLast), x2: { field: 'high' } },
          },
          { mark: { type: 'circle', size: 70, opacity: 1 }, encoding: { y, color, x: x('value', isLast) } },
          {
            mark: { type: 'text', align: 'left', dx: 6, fontSize: 10 },
            encoding: { y, x: x('high', isLast), text: { field: 'text' }, color: { value: INK.muted } },
          },
        ],
      };
    }),
    config: { axisX: { grid: true } },
  };
}
