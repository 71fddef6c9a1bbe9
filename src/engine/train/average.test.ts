import { expect, test } from 'vitest';
import { averageOf, decayAt } from './average.ts';

test('the decay is low at first and never above what was asked for', () => {
  expect(decayAt(0.999, 1)).toBe(2 / 11);
  expect(decayAt(0.999, 90)).toBe(0.91);
  expect(decayAt(0.999, 1e6)).toBe(0.999);
  expect(decayAt(0.5, 20)).toBe(0.5);
});

test('an average goes to the trained weights by the rest of the decay', () => {
  const tuning = (...values: number[]) => ({ trainedWeights: new Map([['w', Float32Array.from(values)]]) });
  const [trained, averaged] = [tuning(5, 2), tuning(0, 2)];
  const average = averageOf(0.9, trained, averaged);
  average.add(1);
  const [w] = [...averaged.trainedWeights.values()] as [Float32Array];
  // 2/11 of 0 and 9/11 of 5.
  expect(w[0]).toBeCloseTo(45 / 11, 5);
  expect(w[1]).toBe(2);
  trained.trainedWeights.get('w')![0] = 10;
  average.add(1_000_000);
  expect(w[0]).toBeCloseTo(0.9 * (45 / 11) + 1, 5);
});
