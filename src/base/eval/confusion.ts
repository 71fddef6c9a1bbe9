import { sum } from '../core/averages.ts';
import type { LabelSet, Prediction } from '../core/types.ts';
import { codeRows } from './codedRows.ts';

/** `matrix[g][p]`: rows of gold label g predicted as p, both in the label set's order. */
export type Matrix = readonly (readonly number[])[];

export function confusionMatrix(
  gold: readonly string[],
  predictions: readonly Prediction[],
  labelSet: LabelSet,
): Matrix {
  const rows = codeRows(gold, predictions, labelSet);
  const matrix = labelSet.labels.map(() => labelSet.labels.map(() => 0));
  rows.gold.forEach((label, row) => {
    matrix[label]![rows.predicted[row]!]! += 1;
  });
  return matrix;
}

/** Each gold label's row as shares of its rows, so that the diagonal is recall; zeros for a label without gold rows. */
export const normalizeRows = (matrix: Matrix): Matrix =>
  matrix.map((row) => {
    const total = sum(row);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });

export interface Confusion {
  readonly gold: string;
  readonly predicted: string;
  readonly count: number;
  /** Of the gold label's rows. */
  readonly share: number;
}

/** The most frequent mistakes, most rows first; ties in the label set's order. */
export function topConfusions(matrix: Matrix, { labels }: LabelSet, limit: number): Confusion[] {
  const shares = normalizeRows(matrix);
  return labels
    .flatMap((gold, g) =>
      labels.map((predicted, p) => ({ gold, predicted, count: matrix[g]![p]!, share: shares[g]![p]! })),
    )
    .filter(({ gold, predicted, count }) => gold !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}
