import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../src/base/core/files.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { parseLiveLog } from '../src/engine/runs/liveLog.ts';
import { RUN_FILES } from '../src/engine/runs/runFolder.ts';
import { TRAINING_TASKS } from '../src/engine/train/tasks.ts';
import { type TrainingJob, trainRun } from '../src/engine/train/trainRun.ts';
import { taskOf, untrainedModel } from '../src/engine/train/untrainedModel.ts';
import { prepareRows } from '../src/study/stages/training/rows.ts';
import { runPlan } from '../src/study/stages/training/runPlan.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

let folder: string;
let job: Omit<TrainingJob, 'folder' | 'signal' | 'resume'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-resume-'));
  const encoder = join(folder, 'encoder');
  await writeTinyEncoder(encoder);
  const settings = {
    ...DEFAULT_SETTINGS,
    ...{ encoder, trainRows: 150, evalRows: 40, epochs: 2, batchSize: 8, accumulate: 2, lr: 0.01, threads: 1 },
  };
  const dataset = await loadDataset(settings, silentReporter);
  const task = taskOf(settings, dataset, 96);
  const start = () => untrainedModel(settings, task);
  const rows = prepareRows({ settings, dataset }, await start());
  job = {
    task: TRAINING_TASKS.relation,
    plan: runPlan(settings, task, 'weighted', rows),
    rows,
    options: { ...settings, checkpointEvery: 3, keepCheckpoints: 1 },
    start,
    reporter: silentReporter,
  };
});
afterAll(() => rm(folder, { recursive: true }));

/** A reporter that calls back at each step. */
const atEachStep = (callback: (step: number) => void) => ({
  ...silentReporter,
  progress: () => ({ update: callback, end: () => {} }),
});

/** Digests of the files that must not depend on how often a run was interrupted. */
async function outcome(run: string): Promise<Record<string, string>> {
  const best = (await readdir(join(run, 'best'))).map((name) => `best/${name}`);
  const checkpoints = (await readdir(run)).filter((name) => name.startsWith('checkpoint-'));
  const inside = await Promise.all(
    checkpoints.map(async (name) => (await readdir(join(run, name))).map((file) => `${name}/${file}`)),
  );
  const files = ['training_log.jsonl', 'trainer_state.json', ...best, ...inside.flat()].sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (name) => [name, sha256(await readFile(join(run, name)))])),
  );
}

const through = async (run: string, changes: Partial<TrainingJob> = {}) =>
  trainRun({ ...job, folder: run, resume: 'if-same', signal: new AbortController().signal, ...changes });

test('the same job twice ends in the same bytes, and so does one interrupted at any step', async () => {
  const whole = join(folder, 'whole');
  const { steps } = await through(whole);
  const expected = await outcome(whole);
  expect(Object.keys(expected).length).toBeGreaterThan(10);
  expect(steps).toBeGreaterThan(10);

  // The first step, between checkpoints, at a checkpoint, the last step of an epoch.
  for (const stop of [1, 5, 6, steps / 2]) {
    const run = join(folder, `stopped-${stop}`);
    const controller = new AbortController();
    const reporter = atEachStep((step) => step === stop && controller.abort());
    await expect(through(run, { signal: controller.signal, reporter })).rejects.toThrow(
      `Interrupted after step ${stop}`,
    );
    await through(run, { resume: 'required' });
    expect(await outcome(run)).toEqual(expected);
  }
});

test('a run can be followed while it trains, also after it was resumed, and leaves no live log behind', async () => {
  const run = join(folder, 'followed');
  const seen: number[] = [];
  const look = () => parseLiveLog(readFileSync(join(run, RUN_FILES.liveLog), 'utf8'))!;
  const controller = new AbortController();
  const stopping = atEachStep((step) => {
    seen.push(look().log.at(-1)!.step);
    if (step === 4) controller.abort();
  });
  await expect(through(run, { signal: controller.signal, reporter: stopping })).rejects.toThrow('Interrupted');
  expect(existsSync(join(run, RUN_FILES.liveLog))).toBe(false);
  const resumed = atEachStep((step) => {
    if (step === 5)
      expect(
        look()
          .log.filter((entry) => 'loss' in entry)
          .map((entry) => entry.step),
      ).toEqual([1, 2, 3, 4, 5]);
    expect(look().head).toMatchObject({ plan: job.plan, trained_rows: job.rows.train.length });
  });
  const { steps } = await through(run, { reporter: resumed });
  expect(seen[0]).toBe(1);
  expect(look).toThrow('ENOENT');
  expect(await outcome(run)).toEqual(await outcome(join(folder, 'whole')));
  expect((await readFile(join(run, 'training_log.jsonl'), 'utf8')).split('\n').length).toBeGreaterThan(steps);
});

test('a run killed while it wrote a checkpoint goes on from the one before', async () => {
  const run = join(folder, 'killed');
  const controller = new AbortController();
  const reporter = atEachStep((step) => step === 7 && controller.abort());
  await expect(through(run, { signal: controller.signal, reporter })).rejects.toThrow('Interrupted');
  // What a kill leaves: a half-written checkpoint, and a best/ moved aside but not yet replaced.
  const partial = join(run, 'checkpoint-9.partial');
  await mkdir(partial);
  await writeFile(join(partial, 'model.safetensors'), 'half');
  await through(run, { resume: 'required' });
  await cp(join(run, 'best'), join(run, 'best.previous'), { recursive: true });
  await rm(join(run, 'best'), { recursive: true });
  await through(run);
  expect(await outcome(run)).toEqual(await outcome(join(folder, 'whole')));
});

test('resuming with other settings or without a checkpoint is refused, and names what differs', async () => {
  const run = join(folder, 'whole');
  const changed = { plan: { ...job.plan, lr: 0.02 }, resume: 'required' } as const;
  await expect(through(run, changed)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('--lr'),
  });
  await expect(through(join(folder, 'none'), { resume: 'required' })).rejects.toMatchObject({ kind: 'usage' });
});

test('a checkpoint that cannot be read is reported and left alone', async () => {
  const run = join(folder, 'damaged');
  await cp(join(folder, 'whole'), run, { recursive: true });
  // As if it had not come to its end.
  await rm(join(run, 'trainer_state.json'));
  const checkpoints = (await readdir(run)).filter((name) => name.startsWith('checkpoint-'));
  for (const name of checkpoints) await writeFile(join(run, name, 'optimizer.safetensors'), 'damaged');
  await expect(through(run)).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('cannot be read'),
  });
  expect(await readdir(run)).toEqual(expect.arrayContaining(checkpoints));
});

test('a finished run keeps nothing to resume from, and is answered from what it left', async () => {
  const run = join(folder, 'finished');
  const options = { ...job.options, keepCheckpoints: null };
  const interrupted = new AbortController();
  const stopping = atEachStep((step) => step === 9 && interrupted.abort());
  await expect(through(run, { options, signal: interrupted.signal, reporter: stopping })).rejects.toThrow(
    'Interrupted',
  );
  // While it trains, two checkpoints stay.
  expect((await readdir(run)).filter((name) => name.startsWith('checkpoint-'))).toHaveLength(2);
  const trained = await through(run, { options });
  const left = ['best', 'timings.json', 'trainer_state.json', 'training_log.jsonl'];
  expect((await readdir(run)).sort()).toEqual(left);

  let steps = 0;
  const counting = atEachStep(() => steps++);
  for (const resume of ['if-same', 'required'] as const) {
    const again = await through(run, { options, resume, reporter: counting });
    expect({ ...again, model: null }).toEqual({ ...trained, model: null });
    expect([...again.model.weights]).toEqual([...trained.model.weights]);
  }
  expect(steps).toBe(0);
  const changed = { options, plan: { ...job.plan, lr: 0.02 }, resume: 'required' } as const;
  await expect(through(run, changed)).rejects.toMatchObject({ message: expect.stringContaining('--lr') });
  expect((await readdir(run)).sort()).toEqual(left);

  // Without its model there is nothing to answer from: it is trained again, to the same bytes.
  await rm(join(run, 'best'), { recursive: true });
  await through(run, { options, reporter: counting });
  expect(steps).toBe(trained.steps);
  const { 'trainer_state.json': note, 'training_log.jsonl': log } = await outcome(join(folder, 'whole'));
  expect(await outcome(run)).toMatchObject({ 'trainer_state.json': note, 'training_log.jsonl': log });
});

test('a loss that is not finite stops the run and keeps the checkpoints', async () => {
  const run = join(folder, 'diverged');
  await expect(
    through(run, { plan: { ...job.plan, lr: 1, clip: 0, warmup: 0 }, start: exploding }),
  ).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('loss became'),
  });
});

async function exploding() {
  const model = await job.start();
  model.weights.get('classifier.out_proj.weight')!.fill(Number.NaN);
  return model;
}
