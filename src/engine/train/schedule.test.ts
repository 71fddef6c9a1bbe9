import { expect, test } from 'vitest';
import { learningRate } from './schedule.ts';

const rates = (schedule: 'linear' | 'cosine' | 'constant', warmup = 0.2) =>
  Array.from({ length: 10 }, (_, step) => learningRate(step, { peak: 1, steps: 10, warmup, schedule }));

// transformers 5.23: get_linear_schedule_with_warmup and get_cosine_schedule_with_warmup, 2 of 10 steps of warm-up.
test('linear and cosine fall as in transformers', () => {
  expect(rates('linear')).toEqual([0, 0.5, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]);
  const cosine = [0, 0.5, 1, 0.96194, 0.853553, 0.691342, 0.5, 0.308658, 0.146447, 0.03806];
  for (const [step, rate] of rates('cosine').entries()) expect(rate).toBeCloseTo(cosine[step]!, 5);
});

test('constant stays, and without warm-up the first step has the peak rate', () => {
  expect(rates('constant')).toEqual([0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(rates('linear', 0)[0]).toBe(1);
});
