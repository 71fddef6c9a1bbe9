import { failure } from '../core/errors.ts';
import type { CodedRows } from './codedRows.ts';
import { binomialHalfCdf, chiSquareTail } from './distributions.ts';

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
    throw failure(`McNemar's test needs the same rows; found ${first.gold.length} and ${second.gold.length}.`);
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
