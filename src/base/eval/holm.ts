/**
 * p values corrected for `tests` tests (Holm 1979): the k-th smallest of them times `tests` − k + 1, never below the ones
 * before it, at most 1. Under it the chance of one false finding or more among all tests stays below the level that the
 * corrected values are held against.
 *
 * @param tests how many tests there are in all, those included whose p is not known yet; they count as 1
 */
export function holm(pValues: readonly number[], tests = pValues.length): number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const corrected = new Array<number>(pValues.length);
  let floor = 0;
  for (const [rank, index] of order.entries()) {
    floor = Math.min(1, Math.max(floor, pValues[index]! * (tests - rank)));
    corrected[index] = floor;
  }
  return corrected;
}
