import { expect, test } from 'vitest';
import { randomStream } from '../../base/core/random.ts';
import type { LabelledExample } from '../../base/core/types.ts';
import { softmax } from '../../base/eval/softmax.ts';
import { calibrationSchema } from '../../engine/runs/calibration.ts';
import {
  bestThreshold,
  chowRisk,
  fitCalibration,
  fitTemperature,
  fitThresholds,
  MIN_SUPPORT,
  meanNll,
} from './fitCalibration.ts';
import { estimatePriors } from './priors.ts';

const labels = ['no_relation', 'a', 'b'];
const labelSet = { labels, noRelation: 'no_relation' };

/** Numbers in [0, 1), the same for the same seed. */
function drawsOf(seed: number): () => number {
  const stream = randomStream(seed);
  let count = 0;
  return () => stream.uniform(count++);
}

/** Rows whose labels are drawn from the softmax of their logits: calibrated at temperature 1. */
function drawn(rows: number, seed: number, bias: readonly number[] = [0, 0, 0]) {
  const random = drawsOf(seed);
  const logits = Array.from({ length: rows }, () => bias.map((shift) => shift + 4 * random() - 2));
  const labelIds = logits.map((row) => {
    let left = random();
    return Math.max(
      0,
      softmax(row).findIndex((p) => {
        left -= p;
        return left < 0;
      }),
    );
  });
  return { logits, labelIds };
}

const example = (label: string, types: readonly [string, string] | null, row: number): LabelledExample => ({
  guid: `row-${row}`,
  sentence: '가나',
  subject: { word: '가', start: 0, end: 0, type: types?.[0] ?? null },
  object: { word: '나', start: 1, end: 1, type: types?.[1] ?? null },
  label,
  source: null,
});

test('the temperature undoes what logits were multiplied with', () => {
  const { logits, labelIds } = drawn(3000, 1);
  const own = fitTemperature(logits, labelIds);
  expect(own).toBeGreaterThan(0.9);
  expect(own).toBeLessThan(1.1);
  const sharp = logits.map((row) => row.map((value) => 3 * value));
  expect(fitTemperature(sharp, labelIds)).toBeCloseTo(3 * own, 3);
  for (const other of [0.8, 0.99, 1.01, 1.25])
    expect(meanNll(logits, labelIds, own)).toBeLessThan(meanNll(logits, labelIds, own * other));
});

test('a fitted calibration lowers the likelihood loss of an overconfident model and says what the loss saw', () => {
  const { logits, labelIds } = drawn(1200, 2);
  const rows = labelIds.map((id, row) => example(labels[id]!, null, row));
  const fitted = fitCalibration({
    labelSet,
    training: [example('a', null, 0), example('a', null, 1), example('b', null, 2)],
    rowWeights: [0, 0.75, 1.5],
    validation: rows,
    logits: logits.map((row) => row.map((value) => 4 * value)),
  });
  expect(calibrationSchema.parse(fitted)).toEqual(fitted);
  expect(fitted.after.nll).toBeLessThan(fitted.before.nll);
  expect(fitted.after.ece).toBeLessThan(fitted.before.ece / 2);
  expect(fitted.training.priors).toEqual({ no_relation: 0, a: 0.5, b: 0.5 });
  expect(fitted.training.type_pairs).toBeNull();
  expect(fitted.type_mask).toBeNull();
});

test('the type mask is chosen by what it does to validation rows', () => {
  const pair = ['PER', 'ORG'] as const;
  const training = [example('a', pair, 0), example('no_relation', pair, 1)];
  const fittedOn = (gold: readonly string[]) =>
    fitCalibration({
      labelSet,
      training,
      rowWeights: [1, 1, 1],
      validation: gold.map((label, row) => example(label, pair, row)),
      // The model says b, which the pair never had; a comes second.
      logits: gold.map(() => [0, 1, 2]),
    });
  const helps = fittedOn(['a', 'a', 'no_relation']);
  expect(helps.training.type_pairs).toEqual([{ subject: 'PER', object: 'ORG', relations: ['no_relation', 'a'] }]);
  expect(helps.type_mask).toMatchObject({ use: true, without: { accuracy: 0 }, with: { accuracy: 2 / 3 } });
  expect(fittedOn(['b', 'b', 'a']).type_mask).toMatchObject({ use: false });
});

test('thresholds: answers are given where they are more often right than wrong', () => {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const confidence = (i % 20) / 20 + 0.02;
    return { relation: 'a', confidence, isRight: confidence > 0.7 };
  });
  expect(bestThreshold(rows)).toBeCloseTo(0.7, 12);
  expect(bestThreshold([])).toBe(0.5);
  expect(chowRisk(rows, 1)).toBe(0.5);
  // An answer at the threshold is given.
  expect(chowRisk([{ confidence: 0.6, isRight: false }], 0.6)).toBe(1);
});

test('a relation has a threshold of its own only with support and where it gains', () => {
  const random = drawsOf(3);
  const of = (relation: string, count: number, limit: number) =>
    Array.from({ length: count }, () => {
      const confidence = random();
      return { relation, confidence, isRight: confidence > limit };
    });
  const fitted = fitThresholds([...of('a', 300, 0.4), ...of('b', 100, 0.8), ...of('c', 10, 0.9)]);
  expect(fitted.default).toBeCloseTo(0.4, 1);
  expect(Object.keys(fitted.per_relation)).toEqual(['b']);
  expect(fitted.per_relation.b).toBeCloseTo(0.8, 1);
  const withSupport = (count: number) => fitThresholds([...of('a', 300, 0.4), ...of('b', 100, 0.8).slice(0, count)]);
  expect(Object.keys(withSupport(MIN_SUPPORT - 1).per_relation)).toEqual([]);
  expect(Object.keys(withSupport(MIN_SUPPORT).per_relation)).toEqual(['b']);
});

test('EM finds the priors of rows whose labels it never sees', () => {
  // Trained on even classes; of the rows to come, most are of the first.
  const random = drawsOf(4);
  const truth = [0.7, 0.2, 0.1];
  const probabilities = Array.from({ length: 4000 }, () => {
    const draw = random();
    const label = draw < 0.7 ? 0 : draw < 0.9 ? 1 : 2;
    // One observation with a likelihood ratio of 4 to 1 for its own class, now and then a wrong one.
    const shown = random() < 2 / 3 ? label : (label + 1 + Math.floor(2 * random())) % 3;
    return labels.map((_, id) => (id === shown ? 4 / 6 : 1 / 6));
  });
  const even = { no_relation: 1 / 3, a: 1 / 3, b: 1 / 3 };
  const found = estimatePriors(probabilities, labels, even);
  for (const [id, label] of labels.entries()) expect(Math.abs(found[label]! - truth[id]!)).toBeLessThan(0.04);
  expect(estimatePriors([], labels, even)).toEqual(even);
});
