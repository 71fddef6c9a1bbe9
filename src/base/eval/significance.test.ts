import { expect, test } from 'vitest';
import { fisherExact, wilsonInterval } from './significance.ts';

test('Wilson’s interval', () => {
  // statsmodels.stats.proportion.proportion_confint(8, 10, method='wilson')
  const [low, high] = wilsonInterval(8, 10);
  expect(low).toBeCloseTo(0.490162, 5);
  expect(high).toBeCloseTo(0.943318, 5);
  expect(wilsonInterval(0, 5)[0]).toBe(0);
  expect(wilsonInterval(5, 5)[1]).toBe(1);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('Fisher’s exact test', () => {
  // The lady tasting tea (3 of 4 against 1 of 4): 34/70.
  expect(fisherExact(3, 4, 1, 4)).toBeCloseTo(34 / 70, 12);
  // scipy.stats.fisher_exact([[8, 2], [1, 5]])
  expect(fisherExact(8, 10, 1, 6)).toBeCloseTo(0.0349650349, 9);
  expect(fisherExact(5, 10, 50, 100)).toBe(1);
  expect(fisherExact(3, 3, 0, 0)).toBe(1);
  expect(fisherExact(900, 1000, 15_000, 30_000)).toBeLessThan(1e-100);
});
