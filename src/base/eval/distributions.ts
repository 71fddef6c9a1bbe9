/** Tail probabilities that the significance tests need. */

/**
 * P(X ≤ k) for X ~ Binomial(n, ½).
 *
 * Sums the terms from the largest down, each by the ratio C(n, i−1) / C(n, i) = i / (n − i + 1), so that nothing
 * overflows; the first term's logarithm is a sum of logarithms (n is small where this is used).
 */
export function binomialHalfCdf(k: number, n: number): number {
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
export const chiSquareTail = (x: number): number => (x <= 0 ? 1 : erfc(Math.sqrt(x / 2)));

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
