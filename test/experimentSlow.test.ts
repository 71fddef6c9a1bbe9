import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineIn, type Reporter, silentReporter } from '../src/base/core/reporter.ts';
import type { AblationResults } from '../src/base/eval/ablation/results.ts';
import { type ExperimentJob, runExperiment } from '../src/study/experiment/runExperiment.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

const SAMPLE = fileURLToPath(new URL('../data/sample/', import.meta.url));
const TECHNIQUES = { weighted: { loss: 'weighted' }, cosine: { schedule: 'cosine' } };

let root: string;
let file: string;
/** The sample's training side, and no test side at all. */
let data: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-experiment-'));
  const encoder = join(root, 'encoder');
  await writeTinyEncoder(encoder);
  data = join(root, 'rows');
  await mkdir(data);
  for (const name of ['klue-re-sample_train.json', 'relation_list.json'])
    await copyFile(join(SAMPLE, name), join(data, name));
  file = await config('tiny', encoder, TECHNIQUES);
});
afterAll(() => rm(root, { recursive: true }));

/** Trainings beside other tests. */
const TIMEOUT = 1_800_000;

async function config(name: string, encoder: string, techniques: Readonly<Record<string, object>>): Promise<string> {
  const path = join(root, `${name}.json`);
  const content = {
    name,
    rows: { train: 70, judged: 60, seed: 7 },
    base: { encoder, marker: 'typed-punct', epochs: 2, batchSize: 16, lr: 0.01, maxLength: 96 },
    seeds: [1, 2],
    techniques: Object.entries(techniques).map(([technique, settings]) => ({ name: technique, settings })),
  };
  await writeFile(path, JSON.stringify(content));
  return path;
}

const job = (out: string, changes: Partial<ExperimentJob> = {}): ExperimentJob => ({
  ...{ file, data, final: false, resultsOnly: false, keepModels: false, retryFailed: false },
  settings: { out: join(root, out), device: 'cpu', threads: 1, evalBatchSize: 32, onBadRow: 'error', columns: null },
  reporter: silentReporter,
  signal: new AbortController().signal,
  ...changes,
});

const files = async (out: string) => (await readdir(join(root, out, 'experiments', 'tiny'))).sort();

/** Results without what a clock says. */
const timeless = (results: AblationResults): unknown =>
  JSON.parse(JSON.stringify(results, (key, value: unknown) => (key === 'minutes' || key === 'cost' ? 0 : value)));

const written = async (out: string): Promise<AblationResults> =>
  JSON.parse(await readFile(join(root, out, 'experiments', 'tiny', 'results.json'), 'utf8')) as AblationResults;

/** Aborts at a step of the training of a run, and tells which runs were trained. */
function stopping(run: string, step: number) {
  const controller = new AbortController();
  const begun: string[] = [];
  const reporter: Reporter = {
    ...silentReporter,
    info: (message) => {
      const name = /^run (\S+):/.exec(lineIn(message, 'en'))?.[1];
      if (name) begun.push(name);
    },
    progress: (title) => ({
      update: (done) => {
        if (title.startsWith('train') && begun.at(-1) === run && done === step) controller.abort();
      },
      end: () => {},
    }),
  };
  return { signal: controller.signal, reporter, begun };
}

test(
  'two techniques under two seeds, interrupted and gone on with, end in the same results',
  async () => {
    const { results: whole } = await runExperiment(job('whole'));
    expect(whole.runs.map(({ technique, seed, status }) => `${technique} ${seed} ${status}`)).toEqual(
      ['baseline', 'weighted', 'cosine'].flatMap((name) => [1, 2].map((seed) => `${name} ${seed} finished`)),
    );
    expect(new Set(whole.runs.map(({ digest }) => digest)).size).toBe(6);
    expect(whole.data).toMatchObject({ training: { rows: 70 }, judged: { rows: 60 } });
    expect(whole.gold).toHaveLength(60);
    for (const { verdict, against, finished } of whole.techniques) {
      expect(verdict).not.toBeNull();
      expect(against!.macro_f1.low).toBeLessThanOrEqual(against!.macro_f1.high);
      expect(finished).toEqual([1, 2]);
    }
    expect(await files('whole')).toEqual(
      ['ablation.en.svg', 'ablation.svg', 'results.en.md', 'results.json', 'results.md', 'runs'].sort(),
    );
    const runFolder = join(root, 'whole', 'experiments', 'tiny', 'runs', 'weighted-seed-2');
    expect((await readdir(runFolder)).sort()).toEqual(['predictions.jsonl', 'run.json', 'training']);
    expect((await readdir(join(runFolder, 'training'))).sort()).toEqual([
      'timings.json',
      'trainer_state.json',
      'training_log.jsonl',
    ]);

    const stop = stopping('weighted-seed-1', 3);
    await expect(runExperiment(job('stopped', stop))).rejects.toThrow('Interrupted after step 3');
    expect(stop.begun).toEqual(['baseline-seed-1', 'baseline-seed-2', 'weighted-seed-1']);
    const partial = await written('stopped');
    expect(partial.techniques.map(({ verdict, missing }) => [verdict, missing])).toEqual([
      [null, [1, 2]],
      [null, [1, 2]],
    ]);

    const rest = stopping('', 0);
    const { results: resumed } = await runExperiment(job('stopped', rest));
    expect(rest.begun).toEqual(['weighted-seed-1', 'weighted-seed-2', 'cosine-seed-1', 'cosine-seed-2']);
    expect(timeless(resumed)).toEqual(timeless(whole));
    expect(timeless(await written('stopped'))).toEqual(timeless(whole));

    const again = stopping('', 0);
    expect(await runExperiment(job('stopped', again))).toEqual({ folder: expect.any(String), results: resumed });
    expect(again.begun).toEqual([]);
  },
  TIMEOUT,
);

test('verdicts, table and figure come anew from committed results alone', async () => {
  const { results } = await runExperiment(job('whole'));
  const beside = join(root, 'tiny.results.json');
  await copyFile(join(root, 'whole', 'experiments', 'tiny', 'results.json'), beside);
  const { results: rebuilt } = await runExperiment(job('rebuilt', { resultsOnly: true, data: '/nowhere' }));
  expect(rebuilt).toEqual(results);
  expect(await readFile(join(root, 'rebuilt', 'experiments', 'tiny', 'ablation.svg'), 'utf8')).toContain('weighted');
  // They count as finished runs, too.
  const none = stopping('', 0);
  expect((await runExperiment(job('elsewhere', none))).results).toEqual(results);
  expect(none.begun).toEqual([]);
  await rm(beside);
  await expect(runExperiment(job('empty', { resultsOnly: true }))).rejects.toThrow('no results of tiny yet');
});

test(
  'a run that fails is recorded with its reason, and the others go on',
  async () => {
    const spoilt = join(root, 'spoilt');
    await writeTinyEncoder(spoilt);
    const weights = join(spoilt, 'model.safetensors');
    const bytes = await readFile(weights);
    // The last 5,000 floats become so large that sums of their products are infinite.
    await writeFile(weights, bytes.fill(0x7f, bytes.length - 20_000));
    const broken = await config('broken', join(root, 'encoder'), { exploding: { encoder: spoilt }, ...TECHNIQUES });
    const { results } = await runExperiment(job('broken', { file: broken }));
    const [exploding, weighted] = results.techniques;
    expect(exploding).toMatchObject({ finished: [], verdict: null, failed: [{ seed: 1 }, { seed: 2 }] });
    expect(exploding!.failed[0]!.reason).toContain('loss');
    expect(weighted!.verdict).not.toBeNull();
  },
  TIMEOUT,
);

test(
  'test rows are read for --final alone: without their file all else works',
  async () => {
    await expect(runExperiment(job('whole', { final: true }))).rejects.toThrow('dev, validation or test');
    const both = join(root, 'both');
    await mkdir(both, { recursive: true });
    for (const name of ['klue-re-sample_train.json', 'klue-re-sample_dev.json', 'relation_list.json'])
      await copyFile(join(SAMPLE, name), join(both, name));
    const before = (await written('whole')).runs;
    const { results } = await runExperiment(job('whole', { final: true, data: both }));
    expect(results.runs).toEqual(before);
    expect(results.final!.test.file.path).toBe('klue-re-sample_dev.json');
    expect(results.final!.runs.filter(({ technique }) => technique === 'baseline')).toHaveLength(2);
    expect(results.final!.baseline.mean.accuracy).not.toBeNull();
    expect(existsSync(join(root, 'whole', 'experiments', 'tiny', 'runs', 'baseline-seed-1', 'training', 'best'))).toBe(
      false,
    );
    // Kept with what it was measured on, and not measured again.
    const none = stopping('', 0);
    expect((await runExperiment(job('whole', none))).results.final).toEqual(results.final);
    expect(none.begun).toEqual([]);
  },
  TIMEOUT,
);

test('the command prints the table, and an object with --json', async () => {
  const args = ['experiment', '--config', file, '--data', data, '--out', join(root, 'whole'), '--lang', 'en'];
  const { code, out } = await runKorex([...args, '--results-only']);
  expect(code).toBe(0);
  expect(out).toMatch(/Technique\s+Verdict\s+Macro-F1/);
  expect(out).toContain('weighted');
  // Without --results-only it comes to the same runs, and finds all of them finished.
  const before = await written('whole');
  const { out: json } = await runKorex([...args, '--threads', '1', '--json']);
  expect(await written('whole')).toEqual(before);
  expect(JSON.parse(json)).toMatchObject({ experiment: { name: 'tiny' }, techniques: [{ technique: 'weighted' }, {}] });
  expect(json).not.toContain('"predicted"');
});
