import { randomStream, shuffled } from '../core/random.ts';

/** Batches of this many times the batch size are sorted by length at a time, as transformers' `group_by_length` does. */
const MEGA_BATCHES = 50;

/**
 * The batches of an epoch as row indices: rows in random order, grouped so that a batch's rows are of similar length and
 * little is padded, the batches in random order again. The last batch may be smaller. The same arguments give the same
 * batches.
 *
 * @param lengths of all rows
 * @param rows those of the epoch, all of them once without it
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
    for (let at = 0; at < sorted.length; at += batchSize) batches.push(sorted.slice(at, at + batchSize));
  }
  return shuffled(batches, randomStream(seed, 'batches', epoch));
}
