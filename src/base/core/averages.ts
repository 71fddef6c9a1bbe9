/** Sums and averages, added up in order, so that figures are the same wherever they are computed. */

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** The arithmetic mean; not a number for no values. */
export const mean = (values: ArrayLike<number>): number => sum(values) / values.length;

/** The sample standard deviation (n − 1 in the denominator); null for fewer than two values. */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}
