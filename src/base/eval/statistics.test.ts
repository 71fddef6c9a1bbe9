import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { randomStream } from '../core/random.ts';
import type { Prediction } from '../core/types.ts';
import { bootstrapIntervals, pairedBootstrap, quantile } from './bootstrap.ts';
import { codeRows } from './codedRows.ts';
import { mcnemarOf, mcnemarTest } from './significance.ts';

const fixture = z
  .object({
    mcnemar: z.array(
      z.object({
        b: z.number(),
        c: z.number(),
        method: z.enum(['exact', 'chi_square']),
        statistic: z.number().nullable(),
        p: z.number(),
      }),
    ),
    quantiles: z.object({ values: z.array(z.number()), shares: z.array(z.number()), expected: z.array(z.number()) }),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../test/fixtures/metrics.json', import.meta.url), 'utf8')));

const labelSet = { labels: ['none', 'a', 'b'], noRelation: 'none' };
const n = 400;
const gold = Array.from({ length: n }, (_, row) => labelSet.labels[row % 3]!);

/** Predictions that are right with probability `skill`, else a drawn label; probabilities favour the predicted label. */
function system(skill: number, seed: number) {
  const stream = randomStream(seed, 'system');
  const predictions = gold.map((label, row): Prediction => {
    const drawn = labelSet.labels[Math.floor(stream.uniform(3 * row) * 3)]!;
    const predicted = stream.uniform(3 * row + 1) < skill ? label : drawn;
    const sure = 0.4 + 0.5 * stream.uniform(3 * row + 2);
    const probabilities = labelSet.labels.map((name) => (name === predicted ? sure : (1 - sure) / 2));
    return { guid: `row-${row}`, predicted, probabilities };
  });
  return codeRows(gold, predictions, labelSet);
}

test.each(fixture.mcnemar)('McNemar with $b and $c rows agrees with scipy', ({ b, c, method, statistic, p }) => {
  const result = mcnemarOf(b, c);
  expect(result.method).toBe(method);
  if (statistic === null) expect(result.statistic).toBeNull();
  else expect(result.statistic).toBeCloseTo(statistic, 12);
  expect(Math.abs(result.p - p) / p).toBeLessThan(1e-10);
});

test('McNemar counts the rows that one system alone has right', () => {
  const four = ['none', 'a', 'b', 'a'];
  const say = (...labels: string[]) =>
    codeRows(
      four,
      labels.map((predicted, row) => ({ guid: `${row}`, predicted, probabilities: null })),
      labelSet,
    );
  expect(mcnemarTest(say('none', 'a', 'b', 'b'), say('a', 'b', 'b', 'a'))).toEqual({
    only_first_right: 2,
    only_second_right: 1,
    method: 'exact',
    statistic: null,
    p: 1,
  });
});

test('quantiles agree with numpy', () => {
  const { values, shares, expected } = fixture.quantiles;
  for (const [i, share] of shares.entries()) expect(quantile(values, share)).toBeCloseTo(expected[i]!, 12);
});

test('the interval of accuracy has the width of the binomial’s normal approximation', () => {
  const rows = system(0.6, 1);
  const accuracy = rows.gold.filter((label, row) => label === rows.predicted[row]).length / n;
  const halfWidth = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / n);
  const { accuracy: interval } = bootstrapIntervals([rows], { seed: 42, resamples: 4000 });
  expect(interval![0]).toBeCloseTo(accuracy - halfWidth, 2);
  expect(interval![1]).toBeCloseTo(accuracy + halfWidth, 2);
});

test('intervals are the same for the same seed, others for another; the mean of runs varies less than one', () => {
  const [first, second] = [system(0.3, 1), system(0.3, 2)];
  const options = { seed: 42, resamples: 200 };
  const intervals = bootstrapIntervals([first], options);
  expect(bootstrapIntervals([first], options)).toEqual(intervals);
  expect(bootstrapIntervals([first], { ...options, seed: 43 })).not.toEqual(intervals);
  expect(bootstrapIntervals([first, first], options).macro_f1![0]).toBeCloseTo(intervals.macro_f1![0], 12);
  const width = ([low, high]: readonly [number, number]) => high - low;
  expect(width(bootstrapIntervals([first, second], options).accuracy!)).toBeLessThan(width(intervals.accuracy!));
});

test('label-only systems have no interval for AUPRC', () => {
  const rows = { ...system(0.5, 1), rankings: null };
  expect(bootstrapIntervals([rows], { seed: 1, resamples: 10 }).auprc).toBeNull();
});

test('paired bootstrap: a clear difference is significant, none is not, and the order gives the sign', () => {
  const [good, poor, peer] = [system(0.8, 1), system(0.2, 2), system(0.8, 3)];
  const options = { seed: 42, resamples: 500 };
  const clear = pairedBootstrap(good, poor, options);
  expect(clear.p).toBeCloseTo(2 / 501, 12);
  expect(clear.low).toBeGreaterThan(0);
  expect(clear.low).toBeLessThan(clear.difference);
  expect(clear.high).toBeGreaterThan(clear.difference);
  expect(pairedBootstrap(poor, good, options).difference).toBe(-clear.difference);
  expect(pairedBootstrap(good, peer, options).p).toBeGreaterThan(0.05);
  expect(pairedBootstrap(good, good, options)).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
});

test('systems of unequal length cannot be compared', () => {
  const short = codeRows(['a'], [{ guid: '0', predicted: 'a', probabilities: null }], labelSet);
  expect(() => pairedBootstrap(system(0.5, 1), short, { seed: 1 })).toThrow('same rows only; found 400, 1 rows');
});
