import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../src/base/core/files.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../src/base/core/settings.ts';
import type { Dataset } from '../src/base/core/types.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { loadRelationModel } from '../src/engine/nn/relationModel.ts';
import { openSafetensors } from '../src/engine/nn/weights/safetensors.ts';
import { openForwardPass } from '../src/engine/runtime/forwardPass.ts';
import { augmentationOf } from '../src/engine/train/augment/rows.ts';
import { decayAt } from '../src/engine/train/average.ts';
import { bestSteps } from '../src/engine/train/bestChoice.ts';
import { objectiveOf } from '../src/engine/train/objective.ts';
import { validate } from '../src/engine/train/relationTask.ts';
import { stepCount } from '../src/engine/train/sampling.ts';
import { TRAINING_TASKS } from '../src/engine/train/tasks.ts';
import { labelsOf } from '../src/engine/train/trainingState.ts';
import { type TrainingJob, trainRun } from '../src/engine/train/trainRun.ts';
import { taskOf, untrainedModel } from '../src/engine/train/untrainedModel.ts';
import { loadClassifier, openClassifier } from '../src/inference/predict/classifier.ts';
import { prepareRows } from '../src/study/stages/training/rows.ts';
import { runPlan } from '../src/study/stages/training/runPlan.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

let folder: string;
let base: Settings;
let dataset: Dataset;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-modes-'));
  const encoder = join(folder, 'encoder');
  await writeTinyEncoder(encoder);
  base = {
    ...DEFAULT_SETTINGS,
    ...{ encoder, trainRows: 60, evalRows: 40, epochs: 3, batchSize: 8, lr: 0.01, threads: 1 },
    // Some tests look into the last checkpoint.
    keepCheckpoints: 1,
  };
  dataset = await loadDataset(base, silentReporter);
});
afterAll(() => rm(folder, { recursive: true }));

async function jobOf(changes: Partial<Settings>): Promise<Omit<TrainingJob, 'folder' | 'signal' | 'resume'>> {
  const settings = { ...base, ...changes };
  const task = taskOf(settings, dataset, 96);
  const start = () => untrainedModel({ ...settings, seed: settings.trainingSeed ?? settings.seed }, task);
  const rows = prepareRows({ settings, dataset }, await start());
  return {
    task: TRAINING_TASKS.relation,
    plan: runPlan(settings, task, settings.loss, rows),
    rows,
    options: settings,
    start,
    reporter: silentReporter,
  };
}

const through = async (job: Awaited<ReturnType<typeof jobOf>>, run: string, changes: Partial<TrainingJob> = {}) =>
  trainRun({ ...job, folder: run, resume: 'if-same', signal: new AbortController().signal, ...changes });

/** Digests of all files but timings. */
async function outcome(run: string): Promise<Record<string, string>> {
  const files = (await readdir(run, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && entry.name !== 'timings.json',
  );
  const digests = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(run.length), sha256(await readFile(path))] as const;
  });
  return Object.fromEntries((await Promise.all(digests)).sort());
}

/** Runs a job to its end and once more with an interruption; both must leave the same files. */
async function expectResumable(job: Awaited<ReturnType<typeof jobOf>>, name: string, stops: readonly number[]) {
  const whole = join(folder, name);
  const trained = await through(job, whole);
  const expected = await outcome(whole);
  for (const stop of stops) {
    const run = join(folder, `${name}-${stop}`);
    const controller = new AbortController();
    const update = (step: number) => step === stop && controller.abort();
    const reporter = { ...silentReporter, progress: () => ({ update, end: () => {} }) };
    await expect(through(job, run, { signal: controller.signal, reporter })).rejects.toThrow('Interrupted');
    await through(job, run, { resume: 'required' });
    expect(await outcome(run)).toEqual(expected);
  }
  return { whole, trained };
}

describe('whatever is trained, an interrupted run ends in the same bytes', () => {
  test('frozen layers: only the head changes, and only it has moments', async () => {
    const job = await jobOf({ freezeLayers: 1 });
    const { trained, whole } = await expectResumable(job, 'frozen', [5]);
    const before = (await job.start()).weights;
    const changed = [...trained.model.weights].flatMap(([name, weight]) =>
      Buffer.from(weight.buffer, weight.byteOffset, weight.byteLength).equals(Buffer.from(before.get(name)!.buffer))
        ? []
        : [name],
    );
    expect(changed).toEqual([
      'classifier.dense.weight',
      'classifier.dense.bias',
      'classifier.out_proj.weight',
      'classifier.out_proj.bias',
    ]);
    const [checkpoint] = (await readdir(whole)).filter((name) => name.startsWith('checkpoint-'));
    const header = (await readFile(join(whole, checkpoint!, 'optimizer.safetensors'))).toString('latin1');
    expect(header).toContain('first.classifier.dense.weight');
    expect(header).not.toContain('first.bert');
  });

  test('adapters: new marker tokens, head and adapted weights change; best/ is an ordinary model', async () => {
    const job = await jobOf({ loraRank: 2, evalEvery: 4, checkpointEvery: 3 });
    // At a step that is validated too, after a checkpoint in between.
    const { trained, whole } = await expectResumable(job, 'lora', [8]);
    const before = (await job.start()).weights;
    const isSame = (name: string, from = 0, to?: number) =>
      Buffer.from(trained.model.weights.get(name)!.slice(from, to).buffer).equals(
        Buffer.from(before.get(name)!.slice(from, to).buffer),
      );
    const words = 'bert.embeddings.word_embeddings.weight';
    const markers = 4 * trained.model.spec.config.hidden_size;
    expect(isSame(words, 0, -markers)).toBe(true);
    expect(isSame(words, -markers)).toBe(false);
    expect(isSame('bert.embeddings.position_embeddings.weight')).toBe(true);
    expect(isSame('bert.encoder.layer.0.attention.self.query.weight')).toBe(false);
    expect(isSame('bert.encoder.layer.0.attention.self.query.bias')).toBe(true);
    expect(await readdir(join(whole, 'best'))).not.toContain('adapters.safetensors');
  });

  test('falling rates, validation within epochs, early stopping and the best checkpoints', async () => {
    const changes = { layerDecay: 0.5, evalEvery: 2, patience: 2, bestMetric: 'loss', keepBest: 2, lr: 0.3 } as const;
    const job = await jobOf(changes);
    const { trained, whole } = await expectResumable(job, 'stopped', [3]);
    expect(trained.stoppedEarly).toBe(true);
    const validations = trained.log.filter((entry) => 'validation' in entry);
    expect(validations.at(-1)!.step).toBe(trained.best.step + 4);
    const kept = (await readdir(whole)).flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? []);
    const expected = new Set([...bestSteps(trained.log, 'loss', 2), trained.steps]);
    expect(kept.map(Number).sort((a, b) => a - b)).toEqual([...expected].sort((a, b) => a - b));
    // A run that stopped early is done: the same job again does nothing.
    const again = await through(job, whole);
    expect(again.steps).toBe(trained.steps);
  });

  test('a question before the sentence and rows made from others: best/ reads its rows so', async () => {
    const changes = { question: true, augment: 'swap,delete,inverse,entity', augmentShare: 0.4, epochs: 2 } as const;
    const job = await jobOf(changes);
    expect(job.plan).toMatchObject({ question: true, augment: 'entity,inverse,delete,swap', augmentShare: 0.4 });
    const { trained, whole } = await expectResumable(job, 'augmented', [5]);
    const loaded = await loadClassifier(join(whole, 'best'), { device: 'cpu', threads: 1 });
    expect(loaded.model.task.question).toBe(true);
    const inMemory = await openClassifier(trained.model, { device: 'cpu', threads: 1 });
    expect(await loaded.predict(dataset.test)).toEqual(await inMemory.predict(dataset.test));
    await Promise.all([loaded.release(), inMemory.release()]);
    const { marked, question, ids } = loaded.model.inputs.encode(dataset.test[0]!);
    expect(question).toContain('관계는 무엇인가?');
    const { prefix, separator, suffix, tokenize } = loaded.model.inputs.tokenizer;
    expect(ids).toEqual([...prefix, ...tokenize(question!).ids, ...separator, ...tokenize(marked.text).ids, ...suffix]);
  });

  test('both pair encodings: one set of weights, validated in both ways; best/ says so', async () => {
    const job = await jobOf({ pairEncoding: 'both', epochs: 2, sampling: 'sqrt', dropout: 0.2 });
    const { trained, whole } = await expectResumable(job, 'both', [5]);
    const { validation } = trained.best;
    expect(validation.shared!.n).toBe(validation.n);
    expect(validation.shared!.loss).not.toBe(validation.loss);
    expect((await loadRelationModel(join(whole, 'best'))).task.pairEncoding).toBe('both');
  });
});

test('rows are made from training rows alone, which all stay; they follow the training seed', async () => {
  const changes = { augment: 'entity,inverse,delete,swap', augmentShare: 0.5 } as const;
  const [plain, more, other] = [await jobOf({}), await jobOf(changes), await jobOf({ ...changes, trainingSeed: 7 })];
  const given = plain.rows.train.length;
  expect(more.rows.train.slice(0, given)).toEqual(plain.rows.train);
  expect(more.rows.validation).toEqual(plain.rows.validation);
  const made = more.rows.train.slice(given).map(({ example }) => example);
  expect(made).toHaveLength(Math.round(given / 2));
  expect(made.every((row) => augmentationOf(row) !== null)).toBe(true);
  const guids = new Set(plain.rows.train.map(({ example }) => example.guid));
  expect(made.every(({ guid }) => guids.has(guid.split('~')[0]!))).toBe(true);
  expect(new Set([plain, more, other].map(({ plan }) => plan.data)).size).toBe(3);
  expect(more.plan.epochs).toBe(plain.plan.epochs);
});

describe('averaged weights', () => {
  /** The values of each tensor of a file, as bytes. */
  async function tensorsOf(...path: string[]): Promise<Map<string, Float32Array>> {
    const file = await openSafetensors(join(...path));
    const values = new Map<string, Float32Array>();
    for (const name of file.tensors.keys()) values.set(name, await file.read(name));
    await file.close();
    return values;
  }
  const newestOf = async (run: string) =>
    (await readdir(run))
      .filter((name) => name.startsWith('checkpoint-'))
      .sort((a, b) => +a.slice(11) - +b.slice(11))
      .at(-1)!;

  test('an interrupted run ends in the same bytes; the steps are those of a run without average', async () => {
    const { whole } = await expectResumable(await jobOf({ ema: 0.9, checkpointEvery: 3 }), 'averaged', [4]);
    const plain = join(folder, 'unaveraged');
    await through(await jobOf({}), plain);
    const checkpoint = await newestOf(whole);
    expect(checkpoint).toBe(await newestOf(plain));
    const trained = await tensorsOf(plain, checkpoint, 'model.safetensors');
    expect(await tensorsOf(whole, checkpoint, 'unaveraged.safetensors')).toEqual(trained);
    expect(await tensorsOf(whole, checkpoint, 'model.safetensors')).not.toEqual(trained);
    expect(existsSync(join(plain, checkpoint, 'unaveraged.safetensors'))).toBe(false);
  });

  test('the average is over all steps, what is validated, and what best/ holds', async () => {
    const job = await jobOf({
      ema: 0.9,
      evalEvery: 1,
      epochs: 1,
      checkpointEvery: 1,
      keepCheckpoints: 100,
      keepBest: 100,
    });
    const run = join(folder, 'each-step');
    const { best, log } = await through(job, run);
    const name = 'classifier.out_proj.weight';
    const expected = [...(await job.start()).weights.get(name)!];
    for (const { step } of log.filter((entry) => 'loss' in entry)) {
      const trained = (await tensorsOf(run, `checkpoint-${step}`, 'unaveraged.safetensors')).get(name)!;
      const decay = decayAt(0.9, step);
      for (const [i, value] of trained.entries()) expected[i] = decay * expected[i]! + (1 - decay) * value;
      const averaged = (await tensorsOf(run, `checkpoint-${step}`, 'model.safetensors')).get(name)!;
      for (const [i, value] of averaged.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    }
    expect(await tensorsOf(run, 'best', 'model.safetensors')).toEqual(
      await tensorsOf(run, `checkpoint-${best.step}`, 'model.safetensors'),
    );
    const model = await loadRelationModel(join(run, 'best'));
    const forward = await openForwardPass(model.spec, model.weights, 'changing', { device: 'cpu', threads: 1 });
    const labelIds = labelsOf(job.rows.train).map((label) => model.task.labelSet.labels.indexOf(label));
    const objective = objectiveOf(job.plan, labelIds, model.spec.labels);
    expect(await validate(forward, job.rows.validation, model, { batchSize: 32, objective })).toEqual(best.validation);
    await forward.release();
  });

  test('of adapters: they are averaged before they are merged', async () => {
    const { whole } = await expectResumable(await jobOf({ ema: 0.9, loraRank: 2, epochs: 2 }), 'averaged-lora', [5]);
    const checkpoint = await newestOf(whole);
    const adapters = await tensorsOf(whole, checkpoint, 'adapters.safetensors');
    const trained = await tensorsOf(whole, checkpoint, 'unaveraged.safetensors');
    const name = 'bert.encoder.layer.0.attention.self.query.lora_B.weight';
    expect(adapters.get(name)!.length).toBe(trained.get(name)!.length);
    expect(adapters.get(name)).not.toEqual(trained.get(name));
  });
});

describe('losses and samplings', () => {
  test.each<[string, Partial<Settings>]>([
    ['focal', { loss: 'focal', labelSmoothing: 0.1, sampling: 'balanced' }],
    ['adjusted', { logitAdjust: 1 }],
    ['over', { sampling: 'over', epochs: 1, accumulate: 3 }],
    ['under', { sampling: 'under' }],
    ['effective', { loss: 'effective' }],
  ])('%s: an interrupted run ends in the same bytes', async (name, changes) => {
    const job = await jobOf(changes);
    const { trained } = await expectResumable(job, name, [4]);
    expect(trained.steps).toBe(stepCount(job.plan, labelsOf(job.rows.train)).steps);
    const losses = trained.log.flatMap((entry) => ('loss' in entry ? entry.loss : []));
    expect(losses.length).toBe(trained.steps);
  });
});

test('a training seed changes the run, not the rows', async () => {
  const [one, two] = [await jobOf({ trainingSeed: 1 }), await jobOf({ trainingSeed: 2 })];
  expect(one.plan.data).toBe(two.plan.data);
  expect([one.plan.seed, two.plan.seed]).toEqual([1, 2]);
  const head = async ({ start }: typeof one) => (await start()).weights.get('classifier.dense.weight');
  expect(await head(one)).not.toEqual(await head(two));
});
