import type { Interval } from './bootstrap.ts';

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's 95 % interval of a proportion, which stays within [0, 1] and holds for few rows too.
 * Source: Wilson 1927, Journal of the American Statistical Association 22. [0, 1] without rows.
 */
export function wilsonInterval(right: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const share = right / n;
  const centre = share + Z ** 2 / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  const scale = 1 + Z ** 2 / n;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

/**
 * Fisher's exact test of whether two proportions differ: `right` of `n` rows against `otherRight` of `otherN`. Two-sided:
 * the probability, with the margins given, of all tables that are no more probable than the one found. 1 where a side has
 * no rows.
 */
export function fisherExact(right: number, n: number, otherRight: number, otherN: number): number {
  if (n === 0 || otherN === 0) return 1;
  const all = right + otherRight;
  const first = Math.max(0, all - otherN);
  const last = Math.min(n, all);
  // Hypergeometric terms by the ratio of neighbours, as logarithms, relative to the first.
  const logs = [0];
  for (let k = first; k < last; k++)
    logs.push(logs.at(-1)! + Math.log(((n - k) * (all - k)) / ((k + 1) * (otherN - all + k + 1))));
  const largest = logs.reduce((a, b) => Math.max(a, b));
  const terms = logs.map((log) => Math.exp(log - largest));
  const total = terms.reduce((sum, term) => sum + term, 0);
  const found = terms[right - first]!;
  // A hair of slack, so that equally probable tables count whatever way their logarithms were rounded.
  const extreme = terms.reduce((sum, term) => (term <= found * (1 + 1e-9) ? sum + term : sum), 0);
  return Math.min(1, extreme / total);
}
