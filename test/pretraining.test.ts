import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../src/base/core/files.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { loadMaskedLanguageModel } from '../src/engine/nn/maskedLanguageModel.ts';
import { createRelationModel } from '../src/engine/nn/relationModel.ts';
import { taskOf, untrainedModel } from '../src/engine/train/untrainedModel.ts';
import type { StageContext } from '../src/study/stages/stage.ts';
import { preparePretraining } from '../src/study/stages/training/pretraining.ts';
import { pretrainTask } from '../src/study/stages/training/pretrainTask.ts';
import { prepareRows } from '../src/study/stages/training/rows.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

let folder: string;
let context: StageContext;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-pretraining-'));
  const encoder = join(folder, 'encoder');
  await writeTinyEncoder(encoder);
  const settings = {
    ...DEFAULT_SETTINGS,
    ...{ encoder, trainRows: 80, evalRows: 40, maxLength: 96, threads: 1, epochs: 3, batchSize: 16, lr: 0.02 },
  };
  const dataset = await loadDataset(settings, silentReporter);
  const { signal } = new AbortController();
  context = { settings, dataset, out: folder, reporter: silentReporter, signal };
});
afterAll(() => rm(folder, { recursive: true }));

/** Digests of the files of a folder. */
async function outcome(of: string): Promise<Record<string, string>> {
  const names = (await readdir(of)).sort();
  const digests = names.map(async (name) => [name, sha256(await readFile(join(of, name)))] as const);
  return Object.fromEntries(await Promise.all(digests));
}

test('pretraining lowers the loss of sentences never seen, and ends in the same bytes each time, interrupted or not', async () => {
  const whole = join(folder, 'whole');
  const { held_out_loss: loss, steps, sentences } = await pretrainTask(whole, context);
  expect(loss.after!).toBeLessThan(loss.before! - 0.5);
  expect(steps).toBe(3 * Math.ceil(sentences / 16));
  const expected = await outcome(whole);
  expect(Object.keys(expected)).toEqual([
    ...['config.json', 'model.safetensors', 'pretraining.json', 'pretraining_log.jsonl', 'tokenizer.json'],
    'tokenizer_config.json',
  ]);

  // The first step, within an epoch, the last step of an epoch, the last of all.
  for (const stop of [1, 3, steps / 3, steps]) {
    const target = join(folder, `stopped-${stop}`);
    const controller = new AbortController();
    const reporter = {
      ...silentReporter,
      progress: () => ({ update: (done: number) => done === stop && controller.abort(), end: () => {} }),
    };
    await expect(pretrainTask(target, { ...context, reporter, signal: controller.signal })).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(`Interrupted after step ${stop} of ${steps}`),
    });
    expect(existsSync(target)).toBe(false);
    await pretrainTask(target, context);
    expect(await outcome(target)).toEqual(expected);
    expect(existsSync(`${target}.checkpoint`)).toBe(false);
  }

  // A finished one of the same plan is taken as it is; another plan makes another.
  const { mtimeMs } = await stat(join(whole, 'model.safetensors'));
  await pretrainTask(whole, context);
  expect((await stat(join(whole, 'model.safetensors'))).mtimeMs).toBe(mtimeMs);
  await pretrainTask(whole, { ...context, settings: { ...context.settings, seed: 43 } });
  expect((await outcome(whole))['model.safetensors']).not.toBe(expected['model.safetensors']);
});

test('the result is an encoder with the marker’s tokens, and a masked language model to go on from', async () => {
  const { settings, dataset } = context;
  const target = join(folder, 'stopped-1');
  const task = taskOf(settings, dataset, 96);
  const model = await createRelationModel(target, task, { layers: null, seed: 1 });
  const again = await createRelationModel(target, task, { layers: null, seed: 2 });
  const words = 'bert.embeddings.word_embeddings.weight';
  expect(model.weights.get(words)).toEqual(again.weights.get(words));
  const masked = await loadMaskedLanguageModel(target, { layers: null, tokens: [], seed: 1 });
  expect(masked.notes).toEqual([]);
  expect(masked.weights.get('cls.predictions.bias')!.some((value) => value !== 0)).toBe(true);
  // A token more has a row and a bias more, of which what was learnt stays.
  const grown = await loadMaskedLanguageModel(target, { layers: null, tokens: ['[NEW]'], seed: 1 });
  const bias = grown.weights.get('cls.predictions.bias')!;
  expect(bias.subarray(0, -1)).toEqual(masked.weights.get('cls.predictions.bias'));
  expect(bias.at(-1)).toBe(0);
  const config = JSON.parse(await readFile(join(target, 'config.json'), 'utf8')) as Record<string, unknown>;
  expect(config.architectures).toEqual(['BertForMaskedLM']);
});

test('sentences of validation and test rows are not among those that it learns from', async () => {
  const { settings, dataset } = context;
  const task = taskOf(settings, dataset, 96);
  const { inputs } = await untrainedModel(settings, task);
  const rows = prepareRows(context, { inputs });
  const [first] = rows.train;
  const choice = { layers: null, epochs: 1, lr: 1e-3, dropout: null, seed: 1 };
  const prepare = (test: typeof dataset.test) =>
    preparePretraining({ settings, task, inputs, rows, test }, choice).then(({ sentences }) => sentences);
  const all = await prepare([]);
  const fewer = await prepare([first!.example]);
  const distinct = new Set(rows.train.map(({ example }) => example.sentence));
  expect(all.train).toHaveLength(distinct.size);
  expect(fewer.train).toHaveLength(distinct.size - 1);
  expect(all.train.flatMap(({ marked }) => marked)).toHaveLength(rows.train.length);
  const plain = new Set(all.train.map((sentence) => JSON.stringify(sentence.plain)));
  expect(all.heldOut.length).toBeGreaterThan(0);
  for (const ids of all.heldOut) expect(plain.has(JSON.stringify(ids))).toBe(false);
});

test('korex train pretrains first, once for runs with other training seeds', async () => {
  const out = join(folder, 'out');
  const train = (...args: string[]) =>
    runKorex([
      ...['train', '--encoder', join(folder, 'encoder'), '--out', out, '--train-rows', '40', '--eval-rows', '40'],
      ...['--max-length', '96', '--epochs', '1', '--threads', '1', '--tapt-epochs', '1', '--tapt-lr', '0.01', ...args],
    ]);
  const dry = await train('--name', 'a', '--dry-run');
  expect(dry.err).toBe('');
  expect(dry.out).toContain('masked-language-model pretraining first:');
  expect(existsSync(out)).toBe(false);
  expect((await train('--name', 'a')).code).toBe(0);
  const [key, ...others] = await readdir(join(out, 'pretrained'));
  expect(others).toEqual([]);
  const weights = join(out, 'pretrained', key!, 'model.safetensors');
  const { mtimeMs } = await stat(weights);
  expect((await train('--name', 'b', '--training-seed', '7')).code).toBe(0);
  expect(await readdir(join(out, 'pretrained'))).toEqual([key]);
  expect((await stat(weights)).mtimeMs).toBe(mtimeMs);
  // Rows made from others have no part in it.
  const made = await train('--name', 'c', '--augment', 'delete', '--training-seed', '9', '--dry-run');
  expect(made.out).toContain('(done already)');
  const { plan } = JSON.parse(
    await readFile(join(out, '06_klue_re_training', 'b', 'metrics_summary.json'), 'utf8'),
  ) as {
    plan: Record<string, unknown>;
  };
  expect(plan).toMatchObject({ taptEpochs: 1, taptLr: 0.01, taptSeed: 42, seed: 7 });
  const refused = await train('--name', 'a', '--tapt-epochs', '2', '--resume');
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('taptEpochs');
});

test('korex pretrain writes into a folder of its own alone', async () => {
  const { code, err } = await runKorex(['pretrain', '--to', folder]);
  expect(code).toBe(2);
  expect(err).toContain('is not a folder that korex pretrain made');
});
