import { signed } from '../core/format.ts';
import { categories, FIFTHS, titled } from './parts.ts';
import type { Layer, LayeredChart, Position } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** A value before and after per category, e.g. F1 by label under two runs. */
export interface Dumbbell {
  readonly title: string;
  readonly valueTitle: string;
  /** Names of before and after. */
  readonly series: readonly [string, string];
  /** What stands for a name on the axis, as an expression of `datum.label`. */
  readonly labelExpr?: string;
  /** In drawing order; values in [0, 1]. */
  readonly rows: readonly { readonly name: string; readonly values: readonly [number, number] }[];
}

/** Two dots on a line per category, the difference behind the right one. */
export function dumbbell(chart: Dumbbell): LayeredChart {
  const [before, after] = chart.series;
  const values = chart.rows.map(({ name, values: [first, second] }) => ({
    name,
    first,
    second,
    end: Math.max(first, second),
    better: second >= first,
    text: Math.abs(second - first) < 0.005 ? '' : signed(second - first, 2),
  }));
  const x = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: chart.valueTitle,
    scale: { domain: [0, 1.08], nice: false },
    axis: { format: '.1f', values: FIFTHS, grid: false },
  });
  const dots = (field: string, series: string): Layer => ({
    mark: { type: 'circle', size: 75, opacity: 1 },
    encoding: { x: x(field), color: { datum: series } },
  });
  return {
    ...titled(chart.title),
    width: 460,
    height: { step: 22 },
    data: { values },
    encoding: {
      y: categories(
        chart.rows.map(({ name }) => name),
        { grid: true, ...(chart.labelExpr !== undefined && { labelExpr: chart.labelExpr }) },
      ),
      color: { type: 'nominal', title: null, scale: { domain: [before, after], range: [INK.muted, SERIES[0]] } },
    },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 3, opacity: 0.5 },
        encoding: {
          x: x('first'),
          x2: { field: 'second' },
          color: { condition: { test: 'datum.better', value: SERIES[2] }, value: SERIES[1] },
        },
      },
      dots('first', before),
      dots('second', after),
      {
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 10 },
        encoding: { x: x('end'), text: { field: 'text' }, color: { value: INK.muted } },
      },
    ],
  };
}
