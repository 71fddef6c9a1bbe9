import { stringify } from 'csv-stringify/sync';

/** A table's cell: a fraction or count, a text, or nothing. */
export type Cell = string | number | null;

/** CSV with a header; fractions with six decimals (trailing zeros cut), null as an empty cell. */
export const toCsv = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  stringify([columns, ...rows.map((row) => row.map(cellText))]);

const cellText = (cell: Cell): string =>
  typeof cell === 'number' && !Number.isInteger(cell) ? `${plain(cell)}` : `${cell ?? ''}`;

/** Six decimals, but small numbers such as p-values keep three significant digits; never in exponent notation. */
function plain(value: number): string {
  const decimals = Math.abs(value) < 1e-4 ? Math.min(100, 2 - Math.floor(Math.log10(Math.abs(value)))) : 6;
  return value.toFixed(decimals).replace(/\.?0+$/, '');
}
