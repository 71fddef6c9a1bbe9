import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BaselineFile, baselineFile } from '../stages/baselines.ts';
import { type ComparisonFile, comparisonFile } from '../stages/comparison/schema.ts';
import { reportFrame } from './frame.ts';
import { reportBody, withContents } from './reportStage.ts';

const metrics = (accuracy: number, macro_f1: number, auprc: number | null = null) => ({
  n: 400,
  accuracy,
  macro_f1,
  micro_f1: macro_f1,
  auprc,
});
const system = (name: string, accuracy: number, macro_f1: number, difference: number | null) => ({
  system: name,
  metrics: metrics(accuracy, macro_f1, difference === null ? 0.5 : null),
  intervals: { accuracy: [0.1, 0.9] as const, macro_f1: null, micro_f1: null, auprc: null },
  against:
    difference === null
      ? null
      : {
          mcnemar: { only_first_right: 9, only_second_right: 1, method: 'exact' as const, statistic: null, p: 0.02 },
          macro_f1: { difference, low: difference - 0.1, high: difference + 0.1, p: difference < 0.1 ? 0.4 : 0.001 },
        },
});
const BASELINES: BaselineFile = {
  dataset: { name: 'made-up', digest: 'd', train_rows: 1200, test_rows: 400, labels: 2 },
  majority: { label: 'no_relation', is_no_relation: true, train_share: 0.3, test_share: 0.6 },
  systems: [],
};
const COMPARISON: ComparisonFile = {
  dataset: { name: 'made-up', digest: 'd', test_rows: 400 },
  reference: 'baseline',
  before: 'untrained',
  bootstrap: { resamples: 1000, level: 0.95, seed: 42 },
  random_seeds: [42],
  missing: [],
  systems: [
    system('majority', 0.6, 0.0251, 0.4),
    system('untrained', 0.02, 0.01, 0.41),
    system('frozen', 0.5, 0.3, 0.12),
    system('baseline', 0.7, 0.42, null),
    system('weighted', 0.65, 0.45, -0.03),
  ],
  prediction_spread: [
    {
      system: 'majority',
      top: [{ label: 'no_relation', share: 1, gold_share: 0.6 }],
      labels_predicted: 1,
      accuracy: 0.6,
      blind_accuracy: 0.6,
    },
  ],
  classes: [
    { label: 'no_relation', support: 240, f1: { untrained: 0.1, baseline: 0.8 } },
    { label: 'per:title', support: 160, f1: { untrained: 0, baseline: 0 } },
  ],
  improvement: null,
  experiments: [],
};

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-frame-'));
  await baselineFile.write(out, BASELINES);
  await comparisonFile.write(out, COMPARISON);
});
afterAll(() => rm(out, { recursive: true }));

const SECTIONS = ['## 1. 탐색 (EDA)\n\n### 목적\n\n본다.\n', '## 2. `[E1]` 구성\n\n### 목적\n\n만든다.\n'];

test.each(['ko', 'en'] as const)('summary, contents and conclusion come from the files (%s)', async (lang) => {
  const frame = await reportFrame(out, lang);
  expect(withContents(reportBody(frame, SECTIONS), frame.contents)).toMatchSnapshot();
});

test('the contents lead to every section, also with code or punctuation in its title', () => {
  const frame = { title: 'T', contents: 'Contents', summary: '## Summary', conclusion: '## Conclusion' };
  const text = withContents(reportBody(frame, SECTIONS), frame.contents);
  expect([...text.matchAll(/^- \[(.*)\]\((.*)\)$/gm)].map(([, title, target]) => [title, target])).toEqual([
    ['Summary', '#summary'],
    ['1. 탐색 (EDA)', '#1-탐색-eda'],
    ['2. [E1] 구성', '#2-e1-구성'],
    ['Conclusion', '#conclusion'],
  ]);
});
