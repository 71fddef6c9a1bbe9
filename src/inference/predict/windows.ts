/** How many rows are worked on at once: windows of a stream, and slices of work that must not block others. */

/**
 * Rows of a stream that are answered together: enough that sorting them by length leaves nearly no padding, few enough to
 * hold in memory.
 */
export const WINDOW = 1024;

/** Where a stream of rows begins, and what stops it. */
export interface WindowOptions {
  /** Leaves out so many rows at the beginning. */
  readonly skip?: number;
  readonly signal?: AbortSignal;
}

/**
 * Rows of any number as windows of `WINDOW`, the last one shorter. Nothing is read ahead of the window at hand.
 *
 * Errors: the signal's reason, at the next row.
 */
export async function* windowsOf<Row>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  { skip = 0, signal }: WindowOptions = {},
): AsyncGenerator<readonly Row[]> {
  let count = 0;
  let window: Row[] = [];
  for await (const row of rows) {
    signal?.throwIfAborted();
    if (++count <= skip) continue;
    window.push(row);
    if (window.length < WINDOW) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}

/** How long other work waits at most. */
const SLICE_MS = 20;

/**
 * Maps items in their order, and lets other work through now and then: what takes seconds altogether must not keep a
 * server, or a page, from answering meanwhile.
 *
 * Errors: the signal's reason, and what `work` throws.
 */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Result,
  signal?: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (const [index, item] of items.entries()) {
    if (performance.now() - began > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      began = performance.now();
    }
    results.push(work(item, index));
  }
  return results;
}
