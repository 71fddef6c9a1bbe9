import { usageError } from '../../base/core/errors.ts';

/** How many rows train (validation included) and judge, and the seed that draws them. */
export interface RowCounts {
  readonly train: number;
  readonly judged: number;
  readonly seed: number;
}

export interface DrawnRows<Row> {
  readonly train: readonly Row[];
  readonly judged: readonly Row[];
}

/**
 * Draws judged rows out of training rows, then rows to train on out of the others, each a seeded sample. Rows that share a
 * sentence with a judged one are in neither: their sentence would give answers away.
 *
 * @param origin how an error names where the counts came from
 * @param sample of so many rows; all where there are no more
 * @param judges which rows can judge
 * Errors: `usage` where there are too few rows.
 */
export function drawRows<Row extends { readonly sentence: string }>(
  rows: readonly Row[],
  { train, judged: count, seed }: RowCounts,
  origin: string,
  sample: (rows: readonly Row[], n: number, seed: number) => readonly Row[],
  judges: (row: Row) => boolean = () => true,
): DrawnRows<Row> {
  const judged = sample(rows.filter(judges), count, seed);
  const sentences = new Set(judged.map(({ sentence }) => sentence));
  const others = rows.filter(({ sentence }) => !sentences.has(sentence));
  if (others.length < train || judged.length < count)
    throw usageError(
      {
        en: `${origin}: rows.judged is ${count} and rows.train ${train}, but of ${rows.length} training rows ${judged.length} can be judged, and ${others.length} share no sentence with them.`,
        ko: `${origin}: rows.judged가 ${count}이고 rows.train이 ${train}인데, 학습 행 ${rows.length}개 가운데 ${judged.length}개만 평가할 수 있고, 그와 문장이 겹치지 않는 행은 ${others.length}개이다.`,
      },
      { en: 'Lower one of them.', ko: '둘 가운데 하나를 줄인다.' },
    );
  return { train: sample(others, train, seed), judged };
}
