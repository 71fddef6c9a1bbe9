/** Tests and intervals that need no resampling: McNemar, Fisher, Holm's correction, Wilson's interval. */

import { sum } from '../core/averages.ts';
import { failure } from '../core/errors.ts';
import type { Interval } from './bootstrap.ts';
import type { CodedRows } from './codedRows.ts';

export interface McNemar {
  /** Rows that only the first system has right, and only the second. */
  readonly only_first_right: number;
  readonly only_second_right: number;
  readonly method: 'exact' | 'chi_square';
  /** χ² with continuity correction; null for the exact test. */
  readonly statistic: number | null;
  /** Two-sided. */
  readonly p: number;
}

/** From this many rows on that one system alone has right, the χ² approximation is used. */
const CHI_SQUARE_FROM = 25;

/**
 * McNemar's test of whether two systems differ in accuracy on the same rows.
 *
 * Only rows count that exactly one of them has right: b and c. Where b + c < 25, twice the smaller tail of
 * Binomial(b + c, ½), at most 1; else χ² = max(0, |b − c| − 1)² / (b + c) with one degree of freedom (Edwards' continuity
 * correction). Source: McNemar 1947, Psychometrika 12; Edwards 1948, Psychometrika 13; Dietterich 1998,
 * Neural Computation 10.
 */
export function mcnemarTest(first: CodedRows, second: CodedRows): McNemar {
  if (first.gold.length !== second.gold.length)
    throw failure({
      en: `McNemar's test needs the same rows; found ${first.gold.length} and ${second.gold.length}.`,
      ko: `맥니마 검정은 같은 행에만 쓸 수 있는데, 행 수가 ${first.gold.length}개와 ${second.gold.length}개이다.`,
    });
  let b = 0;
  let c = 0;
  for (let row = 0; row < first.gold.length; row++) {
    const firstRight = first.predicted[row] === first.gold[row];
    const secondRight = second.predicted[row] === second.gold[row];
    if (firstRight && !secondRight) b++;
    if (secondRight && !firstRight) c++;
  }
  return mcnemarOf(b, c);
}

/** The test for counts already made: b rows only the first has right, c only the second. */
export function mcnemarOf(b: number, c: number): McNemar {
  const counts = { only_first_right: b, only_second_right: c };
  if (b + c < CHI_SQUARE_FROM) {
    const p = Math.min(1, 2 * binomialHalfCdf(Math.min(b, c), b + c));
    return { ...counts, method: 'exact', statistic: null, p };
  }
  const statistic = Math.max(0, Math.abs(b - c) - 1) ** 2 / (b + c);
  return { ...counts, method: 'chi_square', statistic, p: chiSquareTail(statistic) };
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
  const total = sum(terms);
  const found = terms[right - first]!;
  // A hair of slack, so that equally probable tables count whatever way their logarithms were rounded.
  const extreme = terms.reduce((sum, term) => (term <= found * (1 + 1e-9) ? sum + term : sum), 0);
  return Math.min(1, extreme / total);
}

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
 * P(X ≤ k) for X ~ Binomial(n, ½).
 *
 * Sums the terms from the largest down, each by the ratio C(n, i−1) / C(n, i) = i / (n − i + 1), so that nothing
 * overflows; the first term's logarithm is a sum of logarithms (n is small where this is used).
 */
function binomialHalfCdf(k: number, n: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  let logTerm = -n * Math.LN2;
  for (let i = 1; i <= k; i++) logTerm += Math.log((n - i + 1) / i);
  let term = Math.exp(logTerm);
  let total = 0;
  for (let i = k; i >= 0; i--) {
    total += term;
    term *= i / (n - i + 1);
  }
  return Math.min(1, total);
}

/** P(X ≥ x) for X ~ χ² with one degree of freedom: erfc(√(x/2)). */
const chiSquareTail = (x: number): number => (x <= 0 ? 1 : erfc(Math.sqrt(x / 2)));

/**
 * Complementary error function for x ≥ 0, relative error below 1e-12.
 *
 * Below 2 the series erf x = (2/√π) e^{−x²} Σ 2ⁿ x^{2n+1} / (1·3·…·(2n+1)); from 2 on the continued fraction
 * √π e^{x²} erfc x = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))). Source: Abramowitz and Stegun, 7.1.6 and 7.1.14.
 */
function erfc(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x >= 2) {
    let tail = x;
    for (let n = 100; n >= 1; n--) tail = x + n / 2 / tail;
    return scale / tail;
  }
  let term = x;
  let total = x;
  for (let n = 1; term > total * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return 1 - 2 * scale * total;
}
