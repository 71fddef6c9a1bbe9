import { usageError } from '../../base/core/errors.ts';
import type { LabelledExample } from '../../base/core/types.ts';
import { sampleRows } from '../../base/data/sampleRows.ts';

/** How many rows train (validation included) and judge, and the seed that draws them. */
export interface RowCounts {
  readonly train: number;
  readonly judged: number;
  readonly seed: number;
}

export interface DrawnRows {
  readonly train: readonly LabelledExample[];
  readonly judged: readonly LabelledExample[];
}

/**
 * Draws judged rows out of training rows, then rows to train on out of the others, each a seeded sample stratified by
 * label. Rows that share a sentence with a judged one are in neither: their sentence would give answers away.
 *
 * @param origin how an error names where the counts came from
 * Errors: `usage` where there are too few rows.
 */
export function drawRows(
  rows: readonly LabelledExample[],
  { train, judged: count, seed }: RowCounts,
  origin: string,
): DrawnRows {
  const judged = sampleRows(rows, count, seed);
  const sentences = new Set(judged.map(({ sentence }) => sentence));
  const others = rows.filter(({ sentence }) => !sentences.has(sentence));
  if (others.length < train || judged.length < count)
    throw usageError(
      `${origin}: rows.judged is ${count} and rows.train ${train}, but of ${rows.length} training rows ${judged.length} can be judged, and ${others.length} share no sentence with them.`,
      'Lower one of them.',
    );
  return { train: sampleRows(others, train, seed), judged };
}
