import { expect, test } from 'vitest';
import type { LossName } from '../../base/core/settings.ts';
import { classWeightsOf } from './classWeights.ts';

/** 60, 30 and 10 rows; the fourth label has none. */
const LABEL_IDS = [60, 30, 10].flatMap((count, label) => new Array<number>(count).fill(label));
const weights = (loss: LossName, effectiveBeta: number | null = null) =>
  classWeightsOf({ loss, effectiveBeta }, LABEL_IDS, 4);

test('cross-entropy and focal loss weigh all labels alike, also those without rows', () => {
  expect(weights('ce')).toEqual([1, 1, 1, 1]);
  expect(weights('focal')).toEqual([1, 1, 1, 1]);
});

test('inverse frequency gives each label the same part in the loss, its square root the way to there', () => {
  expect(weights('weighted')).toEqual([100 / 180, 100 / 90, 100 / 30, 0]);
  expect(weights('sqrt-weighted')).toEqual([100 / 180, 100 / 90, 100 / 30, 0].map(Math.sqrt));
});

test('the effective number of rows, scaled so that the weights add up to the labels there are', () => {
  const raw = [60, 30, 10].map((count) => (1 - 0.9) / (1 - 0.9 ** count));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  for (const [label, weight] of weights('effective', 0.9).entries())
    expect(weight).toBeCloseTo(((raw[label] ?? 0) * 3) / total, 12);
});

test('β = 0 weighs labels alike, β near 1 by inverse frequency', () => {
  expect(weights('effective', 0)).toEqual([1, 1, 1, 0]);
  const [frequent, , rare] = weights('effective', 1 - 1e-9) as [number, number, number, number];
  expect(rare / frequent).toBeCloseTo(6, 4);
});
