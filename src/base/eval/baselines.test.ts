import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { lacksFolder } from '../../../test/support/needs.ts';
import type { LabelledExample } from '../core/types.ts';
import { KLUE_LABELS } from '../data/relations.ts';
import { baselinePredictions, majorityLabel, runBaselines } from './baselines.ts';

const entity = { word: '가', start: 0, end: 0, type: 'PER' };
const rowsOf = (...labels: string[]): LabelledExample[] =>
  labels.map((label, row) => ({
    guid: `row-${row}`,
    sentence: '가 나',
    subject: entity,
    object: { ...entity, word: '나', start: 2, end: 2 },
    label,
    source: null,
  }));

const labelSet = { labels: ['none', 'a', 'b', 'c'], noRelation: 'none' };
const repeat = (label: string, count: number) => Array.from({ length: count }, () => label);
const rows = {
  train: rowsOf(...repeat('none', 2), ...repeat('a', 6), ...repeat('b', 2)),
  test: rowsOf(...repeat('none', 500), ...repeat('a', 300), ...repeat('b', 100), ...repeat('c', 100)),
  labelSet,
};
const seeds = Array.from({ length: 10 }, (_, i) => 42 + i);

test('the majority label comes from training rows, a tie from the label order', () => {
  expect(majorityLabel(rows.train, labelSet)).toBe('a');
  expect(majorityLabel(rowsOf('b', 'a', 'a', 'b'), labelSet)).toBe('a');
});

test('the majority baseline is right where the gold label is its own, and needs no seed', () => {
  const [majority] = runBaselines(rows, seeds);
  expect(majority!.metrics).toMatchObject({ n: 1000, accuracy: 0.3, auprc: null });
  // F1 of its label: precision 0.3, recall 1; the other three labels score 0.
  expect(majority!.metrics.macro_f1).toBeCloseTo((2 * 0.3) / 1.3 / 4, 12);
  expect(majority!.expected_accuracy).toBe(0.3);
  expect(majority!.runs).toHaveLength(1);
  expect(majority!.deviation).toEqual({ accuracy: 0, macro_f1: 0, micro_f1: 0 });
});

test('random baselines meet their exact expectation within the error of ten seeds', () => {
  const [, uniform, weighted] = runBaselines(rows, seeds);
  expect(uniform!.expected_accuracy).toBe(0.25);
  expect(weighted!.expected_accuracy).toBeCloseTo(0.2 * 0.5 + 0.6 * 0.3 + 0.2 * 0.1, 12);
  for (const { metrics, expected_accuracy, runs, deviation } of [uniform!, weighted!]) {
    expect(runs.map(({ seed }) => seed)).toEqual(seeds);
    const error = Math.sqrt((expected_accuracy * (1 - expected_accuracy)) / (10 * 1000));
    expect(Math.abs(metrics.accuracy - expected_accuracy)).toBeLessThan(3 * error);
    expect(deviation.accuracy).toBeGreaterThan(0.3 * error * Math.sqrt(10));
    expect(deviation.accuracy).toBeLessThan(3 * error * Math.sqrt(10));
  }
});

test('a seed decides the draws; weighted draws never say a label that training lacks', () => {
  const say = (seed: number) => baselinePredictions('random_weighted', rows, seed).map(({ predicted }) => predicted);
  expect(say(1)).toEqual(say(1));
  expect(say(1)).not.toEqual(say(2));
  expect(new Set(say(1))).toEqual(new Set(['none', 'a', 'b']));
});

const klue = process.env.KOREX_KLUE_DIR;
const officialLabels = (file: string): LabelledExample[] => {
  const text = readFileSync(join(klue!, `klue-re-v1.1_${file}.json`), 'utf8');
  const parsed = z.array(z.object({ label: z.string() })).parse(JSON.parse(text));
  return rowsOf(...parsed.map(({ label }) => label));
};

test.skipIf(lacksFolder('KOREX_KLUE_DIR'))('official rows (KOREX_KLUE_DIR): majority and expected accuracies', () => {
  const official = {
    train: officialLabels('train'),
    test: officialLabels('dev'),
    labelSet: { labels: KLUE_LABELS, noRelation: 'no_relation' },
  };
  const [majority, uniform, weighted] = runBaselines(official, seeds);
  expect(majority!.metrics.accuracy).toBeCloseTo(0.6024, 4);
  expect(majority!.metrics.macro_f1).toBeCloseTo(0.0251, 4);
  expect(majority!.metrics.micro_f1).toBe(0);
  expect(uniform!.expected_accuracy).toBeCloseTo(1 / 30, 12);
  expect(weighted!.expected_accuracy).toBeCloseTo(0.1988, 4);
  expect(weighted!.metrics.accuracy).toBeCloseTo(0.1988, 2);
});
