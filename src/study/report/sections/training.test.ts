import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabelledExample, Prediction } from '../../../base/core/types.ts';
import type { ChecklistItem } from '../../../engine/runs/checklist.ts';
import { writeEvaluation } from '../../../engine/runs/evaluation.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import type { LogEntry } from '../../../engine/runs/trainingLog.ts';
import { writeTrainingCurve } from '../../../engine/runs/trainingLog.ts';
import { calibrateRun } from '../../stages/training/evaluateRun.ts';
import { renderPage } from '../html.ts';
import { trainingSection } from './training.ts';

const labelSet = { labels: ['no_relation', 'per:spouse', 'org:founded_by'], noRelation: 'no_relation' };
const gold = ['no_relation', 'no_relation', 'per:spouse', 'org:founded_by'];
const sentence = '😀 하늘과 ~~~ <script>alert(1)</script>\n**바다** | 하늘';
/** The last place of a word of two characters, in code points. */
const lastPlace = (word: string) => {
  const start = [...sentence.slice(0, sentence.lastIndexOf(word))].length;
  return { word, start, end: start + 1 };
};
const examples = gold.map(
  (label, row): LabelledExample => ({
    guid: `row-${row}`,
    sentence,
    subject: { ...lastPlace('하늘'), type: 'PER' },
    object: { ...lastPlace('바다'), type: null },
    label,
    source: null,
  }),
);

/** Answers with these label ids, each with probability 0.8. */
const answers = (...ids: number[]): Prediction[] =>
  ids.map((id, row) => ({
    guid: `row-${row}`,
    predicted: labelSet.labels[id]!,
    probabilities: labelSet.labels.map((_, other) => (other === id ? 0.8 : 0.1)),
  }));

const validation = (macro_f1: number) => ({ n: 9, accuracy: 0.5, macro_f1, micro_f1: 0.4, auprc: 0.3, loss: 1 });

const log: LogEntry[] = [0.2, 0.6, 0.5].flatMap((macroF1, i): LogEntry[] => [
  { step: 2 * i + 1, epoch: i + 1, loss: 4 - i, lr: 1e-4, norm: 1 },
  { step: 2 * i + 2, epoch: i + 1, loss: 3 - i, lr: 1e-4, norm: 1 },
  { step: 2 * i + 2, epoch: i + 1, validation: validation(macroF1) },
]);

const plan: TrainingPlan = {
  task: 'relation',
  encoder: 'tiny',
  encoderLayers: null,
  marker: 'entity',
  head: 'entity-start',
  loss: 'ce',
  maxLength: 64,
  epochs: 3,
  batchSize: 2,
  lr: 1e-4,
  schedule: 'linear',
  warmup: 0.1,
  weightDecay: 0.01,
  clip: 1,
  dropout: null,
  accumulate: 1,
  question: false,
  pairEncoding: 'inline',
  augment: null,
  augmentShare: null,
  augmentWeight: null,
  textWeight: null,
  textOrder: null,
  freezeLayers: 0,
  layerDecay: 1,
  loraRank: null,
  loraAlpha: null,
  loraTargets: null,
  focalGamma: null,
  effectiveBeta: null,
  labelSmoothing: 0,
  logitAdjust: 0,
  sampling: 'none',
  ema: 0,
  evalEvery: null,
  bestMetric: 'macro_f1',
  patience: null,
  taptEpochs: 0,
  taptLr: null,
  taptSeed: null,
  teachers: null,
  distillWeight: null,
  distillTemperature: null,
  validation: 0.1,
  seed: 42,
  data: 'digest',
};

const checklist: ChecklistItem[] = [
  {
    check: 'leakage',
    status: 'attention',
    evidence: {
      validation_rows_with_training_sentence: 0,
      test_rows_with_training_sentence: 3,
      metrics_without_these_test_rows: validation(0.1234),
    },
  },
  {
    check: 'reproducibility',
    status: 'failed',
    evidence: { seed: 42, rows: 64, steps: 4, weight_digests: ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] },
  },
];

const outs: string[] = [];
async function newOut(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'korex-section-'));
  outs.push(out);
  return out;
}

const evaluate = (out: string, name: string, predictions: Prediction[], facts: Readonly<Record<string, unknown>>) =>
  writeEvaluation(join(out, TRAINING_FOLDER, name), {
    ...{ examples, predictions, labelSet, seed: 42, validation: validation(0.6) },
    facts: { trained_rows: 1234, ...facts },
  });

async function fineTune(out: string, name: string, predictions: Prediction[], changed: Partial<TrainingPlan> = {}) {
  const folder = join(out, TRAINING_FOLDER, name);
  const choice = { recipe: { ko: '격자', en: 'a grid' }, given: changed.lr ? ['lr'] : [] };
  await evaluate(out, name, predictions, { best_epoch: 2, steps: 6, plan: { ...plan, ...changed }, choice });
  await writeFile(join(folder, 'training_log.jsonl'), log.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  await writeFile(join(folder, 'evaluation_checklist.json'), JSON.stringify(checklist));
  await writeTrainingCurve(folder, log, 2);
}

/** Fits the confidence of a run on rows that its model is too sure of. */
const calibrate = (out: string, name: string) =>
  calibrateRun(join(out, TRAINING_FOLDER, name), {
    plan,
    labelSet,
    rows: { train: examples.map((example) => ({ example })), validation: examples.map((example) => ({ example })) },
    logits: [0, 1, 1, 2].map((id) => Float32Array.from(labelSet.labels, (_, other) => (other === id ? 9 : 0))),
  });

let study = '';
beforeAll(async () => {
  study = await newOut();
  await evaluate(study, 'untrained', answers(2, 2, 2, 2), {});
  await evaluate(study, 'frozen', answers(0, 0, 0, 0), {});
  await fineTune(study, 'baseline', answers(0, 1, 1, 0));
  await calibrate(study, 'baseline');
  await fineTune(study, 'weighted', answers(0, 1, 1, 2), { loss: 'weighted' });
  await fineTune(study, 'mine', answers(0, 0, 0, 0), { marker: 'typed-punct' });
}, 60_000);
afterAll(() => Promise.all(outs.map((out) => rm(out, { recursive: true }))));

test.each(['ko', 'en'] as const)(
  'the section in %s states the figures of the files and nothing broken',
  async (lang) => {
    const section = await trainingSection(study, lang);
    expect(section).toMatch(/^## 6\. /);
    expect(section).not.toMatch(/NaN|undefined|null|\[object/);
    expect(section).toContain('1,234');
    expect(section).toMatch(/\| `loss` \| [^|]+ \| `ce` \| `weighted` \|/);
    // Mean loss of the epoch's two steps, and the chosen epoch in bold.
    expect(section).toContain('| baseline | 1 | 2 | 3.5000 | 0.5000 | 0.2000 | 0.4000 | 0.3000 |');
    expect(section).toContain('| **baseline** | **2** | **4** | **2.5000** | **0.5000** | **0.6000** |');
    expect(section).toMatch(/\| mine \| `typed-punct` \| `entity-start` \| `ce` \| 3 \| 0\.6000 \|/);
    expect(section).toMatch(/aaaaaaaaaaaa….*bbbbbbbbbbbb…/);
    expect(await trainingSection(study, lang)).toBe(section);
  },
);

test('the interpretation follows the figures', async () => {
  const section = await trainingSection(study, 'en');
  expect(section).toContain('highest after epoch 2 (0.6000) and 0.5000 after the last');
  expect(section).toContain('points to overfitting');
  expect(section).toContain('rare labels');
  expect(section).toContain(
    'Of 2 errors 50.0% miss a relation (answer `no_relation`), 50.0% answer with one where there is none',
  );
  expect(section).toContain('Labels with an F1 of 0: 1, with 1 test row in all.');
  expect(section).toContain('it could only reach 0.6667');
});

test('figures exist, and no sentence can break out of its block', async () => {
  const markdown = await trainingSection(study, 'ko');
  expect(markdown).toContain('문장: 😀 하늘과 ~~~ <script>alert(1)</script> **【객체: 바다】** | 【주체·사람: 하늘】');
  const page = await renderPage(`# r\n\n${markdown}`, { lang: 'ko', folder: join(study, 'report'), root: study });
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script');
  expect(page).not.toContain('class="missing"');
  expect(page.match(/<figure/g)).toHaveLength(4);
});

test('runs that have a calibration are shown with it', async () => {
  const section = await trainingSection(study, 'en');
  expect(section).toContain('on 4 validation rows');
  // Sure of every row and right in three of four.
  expect(section).toMatch(/\| baseline \| \d+\.\d\d \| 0\.2498 \| 0\.\d{4} \| 2\.2\d+ \|/);
  expect(section).toContain('baseline/reliability_diagram.en.svg');
  const out = await newOut();
  await fineTune(out, 'baseline', answers(0, 1, 1, 0));
  expect(await trainingSection(out, 'en')).not.toContain('Calibration');
});

test('a named run alone is described in full, and what is missing is named', async () => {
  const out = await newOut();
  await fineTune(out, 'mine', answers(0, 1, 1, 0), { lr: 0.5 });
  const section = await trainingSection(out, 'en');
  expect(section).toContain(
    'left out: Untrained head, Frozen encoder + linear classifier, Fine-tuned (baseline), Fine-tuned, class-weighted loss.',
  );
  expect(section).toContain('given instead of them: `lr`.');
  expect(section).toContain('mine/training_curve.en.svg');
});

test('without a fine-tuned run, and without any run, the section says so', async () => {
  const out = await newOut();
  expect(await trainingSection(out, 'ko')).toContain('미세조정한 실행이 없다.');
  await evaluate(out, 'untrained', answers(2, 2, 2, 2), {});
  const section = await trainingSection(out, 'en');
  expect(section).toContain('There is no fine-tuned run.');
  expect(section).toContain('| Untrained head | 0.2500');
});

test('a run without errors has no samples to show', async () => {
  const out = await newOut();
  await fineTune(out, 'baseline', answers(0, 0, 1, 2));
  const section = await trainingSection(out, 'en');
  expect(section).toContain('There are no errors.');
  expect(section).toContain('Every label of the test rows is predicted correctly at least once.');
});

test('a validation score that stays the same is not called overfitting', async () => {
  const out = await newOut();
  await fineTune(out, 'baseline', answers(0, 1, 1, 0));
  const still = log.map((entry) => ('validation' in entry ? { ...entry, validation: validation(0.6) } : entry));
  const path = join(out, TRAINING_FOLDER, 'baseline', 'training_log.jsonl');
  await writeFile(path, still.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const section = await trainingSection(out, 'en');
  expect(section).toContain('has not risen since epoch 2 (0.6000)');
  expect(section).not.toContain('overfitting');
});

test('a broken file is named with its field and a way out', async () => {
  const out = await newOut();
  await fineTune(out, 'mine', answers(0, 1, 1, 0));
  const path = join(out, TRAINING_FOLDER, 'mine', 'metrics_summary.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"best_epoch": 2', '"best_epoch": "two"'));
  await expect(trainingSection(out, 'ko')).rejects.toMatchObject({
    message: expect.stringContaining('metrics_summary.json is not a file of stage 06: best_epoch'),
    hint: 'Train it again: korex train --name mine --force',
  });
});

test('a run that has not finished is left out', async () => {
  const out = await newOut();
  await fineTune(out, 'baseline', answers(0, 1, 1, 0));
  await mkdir(join(out, TRAINING_FOLDER, 'weighted'));
  await writeFile(join(out, TRAINING_FOLDER, 'weighted', 'training_log.jsonl'), '');
  expect(await trainingSection(out, 'en')).toContain('class-weighted loss.');
});
