import type { Axis } from 'vega-lite/build/src/axis.js';
import type { Colour, Layer, Position } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** What several charts have alike. */

/** What every figure begins with: its title is its accessible name, too. */
export const titled = (title: string) => ({ description: title, title });

/** Categories downwards in the order given (null: in that of the rows), as names without a line. */
export const categories = (names: readonly string[] | null, axis: Axis<never> = {}): Position => ({
  field: 'name',
  type: 'nominal',
  sort: names && [...names],
  title: null,
  axis: { ticks: false, domain: false, grid: false, labelPadding: 8, ...axis },
});

/** A colour for each name, told in a legend without a title. */
export const colours = (
  field: string,
  names: readonly string[],
  range: readonly string[] = SERIES.slice(0, names.length),
): Colour => ({ field, type: 'nominal', title: null, scale: { domain: [...names], range: [...range] } });

/** Fifths of a scale from 0 to 1. */
export const FIFTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** A muted text behind a mark, from the field `text`. */
export const textBehind = (
  dx: number,
  { size = 11, ...encoding }: { readonly size?: number; readonly x?: Position } = {},
): Layer => ({
  mark: { type: 'text', align: 'left', dx, fontSize: size, color: INK.muted },
  encoding: { ...encoding, text: { field: 'text' } },
});

/** A line across all rows at a value, to compare with. */
export const dashedRule = (at: number, color: string = INK.line): Layer => ({
  mark: { type: 'rule', color, strokeDash: [4, 3] },
  encoding: { x: { datum: at } },
});
