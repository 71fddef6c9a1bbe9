import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { softened } from '../src/engine/train/distillation.ts';
import { TRAINING_TASKS } from '../src/engine/train/tasks.ts';
import { trainRun } from '../src/engine/train/trainRun.ts';
import { taskOf, untrainedModel } from '../src/engine/train/untrainedModel.ts';
import { openClassifier } from '../src/inference/predict/classifier.ts';
import { meanProbabilities } from '../src/inference/predict/meanProbabilities.ts';
import { openEncoderView } from '../src/study/stages/encoderView.ts';
import { prepareRows } from '../src/study/stages/training/rows.ts';
import { runPlan } from '../src/study/stages/training/runPlan.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

let folder: string;
let out: string;
const TINY = ['--train-rows', '80', '--eval-rows', '40'];

const train = (...args: string[]) =>
  runKorex([
    ...['train', '--encoder', join(folder, 'encoder'), '--out', out, ...TINY, '--max-length', '96', '--epochs', '1'],
    ...['--batch-size', '8', '--lr', '0.01', '--threads', '1', ...args],
  ]);
const ensemble = (...args: string[]) => runKorex(['ensemble', '--out', out, ...TINY, '--threads', '1', ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-ensemble-'));
  out = join(folder, 'out');
  await writeTinyEncoder(join(folder, 'encoder'));
  for (const seed of ['1', '2']) expect((await train('--name', `s${seed}`, '--training-seed', seed)).err).toBe('');
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const run = (name: string, ...file: string[]) => join(out, '06_klue_re_training', name, ...file);
type Line = { guid: string; gold: string; label: string; probabilities: Record<string, number> };
const predictions = async (name: string) =>
  (await readFile(run(name, 'predictions.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test('an ensemble of two runs is their mean, with all files of a run and the figures of its members on validation', async () => {
  const { code, out: printed } = await ensemble('s1', 's2', '--json');
  expect(code).toBe(0);
  const [first, second, mean] = [await predictions('s1'), await predictions('s2'), await predictions('ensemble')];
  expect(mean.map(({ guid, gold }) => [guid, gold])).toEqual(first.map(({ guid, gold }) => [guid, gold]));
  for (const [row, { label, probabilities }] of mean.entries()) {
    for (const [name, p] of Object.entries(probabilities))
      expect(p).toBeCloseTo((first[row]!.probabilities[name]! + second[row]!.probabilities[name]!) / 2, 7);
    expect(probabilities[label]).toBe(Math.max(...Object.values(probabilities)));
  }
  const files = await readdir(run('ensemble'));
  for (const file of [
    'metrics_summary.json',
    'per_class_report.csv',
    'error_samples.csv',
    'stage.json',
    'ensemble.json',
  ])
    expect(files).toContain(file);
  const result = JSON.parse(printed) as {
    validation: { n: number; macro_f1: number };
    members: { name: string; validation: { n: number } }[];
  };
  expect(result.members.map(({ name }) => name)).toEqual(['s1', 's2']);
  expect(result.validation.n).toBeGreaterThan(0);
  expect(result.members[0]!.validation.n).toBe(result.validation.n);
  const summary = JSON.parse(await readFile(run('ensemble', 'metrics_summary.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(summary).toMatchObject({ ensemble: ['s1', 's2'], validation: result.validation });
  // Made anew without being asked twice; a training does not take its place.
  expect((await ensemble('s2', 's1')).out).toContain('On the validation rows:');
  expect((await train('--name', 'ensemble')).err).toContain('holds an ensemble');
});

test('runs of several seeds share their split, also where each makes rows of its own', async () => {
  const settings = { ...DEFAULT_SETTINGS, trainRows: 80, evalRows: 40, maxLength: 96, augment: 'delete' };
  const dataset = await loadDataset(settings, silentReporter);
  const { inputs } = await openEncoderView(settings, dataset);
  const prepare = (trainingSeed: number) =>
    prepareRows({ settings: { ...settings, trainingSeed }, dataset }, { inputs: inputs(96) });
  const [a, b] = [prepare(1), prepare(2)];
  expect(a.train.length).toBeGreaterThan(a.given);
  expect(a.digest).not.toBe(b.digest);
  expect(a.split).toBe(b.split);
});

test.each<[string[], string]>([
  [['s1'], 'An ensemble needs two runs or more'],
  [['s1', 's1'], 'The run s1 is given twice'],
  [['s1', 'none'], 'none: no finished run there'],
  [['s1', 's2', '--name', 's2'], 'holds something else than an ensemble'],
  [['s1', 's2', '--seed', '7'], 'The run s1 was trained on other rows'],
  [['s1', 's2', '--validation', '0.2'], 'The run s1 was trained on other rows'],
])('what cannot be an ensemble is told: %j', async (args, message) => {
  const { code, err } = await ensemble(...args);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

test('a member with other test rows or labels is named', async () => {
  for (const [name, change] of [
    ['fewer', (lines: Line[]) => lines.slice(1)],
    ['labels', (lines: Line[]) => lines.map((line) => ({ ...line, probabilities: { ...line.probabilities, new: 0 } }))],
  ] as const) {
    await cp(run('s2'), run(name), { recursive: true });
    const changed = change(await predictions('s2')).map((line) => `${JSON.stringify(line)}\n`);
    await writeFile(run(name, 'predictions.jsonl'), changed.join(''));
    const { code, err } = await ensemble('s1', name);
    expect(code).toBe(2);
    expect(err).toContain(run(name, 'predictions.jsonl'));
  }
});

test('with one teacher and all weight on it, the student comes to say what the teacher says', async () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    ...{ encoder: join(folder, 'encoder'), trainRows: 80, evalRows: 40, threads: 1, maxLength: 96 },
    ...{ epochs: 12, batchSize: 8, lr: 0.01, distillWeight: 1, distillTemperature: 0.1, trainingSeed: 5 },
  };
  const dataset = await loadDataset(settings, silentReporter);
  const task = taskOf(settings, dataset, 96);
  const start = () => untrainedModel({ ...settings, seed: 5 }, task);
  const rows = prepareRows({ settings, dataset }, await start());
  const examples = rows.train.map(({ example }) => example);
  const { signal } = new AbortController();
  const options = { ...settings, role: 'teacher', batchSize: 8, reporter: silentReporter, signal } as const;
  const taught = await meanProbabilities(
    [{ name: 's1', folder: run('s1', 'best') }],
    examples,
    dataset.labelSet,
    options,
  );
  // This teacher has learnt little: a temperature below 1 makes it surer.
  const soft = taught.map((row) => softened(row, 0.1));
  const train = rows.train.map((row, i) => ({ ...row, soft: soft[i]! }));
  const plan = runPlan(settings, task, 'ce', rows, 'a teacher');
  const { model } = await trainRun({
    task: TRAINING_TASKS.relation,
    folder: join(folder, 'student'),
    ...{ plan, rows: { ...rows, train, validation: [] }, options: settings, start, resume: 'never', signal },
    reporter: silentReporter,
  });
  const distance = async (student: typeof model) => {
    const classifier = await openClassifier(student, settings);
    const answers = await classifier.predict(examples);
    await classifier.release();
    const each = answers.map(({ probabilities }, row) =>
      soft[row]!.reduce((sum, p, id) => sum + (p > 0 ? p * Math.log(p / probabilities![id]!) : 0), 0),
    );
    return each.reduce((sum, value) => sum + value, 0) / each.length;
  };
  const [before, after] = [await distance(await start()), await distance(model)];
  expect(before).toBeGreaterThan(0.5);
  expect(after).toBeLessThan(0.2 * before);
});

test('korex train learns from teachers, keeps who they are, and does not go on with others', async () => {
  const student = (...args: string[]) => train('--name', 'student', '--training-seed', '3', ...args);
  expect((await student('--teacher', 's1,s2', '--dry-run')).out).toContain('teachers: s1, s2');
  expect((await student('--teacher', 's1,s2')).err).toBe('');
  const { plan, teachers } = JSON.parse(await readFile(run('student', 'metrics_summary.json'), 'utf8')) as {
    plan: Record<string, unknown>;
    teachers: string[];
  };
  expect(teachers).toEqual(['s1', 's2']);
  expect(plan.teachers).toMatch(/^[0-9a-f]{16},[0-9a-f]{16}$/);
  expect(plan).toMatchObject({ distillWeight: 0.5, distillTemperature: 2 });
  // The same models elsewhere are the same teachers.
  await cp(run('s1', 'best'), join(folder, 'moved'), { recursive: true });
  expect((await student('--teacher', `${join(folder, 'moved')},s2`, '--resume')).err).toBe('');
  const { code, err } = await student('--teacher', 's2', '--resume');
  expect(code).toBe(2);
  expect(err).toContain('teacher');
});

test.each<[string[], string]>([
  [['--teacher', 'none'], '--teacher none: no model there'],
  [['--teacher', 's1,'], '--teacher s1,: a name is empty'],
  [['--teacher', 's1,s1'], 's1 is the same model as s1'],
  [['--name', 's1', '--teacher', 's1', '--force'], 'The run s1 cannot be its own teacher'],
])('teachers that cannot be are told: %j', async (args, message) => {
  const { code, err } = await train('--name', 'taught', ...args);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

test('a teacher of other labels, or one that needs types that rows lack, is named', async () => {
  const { signal } = new AbortController();
  const dataset = await loadDataset({ ...DEFAULT_SETTINGS, trainRows: 40, evalRows: 40, out }, silentReporter);
  const options = {
    ...({ device: 'cpu', threads: 1, role: 'teacher', batchSize: 8 } as const),
    ...{ reporter: silentReporter, signal },
  };
  const ask = (name: string, labels: readonly string[], rows = dataset.train) =>
    meanProbabilities([{ name, folder: run(name, 'best') }], rows, { labels, noRelation: null }, options);
  await expect(ask('s1', ['a', ...dataset.labelSet.labels.slice(1)])).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/teacher s1 has other labels.*it lacks a; it has/),
  });
  expect((await train('--name', 'typed', '--marker', 'typed-punct')).err).toBe('');
  const untyped = dataset.train.map((row) => ({ ...row, subject: { ...row.subject, type: null } }));
  await expect(ask('typed', dataset.labelSet.labels, untyped)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('which 40 of the 40 rows lack'),
  });
});
