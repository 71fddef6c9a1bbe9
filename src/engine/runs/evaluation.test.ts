import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabelledExample, Prediction } from '../../base/core/types.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { readPredictions, writeEvaluation } from './evaluation.ts';

const labelSet = { labels: ['no_relation', 'per:spouse', 'org:founded_by'], noRelation: 'no_relation' };
const gold = ['no_relation', 'per:spouse', 'org:founded_by', 'no_relation', 'per:spouse'];
const examples = gold.map(
  (label, row): LabelledExample => ({
    guid: `row-${row}`,
    sentence: `하늘, "바다"와 산 ${row}`,
    subject: { word: '하늘', start: 0, end: 1, type: 'PER' },
    object: { word: '바다', start: 5, end: 6, type: null },
    label,
    source: null,
  }),
);
const say = (row: number, predicted: string, ...probabilities: number[]): Prediction => ({
  guid: `row-${row}`,
  predicted,
  probabilities,
});
const predictions = [
  say(0, 'no_relation', 0.8, 0.15, 0.05),
  say(1, 'no_relation', 0.5, 0.3, 0.2),
  say(2, 'no_relation', 0.7, 0.1, 0.2),
  say(3, 'no_relation', 1 / 3 + 1e-12, 1 / 3, 1 / 3),
  say(4, 'per:spouse', 0.1, 0.9, 0),
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-run-'));
  await writeEvaluation(folder, { examples, predictions, labelSet, seed: 42, validation: null, facts: { epochs: 3 } });
});
afterAll(() => rm(folder, { recursive: true }));

const text = (name: string) => readFile(join(folder, name), 'utf8');
const table = async (name: string): Promise<string[][]> => parse(await text(name));

test('the summary holds figures, intervals, confusions and the trainer’s facts', async () => {
  const summary = JSON.parse(await text('metrics_summary.json'));
  expect(summary.metrics).toMatchObject({ n: 5, accuracy: 0.6 });
  expect(summary.intervals.accuracy).toHaveLength(2);
  expect(summary).toMatchObject({ validation: null, errors: 2, epochs: 3 });
  expect(summary.bootstrap).toEqual({ resamples: 1000, level: 0.95, seed: 42 });
  expect(summary.top_confusions).toEqual([
    { gold: 'per:spouse', predicted: 'no_relation', count: 1, share: 0.5 },
    { gold: 'org:founded_by', predicted: 'no_relation', count: 1, share: 1 },
  ]);
});

test('written predictions come back in the order asked for and give the same figures', async () => {
  const back = await readPredictions(folder, { examples: [...examples].reverse(), labelSet });
  expect(back.map(({ guid }) => guid)).toEqual(['row-4', 'row-3', 'row-2', 'row-1', 'row-0']);
  const summary = JSON.parse(await text('metrics_summary.json'));
  expect(computeMetrics(gold, back.reverse(), labelSet)).toEqual(summary.metrics);
});

test('predictions of other rows are refused with their guids', async () => {
  const others = examples.map((example) => ({ ...example, guid: example.guid.replace('row-4', 'row-9') }));
  await expect(readPredictions(folder, { examples: others, labelSet })).rejects.toThrow(
    'guid "row-9" of the gold rows has no prediction',
  );
});

test('the per-class report has a row for each label', async () => {
  expect(await table('per_class_report.csv')).toEqual([
    ['label', 'precision', 'recall', 'f1', 'auprc', 'support', 'predicted'],
    ['no_relation', '0.5', '1', '0.666667', '0.708333', '2', '4'],
    ['per:spouse', '1', '0.5', '0.666667', '0.791667', '2', '1'],
    ['org:founded_by', '0', '0', '0', '0.166667', '1', '0'],
  ]);
});

test('confusion matrices: counts, and shares of the gold label', async () => {
  expect((await table('confusion_matrix.csv'))[2]).toEqual(['per:spouse', '1', '1', '0']);
  expect((await table('confusion_matrix_normalized.csv'))[2]).toEqual(['per:spouse', '0.5', '0.5', '0']);
  for (const name of ['confusion_matrix', 'confusion_matrix.en', 'confusion_matrix_normalized'])
    expect(await text(`${name}.svg`)).toContain('per:spouse');
});

test('error samples: the most confident mistake first, with runner-up and probabilities', async () => {
  expect(await table('error_samples.csv')).toEqual([
    ['guid', 'sentence', 'subject', 'subject_type', 'subject_start', 'object', 'object_type', 'object_start'].concat([
      'gold',
      'predicted',
      'confidence',
      'runner_up',
      'p_gold',
      'p_runner_up',
    ]),
    ['row-2', '하늘, "바다"와 산 2', '하늘', 'PER', '0', '바다', '', '5'].concat([
      'org:founded_by',
      'no_relation',
      '0.7',
      'org:founded_by',
      '0.2',
      '0.2',
    ]),
    ['row-1', '하늘, "바다"와 산 1', '하늘', 'PER', '0', '바다', '', '5'].concat([
      'per:spouse',
      'no_relation',
      '0.5',
      'per:spouse',
      '0.3',
      '0.3',
    ]),
  ]);
});

test('the same input writes the same bytes', async () => {
  const again = await mkdtemp(join(tmpdir(), 'korex-run-'));
  await writeEvaluation(again, { examples, predictions, labelSet, seed: 42, validation: null, facts: { epochs: 3 } });
  for (const name of ['metrics_summary.json', 'predictions.jsonl', 'confusion_matrix.svg'])
    expect(await readFile(join(again, name), 'utf8')).toBe(await text(name));
  await rm(again, { recursive: true });
});
