import { squares } from './kernels/kernels.js';

/** The gradient of a parameter. Of an embedding table only some rows are not zero: those that a batch looked up. */
export interface Gradient {
  values: Float32Array;
  readonly table: { readonly width: number; readonly rows: Set<number> } | null;
}

export type Gradients = ReadonlyMap<string, Gradient>;

export const denseGradient = (values: Float32Array): Gradient => ({ values, table: null });

export const tableGradient = (values: Float32Array, width: number): Gradient => ({
  values,
  table: { width, rows: new Set() },
});

/** Sets a table's gradient back to zero. */
export function clearTable({ values, table }: Gradient): void {
  for (const row of table!.rows) values.fill(0, row * table!.width, (row + 1) * table!.width);
  table!.rows.clear();
}

/**
 * Adds the gradient of looked-up rows to that of their table: `rows` (ids.length, width).
 *
 * @param firstRow the id that the gradient's first row is of; smaller ids have no gradient
 */
export function addRows({ values, table }: Gradient, ids: BigInt64Array, rows: Float32Array, firstRow = 0): void {
  const width = rows.length / ids.length;
  for (const [index, id] of ids.entries()) {
    const row = Number(id) - firstRow;
    if (row < 0) continue;
    table?.rows.add(row);
    const to = row * width;
    const from = index * width;
    for (let i = 0; i < width; i++) values[to + i]! += rows[from + i]!;
  }
}

/** Adds values to a dense gradient. */
export function addDense({ values }: Gradient, more: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i]! += more[i]!;
}

/** √(Σ g²) over all parameters. */
export const globalNorm = (gradients: Gradients): number => normOf([...gradients.values()].map(squareSums));

/** √Σ of numbers, added up in their order. */
export const normOf = (sums: readonly (readonly number[])[]): number =>
  Math.sqrt(sums.flat().reduce((sum, value) => sum + value, 0));

/** Numbers whose sum is Σ g² of a parameter: of a table one for each row. */
export function squareSums({ values, table }: Gradient): number[] {
  if (!table) return [squares(values, { from: 0, to: values.length })];
  const { rows, width } = table;
  return Array.from(rows, (row) => squares(values, { from: row * width, to: (row + 1) * width }));
}
