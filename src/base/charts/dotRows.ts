import type { Axis } from 'vega-lite/build/src/axis.js';
import { signed } from '../core/format.ts';
import { categories, colours, FIFTHS, titled } from './parts.ts';
import type { LayeredChart, Position } from './spec.ts';
import { INK } from './theme.ts';

/** A value per category and series, e.g. F1 by relation under several runs. */
export interface DotRows {
  readonly title: string;
  readonly valueTitle: string;
  readonly series: readonly { readonly name: string; readonly color: string }[];
  /** Whether the chart tells the colours itself. */
  readonly hasLegend: boolean;
  /** How the names are shown, e.g. by other ones. */
  readonly axis?: Axis<never>;
  /** What the axis has behind 1 for the texts; more where the chart is narrow. */
  readonly room?: number;
  /** In drawing order; values in [0, 1], beside the series. */
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** A dot for each series on a line per category; of two series the difference stands behind the right one. */
export function dotRows({ title, valueTitle, series, hasLegend, axis, room = 0.12, rows }: DotRows): LayeredChart {
  const x = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: valueTitle,
    scale: { domain: [0, 1 + room], nice: false },
    axis: { format: '.1f', values: FIFTHS, grid: false },
  });
  const names = series.map(({ name }) => name);
  const ends = rows.map(({ name, values }) => ({
    name,
    least: Math.min(...values),
    most: Math.max(...values),
    text: differenceText(values),
  }));
  return {
    ...titled(title),
    width: 460,
    height: { step: 22 },
    encoding: {
      y: categories(
        rows.map(({ name }) => name),
        { grid: true, ...axis },
      ),
    },
    layer: [
      {
        data: { values: ends },
        mark: { type: 'rule', strokeWidth: 3, color: INK.line, opacity: 0.6 },
        encoding: { x: x('least'), x2: { field: 'most' } },
      },
      {
        data: {
          values: rows.flatMap(({ name, values }) => names.map((series, i) => ({ name, series, value: values[i] }))),
        },
        mark: { type: 'circle', size: 75, opacity: 0.9 },
        encoding: {
          x: x('value'),
          color: {
            ...colours(
              'series',
              names,
              series.map(({ color }) => color),
            ),
            ...(!hasLegend && { legend: null }),
          },
        },
      },
      {
        data: { values: ends },
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 10.5, color: INK.muted },
        encoding: { x: x('most'), text: { field: 'text' } },
      },
    ],
  };
}

/** The second less the first; nothing where that would read 0, or of more than two values. */
function differenceText([first, second, ...others]: readonly number[]): string {
  if (first === undefined || second === undefined || others.length > 0) return '';
  return Math.abs(second - first) < 0.005 ? '' : signed(second - first, 2);
}
