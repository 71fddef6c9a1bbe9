import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeJson } from '../src/base/core/files.ts';
import { randomStream } from '../src/base/core/random.ts';
import { lineIn, silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import type { Dataset, LabelledExample, Prediction } from '../src/base/core/types.ts';
import { writeEvaluation } from '../src/engine/runs/evaluation.ts';
import { baselineSection } from '../src/study/report/sections/baselines.ts';
import { comparisonSection } from '../src/study/report/sections/comparison.ts';
import { improvementSection } from '../src/study/report/sections/improvement.ts';
import { baselineFile, baselineStage } from '../src/study/stages/baselines.ts';
import { comparisonFile } from '../src/study/stages/comparison/schema.ts';
import { compareStage } from '../src/study/stages/comparison.ts';
import type { StageContext } from '../src/study/stages/stage.ts';
import { someResults } from './support/ablation.ts';

const labelSet = { labels: ['no_relation', 'per:spouse', 'org:product', 'per:title'], noRelation: 'no_relation' };
const entity = { word: '하늘', start: 0, end: 1, type: 'PER' };
const rowsOf = (side: string, ...counts: number[]): LabelledExample[] =>
  counts
    .flatMap((count, id) => Array.from({ length: count }, () => labelSet.labels[id]!))
    .map((label, row) => ({
      guid: `${side}-${row}`,
      sentence: '하늘은 바다를 보았다.',
      subject: entity,
      object: { word: '바다', start: 4, end: 5, type: 'LOC' },
      label,
      source: null,
    }));

const dataset: Dataset = {
  name: 'made-up',
  labelSet,
  entityTypes: ['PER', 'LOC'],
  train: rowsOf('train', 60, 60, 50, 30),
  test: rowsOf('test', 90, 30, 20, 10),
  files: [],
  digest: 'abc',
};

let out = '';
let warnings: string[] = [];
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-compare-'));
  warnings = [];
});
afterEach(() => rm(out, { recursive: true }));

const context = (changes: Partial<StageContext> = {}): StageContext => ({
  settings: { ...DEFAULT_SETTINGS, out },
  dataset,
  out,
  reporter: { ...silentReporter, warn: (message) => warnings.push(lineIn(message, 'en')) },
  signal: new AbortController().signal,
  ...changes,
});

/** Says the gold label with probability `skill`, else `otherwise`. */
const trainedRun = async (name: string, skill: number, otherwise: string, examples = dataset.test) => {
  const stream = randomStream(7, name);
  const predictions = examples.map(({ guid, label }, row): Prediction => {
    const predicted = stream.uniform(row) < skill ? label : otherwise;
    return { guid, predicted, probabilities: labelSet.labels.map((other) => (other === predicted ? 0.7 : 0.1)) };
  });
  const folder = join(out, '06_klue_re_training', name);
  await writeEvaluation(folder, { examples, predictions, labelSet, seed: 42, validation: null });
};

const readOut = (...path: string[]) => readFile(join(out, ...path), 'utf8');
const csv = async (...path: string[]): Promise<Record<string, string>[]> =>
  parse(await readOut(...path), { columns: true });

test('stage 05 writes means, deviations, expectations and a figure in both languages', async () => {
  const result = await baselineStage.run(context());
  const file = await baselineFile.read(out);
  expect(file.majority).toEqual({ label: 'no_relation', is_no_relation: true, train_share: 0.3, test_share: 0.6 });
  expect(file.systems.map(({ system }) => system)).toEqual(['majority', 'random_uniform', 'random_weighted']);
  expect(file.systems[2]!.expected_accuracy).toBeCloseTo(0.3 * 0.6 + 0.3 * 0.2 + 0.25 * (20 / 150) + 0.15 / 15, 12);
  expect(result.systems).toHaveLength(3);

  const [majority, uniform] = await csv('05_klue_re_no_train_baseline', 'metrics.csv');
  expect(majority).toMatchObject({ system: 'majority', seeds: '1', n: '150', accuracy: '0.6', auprc: '' });
  expect(uniform).toMatchObject({ seeds: '10', expected_accuracy: '0.25' });
  expect(Number(uniform!.accuracy_sd)).toBeGreaterThan(0);
  expect(await readOut('05_klue_re_no_train_baseline', 'baseline_metrics.svg')).toContain('다수 클래스');
  expect(await readOut('05_klue_re_no_train_baseline', 'baseline_metrics.en.svg')).toContain('Majority label');
});

test('stage 05 says what is missing where there are no test rows', async () => {
  await expect(baselineStage.run(context({ dataset: { ...dataset, test: [] } }))).rejects.toThrow('has 200 and 0');
});

test('stage 07 compares baselines, expected runs and others of the same rows', async () => {
  await baselineStage.run(context());
  await trainedRun('untrained', 0, 'per:title');
  await trainedRun('frozen', 0.5, 'no_relation');
  await trainedRun('baseline', 0.9, 'no_relation');
  await trainedRun('other', 0.9, 'per:title');
  await trainedRun('foreign', 0.9, 'per:title', rowsOf('elsewhere', 3, 3, 3, 3));
  const result = await compareStage.run(context());

  const expected = ['majority', 'random_uniform', 'random_weighted', 'untrained', 'frozen', 'baseline', 'other'];
  const table = result.table as { system: string; accuracy: number; auprc: number | null }[];
  expect(table.map(({ system }) => system)).toEqual(expected);
  expect(table[0]).toMatchObject({ name: { ko: '다수 클래스' }, accuracy: 0.6, auprc: null });
  expect(result.missing).toEqual(['weighted', 'foreign']);
  expect(warnings.join('\n')).toMatch(
    /weighted is left out.*no such file[\s\S]*foreign is left out.*"elsewhere-0" is not among the gold rows/,
  );

  const file = await comparisonFile.read(out);
  const row = (system: string) => file.systems.find((entry) => entry.system === system)!;
  expect(row('baseline').against).toBeNull();
  expect(row('untrained').against!.macro_f1.low).toBeGreaterThan(0.5);
  expect(row('untrained').against!.mcnemar.p).toBeLessThan(1e-6);
  for (const { metrics, intervals } of file.systems) {
    expect(intervals.accuracy![0]).toBeLessThanOrEqual(metrics.accuracy);
    expect(intervals.accuracy![1]).toBeGreaterThanOrEqual(metrics.accuracy);
  }

  // The untrained head says one rare label only: right where that label stands, as chance would have it.
  const [majority, untrained] = file.prediction_spread;
  expect(majority).toMatchObject({ accuracy: 0.6, labels_predicted: 1 });
  expect(majority!.blind_accuracy).toBeCloseTo(0.6, 12);
  expect(untrained!.top).toEqual([{ label: 'per:title', share: 1, gold_share: 10 / 150 }]);
  expect(untrained!.accuracy).toBeCloseTo(10 / 150, 12);
  expect(untrained!.blind_accuracy).toBeCloseTo(10 / 150, 12);

  const systems = await csv('07_model_comparison', 'metrics_comparison.csv');
  expect(systems.map(({ system }) => system)).toEqual(expected);
  expect(systems[0]).toMatchObject({ auprc: '', auprc_low: '', mcnemar_method: 'chi_square' });
  const classes = await csv('07_model_comparison', 'per_class_comparison.csv');
  expect(classes.map(({ label, support }) => [label, support])).toEqual([
    ['no_relation', '90'],
    ['per:spouse', '30'],
    ['org:product', '20'],
    ['per:title', '10'],
  ]);
  const { change, baseline_f1, untrained_f1 } = classes[3]!;
  expect(Number(change)).toBeCloseTo(Number(baseline_f1) - Number(untrained_f1), 5);

  expect(await readOut('07_model_comparison', 'metrics_by_system.svg')).toContain('미세조정 (baseline)');
  expect(await readOut('07_model_comparison', 'per_class_before_after.en.svg')).toContain('org:product');
});

test('stage 07 agrees with stage 05 on the baselines', async () => {
  await baselineStage.run(context());
  await trainedRun('baseline', 0.9, 'no_relation');
  const { table } = await compareStage.run(context());
  const { systems } = await baselineFile.read(out);
  for (const [i, { metrics }] of systems.entries()) expect((table as unknown[])[i]).toMatchObject(metrics);
});

test('stage 07 names what to do where the fine-tuned run or the baselines are missing', async () => {
  await baselineStage.run(context());
  await expect(compareStage.run(context())).rejects.toMatchObject({
    kind: 'failed',
    hint: expect.stringContaining('korex train --name baseline'),
  });
  await expect(compareStage.run(context({ dataset: { ...dataset, digest: 'other' } }))).rejects.toThrow('other rows');
});

test.each(['ko', 'en'] as const)('both sections take their figures from the files (%s)', async (lang) => {
  await baselineStage.run(context());
  for (const name of ['untrained', 'frozen', 'weighted']) await trainedRun(name, 0.4, 'per:title');
  await trainedRun('baseline', 0.8, 'no_relation');
  await compareStage.run(context());
  const baselines = await baselineSection(out, lang);
  expect(baselines).toMatch(/^## 5\. /);
  expect(baselines).toContain('0.6000');
  const suffix = lang === 'ko' ? '' : '.en';
  expect(baselines).toContain(`](../05_klue_re_no_train_baseline/baseline_metrics${suffix}.svg)`);

  const comparison = await comparisonSection(out, lang);
  expect(comparison).toMatch(/^## 7\. /);
  for (const name of ['metrics_by_system', 'per_class_before_after'])
    expect(comparison).toContain(`](../07_model_comparison/${name}${suffix}.svg)`);
  const improvement = await improvementSection(out, lang);
  expect(improvement).toMatch(/^## 9\. /);
  for (const text of [baselines, comparison, improvement]) {
    expect(text).not.toMatch(/undefined|NaN|null/);
    expect(text.match(/^### /gm)).toHaveLength(4);
  }
});

test('stage 07 takes the improvement from validation rows, and tells what it changed by relation', async () => {
  await baselineStage.run(context());
  await trainedRun('baseline', 0.5, 'no_relation');
  await trainedRun('weighted', 0.9, 'per:title');
  await trainedRun('other', 0.7, 'per:title');
  // The run that is best on the test rows has the lower validation score.
  for (const [name, macro_f1] of [
    ['weighted', 0.3],
    ['other', 0.6],
  ] as const) {
    const path = join(out, '06_klue_re_training', name, 'metrics_summary.json');
    const validation = { n: 9, accuracy: 0.5, macro_f1, micro_f1: 0.5, auprc: null };
    await writeJson(path, { ...JSON.parse(await readFile(path, 'utf8')), validation });
  }
  const result = await compareStage.run(context());
  expect(result.improvement).toMatchObject([{ metric: 'accuracy' }, { metric: 'macro_f1' }, {}, {}]);

  const file = await comparisonFile.read(out);
  const { improvement, systems } = file;
  expect(improvement).toMatchObject({ before: 'baseline', after: 'other', validation_macro_f1: 0.6 });
  // The paired test of the comparison, seen from the other side.
  const { difference, low, high, p } = systems.find(({ system }) => system === 'other')!.against!.macro_f1;
  expect(improvement!.differences.macro_f1!.difference).toBeCloseTo(-difference, 12);
  expect(improvement!.differences.macro_f1!.low).toBeCloseTo(-high, 12);
  expect(improvement!.differences.macro_f1!.high).toBeCloseTo(-low, 12);
  expect(improvement!.differences.macro_f1!.p).toBe(p);

  const metrics = await csv('07_model_comparison', 'improvement.csv');
  expect(metrics.map(({ metric }) => metric)).toEqual(['accuracy', 'macro_f1', 'micro_f1', 'auprc']);
  const relations = await csv('07_model_comparison', 'improvement_by_relation.csv');
  for (const { before_f1, after_f1, change } of relations)
    expect(Number(after_f1) - Number(before_f1)).toBeCloseTo(Number(change), 5);
  const section = await improvementSection(out, 'en');
  expect(section).toContain('after is **other**, out of 2 other runs (Fine-tuned, class-weighted loss, other)');
  expect(section).toContain('](../07_model_comparison/improvement_by_relation.en.svg)');
});

test('stage 07 shows the verdicts of experiments below --out, and is redone when they change', async () => {
  const results = someResults('made-up', { baseline: 0.5, better: 0.8, worse: 0.2, same: 0.5 });
  const path = join(out, 'experiments', 'made-up', 'results.json');
  await writeJson(path, results);
  const before = await compareStage.reads!({ ...DEFAULT_SETTINGS, out });
  expect(Object.keys(before)).toContain('experiments/made-up');
  await writeFile(path, `${await readFile(path, 'utf8')} `);
  expect(await compareStage.reads!({ ...DEFAULT_SETTINGS, out })).not.toEqual(before);
  await writeJson(join(out, 'experiments', 'foreign', 'results.json'), { runs: [] });

  await baselineStage.run(context());
  await trainedRun('baseline', 0.8, 'no_relation');
  const result = await compareStage.run(context());
  expect(warnings.join('\n')).toContain('foreign/results.json holds no results');
  const rows = (result.experiments as { experiment: string; technique: string; verdict: string }[]).filter(
    ({ experiment }) => experiment === 'made-up',
  );
  expect(rows.map(({ technique, verdict }) => [technique, verdict])).toEqual([
    ['better', 'gain'],
    ['same', 'no difference'],
    ['worse', 'loss'],
  ]);
  for (const [lang, verdict] of [
    ['ko', '향상'],
    ['en', 'gain'],
  ] as const) {
    const section = await improvementSection(out, lang);
    expect(section).toContain(`| \`better\` | ${verdict} |`);
    expect(section).toContain(`](../07_model_comparison/ablation_made-up${lang === 'ko' ? '' : '.en'}.svg)`);
    expect(section).not.toMatch(/undefined|NaN|null/);
    expect(await readOut('07_model_comparison', `ablation_made-up${lang === 'ko' ? '' : '.en'}.svg`)).toContain(
      verdict,
    );
  }
});
