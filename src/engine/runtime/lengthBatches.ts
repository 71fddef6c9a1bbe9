/** What a batch may hold: rows, and tokens with padding. */
export interface BatchLimits {
  readonly rows: number;
  readonly tokens: number;
}

/**
 * Row indices in batches of similar length, so that little is padded: rows by length, as many in a batch as the limits
 * allow, at least one. The same lengths give the same batches.
 */
export function lengthBatches(lengths: readonly number[], limits: BatchLimits): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const row of order) {
    const isFull = batch.length === limits.rows || (batch.length + 1) * lengths[row]! > limits.tokens;
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
    }
    batch.push(row);
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
