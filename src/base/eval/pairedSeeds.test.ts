import { expect, test } from 'vitest';
import { GOLD, LABEL_SET } from '../../../test/support/ablation.ts';
import { randomStream } from '../core/random.ts';
import { pairedBootstrap } from './bootstrap.ts';
import { pairedSeeds, type ResampledRun, resampleRuns } from './pairedSeeds.ts';

const OPTIONS = { seed: 7, resamples: 2000 };

const system = (name: string, skill: number) => {
  const stream = randomStream(3, name);
  const predicted = GOLD.map((label, row) => (stream.uniform(row) < skill ? label : (label + 1) % 4));
  return { labelSet: LABEL_SET, gold: GOLD, predicted, rankings: null };
};

/** A run of whose accuracy only the values on resamples count. */
const run = (observed: number, values: Float64Array): ResampledRun => ({
  observed: { n: 1, accuracy: observed, macro_f1: 0, micro_f1: 0, auprc: null },
  values: { accuracy: values, macro_f1: values, micro_f1: values, auprc: values },
});
const constant = (value: number) => run(value, new Float64Array(OPTIONS.resamples).fill(value));

test('one pair alone is the paired bootstrap over rows', () => {
  const [first, second] = [system('a', 0.6), system('b', 0.5)];
  const [a, b] = resampleRuns([first, second], OPTIONS);
  expect(pairedSeeds([[a!, b!]], 'macro_f1', OPTIONS)).toEqual(pairedBootstrap(first, second, OPTIONS));
  expect(pairedSeeds([[a!, b!]], 'auprc', OPTIONS)).toBeNull();
  expect(pairedSeeds([], 'macro_f1', OPTIONS)).toBeNull();
});

test('seeds that differ widen the interval by their standard error, though rows do not vary at all', () => {
  // 200 differences of ± 0.1: the mean's standard error is 0.1 / √199.
  const pairs = Array.from({ length: 200 }, (_, i) => [constant(i % 2 ? 0.6 : 0.4), constant(0.5)] as const);
  const { low, high } = pairedSeeds(pairs, 'accuracy', OPTIONS)!;
  const ratio = (high - low) / (2 * 1.96 * (0.1 / Math.sqrt(199)));
  expect(Math.abs(ratio - 1)).toBeLessThan(0.07);
});

test('few seeds do not make the spread too small: over 3 it is that of a sample’s mean', () => {
  const values = [0.1, 0.2, 0.6];
  const pairs = values.map((value) => [constant(value), constant(0)] as const);
  const many = { seed: 7, resamples: 20_000 };
  const wide = pairs.map(
    ([first, second]) =>
      [
        run(first.observed.accuracy, new Float64Array(many.resamples).fill(first.observed.accuracy)),
        run(0, new Float64Array(many.resamples).fill(second.observed.accuracy)),
      ] as const,
  );
  const { difference, low, high } = pairedSeeds(wide, 'accuracy', many)!;
  expect(difference).toBeCloseTo(0.3, 9);
  // The widest draws are the same seed three times, each of 1 in 27: the mean ± √1.5 times its distance.
  expect(low).toBeCloseTo(0.3 - Math.sqrt(1.5) * 0.2, 9);
  expect(high).toBeCloseTo(0.3 + Math.sqrt(1.5) * 0.3, 9);
});
