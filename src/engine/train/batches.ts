import { randomStream, shuffled } from '../../base/core/random.ts';

/** Batches of this many times the batch size are sorted by length at a time, as transformers' `group_by_length` does. */
export const MEGA_BATCHES = 50;

/**
 * The batches of an epoch as row indices: rows in random order, grouped so that a batch's rows are of similar length and
 * little is padded, the batches in random order again. The last batch may be smaller. The same arguments give the same
 * batches.
 *
 * @param lengths of all rows
 * @param rows those of the epoch, all of them once without it; one that is there several times is in several batches
 */
export function epochBatches(
  lengths: readonly number[],
  batchSize: number,
  seed: number,
  epoch: number,
  rows: readonly number[] = lengths.map((_, index) => index),
): number[][] {
  const order = shuffled(rows, randomStream(seed, 'rows', epoch));
  const batches: number[][] = [];
  const mega = batchSize * MEGA_BATCHES;
  for (let start = 0; start < order.length; start += mega) {
    const sorted = order.slice(start, start + mega).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
    batches.push(...dealt(sorted, batchSize));
  }
  return shuffled(batches, randomStream(seed, 'batches', epoch));
}

/**
 * The batches of an epoch whose parts follow each other, the batches of each as `epochBatches` has them. What does not fill a
 * part's last batch waits for the next part, so that there are no more batches than without parts.
 *
 * @param parts row indices
 */
export function orderedBatches(
  lengths: readonly number[],
  batchSize: number,
  seed: number,
  epoch: number,
  parts: readonly (readonly number[])[],
): number[][] {
  let waiting: readonly number[] = [];
  return parts.flatMap((part, index) => {
    const rows = [...waiting, ...part];
    const whole = index === parts.length - 1 ? rows.length : rows.length - (rows.length % batchSize);
    const order = whole === rows.length ? rows : shuffled(rows, randomStream(seed, 'parts', epoch, index));
    waiting = order.slice(whole);
    return epochBatches(lengths, batchSize, seed, epoch, order.slice(0, whole));
  });
}

/**
 * Rows in batches, in order. Copies of a row go to different batches, as long as there are other rows: beside each other
 * by their length, they would fill whole batches with a single row.
 */
function dealt(rows: readonly number[], batchSize: number): number[][] {
  const batches: number[][] = [];
  let rest = rows;
  while (rest.length > 0) {
    const batch = new Set<number>();
    const later: number[] = [];
    for (const row of rest)
      if (batch.size < batchSize && !batch.has(row)) batch.add(row);
      else later.push(row);
    batches.push([...batch, ...later.splice(0, batchSize - batch.size)]);
    rest = later;
  }
  return batches;
}
