import { usageError } from '../core/errors.ts';
import { randomStream, shuffled } from '../core/random.ts';
import type { LabelledExample } from '../core/types.ts';
import { groupBy } from './grouping.ts';

/**
 * A seeded sample of `n` rows, stratified by label: each label gets its share of `n` by the method of the largest
 * remainder, but at least one row. The order of the rows is kept; all rows where there are no more than `n`.
 *
 * Errors: `usage` when `n` is less than the number of labels in the rows.
 */
export function sampleRows(rows: readonly LabelledExample[], n: number, seed: number): readonly LabelledExample[] {
  if (n >= rows.length) return rows;
  const groups = groupBy(rows.keys(), (index) => rows[index]!.label);
  const labels = [...groups.keys()].sort();
  if (n < labels.length)
    throw usageError(
      {
        en: `A sample of ${n} rows cannot hold one row of each of the ${labels.length} labels.`,
        ko: `${n}행짜리 표본에는 라벨 ${labels.length}개의 행을 하나씩 담을 수 없다.`,
      },
      { en: `Take at least ${labels.length} rows.`, ko: `${labels.length}행 이상으로 한다.` },
    );
  const sizes = allocate(
    labels.map((label) => groups.get(label)!.length),
    n,
  );
  const picked = labels.flatMap((label, i) =>
    shuffled(groups.get(label)!, randomStream(seed, 'sampleRows', label)).slice(0, sizes[i]),
  );
  return picked.sort((a, b) => a - b).map((index) => rows[index]!);
}

/** Shares out `n` places in proportion to `counts`: the whole parts, at least 1, then one more or less where that is furthest off. */
function allocate(counts: readonly number[], n: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const ideal = counts.map((count) => (n * count) / total);
  const sizes = ideal.map((size) => Math.max(1, Math.floor(size)));
  const missing = () => n - sizes.reduce((sum, size) => sum + size, 0);
  while (missing() > 0)
    sizes[argmax(ideal.map((size, i) => (sizes[i]! < counts[i]! ? size - sizes[i]! : -Infinity)))]!++;
  while (missing() < 0) sizes[argmax(ideal.map((size, i) => (sizes[i]! > 1 ? sizes[i]! - size : -Infinity)))]!--;
  return sizes;
}

/** Index of the largest value, the first of them. */
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));
