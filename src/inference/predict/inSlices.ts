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
