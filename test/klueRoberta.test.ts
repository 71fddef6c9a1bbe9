import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS, withSettings } from '../src/base/core/settings.ts';
import { loadRows } from '../src/base/data/loadRows.ts';
import { softmax } from '../src/base/eval/softmax.ts';
import { loadRelationModel } from '../src/engine/nn/relationModel.ts';
import { startHub, type TestHub } from './support/hubServer.ts';
import { SMALL_TOKENIZER, writeKlueRoberta } from './support/klueRoberta.ts';
import { lacksFolder, lacksPython } from './support/needs.ts';
import { runKorex } from './support/runKorex.ts';

// The whole path of klue/roberta-base: download, load, train, evaluate, export, from a small random checkpoint of its layout.

const ID = 'klue/roberta-base';
const COMMIT = '02f94ba5e3fcb7e2a58a390b8639b0fac974a8da';
env.allowRemoteModels = false;
env.localModelPath = '/';

const official = process.env.KOREX_KLUE_ROBERTA_DIR;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-klue-roberta-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** Most words of the sample are not in the small tokenizer. */
const UNREAD = ['--allow-unknown-tokens'];

/** Runs a command line with `--json`, and gives back what it printed. */
async function korex(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await runKorex([...args, '--json']);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Record<string, unknown>;
}

/** Serves a folder's files but those left out, and lets korex see no other Hub and no other cache. */
async function serve(folder: string, cache: string, leftOut: readonly string[] = [], id = ID): Promise<TestHub> {
  const names = readdirSync(folder).filter((name) => name.includes('.') && !leftOut.includes(name));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  const hub = await startHub({ id, commit: COMMIT, files });
  for (const [name, value] of Object.entries({
    HF_ENDPOINT: hub.endpoint,
    HF_HUB_CACHE: join(root, cache),
    HF_TOKEN: '',
  }))
    vi.stubEnv(name, value);
  return hub;
}

const SMALL_RUN = ['--train-rows', '48', '--eval-rows', '30', '--epochs', '1', '--batch-size', '8', '--threads', '1'];

/** Trains a few steps and evaluates; gives back the predictions file. */
async function trainAndEvaluate(out: string): Promise<string> {
  const folder = join(root, out);
  await korex(
    'train',
    '--encoder',
    ID,
    '--name',
    'tiny',
    '--max-length',
    '96',
    ...SMALL_RUN,
    ...UNREAD,
    '--out',
    folder,
  );
  return evaluate('tiny', folder);
}

/** Evaluates a model; gives back the predictions file. */
async function evaluate(model: string, out: string): Promise<string> {
  const evaluated = await korex(
    'evaluate',
    '--model',
    model,
    '--eval-rows',
    '30',
    '--threads',
    '1',
    ...UNREAD,
    '--out',
    out,
  );
  expect(evaluated.metrics).toMatchObject({ n: 30, accuracy: expect.any(Number), macro_f1: expect.any(Number) });
  return readFileSync(join(String(evaluated.folder), 'predictions.jsonl'), 'utf8');
}

/** Probabilities by transformers.js for the rows of a predictions file, held against the file's. */
async function expectSameInTransformersJs(exported: string, predictions: string): Promise<void> {
  const { inputs, task } = await loadRelationModel(exported);
  const { rows } = await loadRows('data/sample/klue-re-sample_dev.json');
  const tokenizer = await AutoTokenizer.from_pretrained(exported);
  const model = await AutoModelForSequenceClassification.from_pretrained(exported, { dtype: 'fp32', device: 'cpu' });
  for (const line of predictions.trim().split('\n').slice(0, 5)) {
    const { guid, probabilities } = JSON.parse(line) as { guid: string; probabilities: Record<string, number> };
    const { marked } = inputs.encode(rows.find((row) => row.guid === guid)!);
    const { logits } = (await model(await tokenizer(marked.text))) as { logits: { tolist(): number[][] } };
    for (const [id, probability] of softmax(logits.tolist()[0]!).entries())
      expect(Math.abs(probability - probabilities[task.labelSet.labels[id]!]!)).toBeLessThan(1e-4);
  }
  await model.dispose();
}

const TOKENIZERS = [
  { name: 'a small tokenizer of the same kind', tokenizer: SMALL_TOKENIZER, needs: [] },
  { name: 'its own tokenizer', tokenizer: official ?? '', needs: ['KOREX_KLUE_ROBERTA_DIR'] },
];

describe.each(TOKENIZERS)('with $name', ({ tokenizer, needs }) => {
  // Reported as skipped where KOREX_KLUE_ROBERTA_DIR does not name the official tokenizer's folder.
  test.skipIf(lacksFolder(...needs))('downloads, trains, evaluates and exports', async () => {
    await writeKlueRoberta(join(root, 'model'), tokenizer);
    const hub = await serve(join(root, 'model'), 'cache');
    const predictions = await trainAndEvaluate('out');
    const exported = join(root, 'exported');
    await korex('export', '--model', 'tiny', exported, '--out', join(root, 'out'));
    await expectSameInTransformersJs(exported, predictions);
    const asked = hub.seen.length;
    const listed = await korex('models', 'list');
    expect(listed.encoders).toContainEqual(
      expect.objectContaining({
        encoder: ID,
        recommended: true,
        cached: [expect.objectContaining({ commit: COMMIT, revisions: ['main'] })],
      }),
    );
    expect(hub.seen).toHaveLength(asked);
    expect(await korex('models', 'pull', `${ID}@${COMMIT}`)).toMatchObject({ commit: COMMIT, fetchedBytes: 0 });

    // And back: the export, put on a Hub, gives the same answers by its name there.
    await serve(exported, 'other-cache', [], 'someone/relations');
    expect(await evaluate('someone/relations', join(root, 'elsewhere'))).toBe(predictions);
  });
});

test('the recipe for all official rows trains it, question included', async () => {
  await writeKlueRoberta(join(root, 'model'), SMALL_TOKENIZER);
  await serve(join(root, 'model'), 'cache');
  const recipe = ['--config', 'recipes/klue-roberta-base.json', '--data', 'sample', '--max-length', '96'];
  const out = join(root, 'out');
  await korex('train', ...recipe, ...SMALL_RUN, ...UNREAD, '--out', out);
  const { task } = await loadRelationModel(join(out, '06_klue_re_training/klue-roberta-base/best'));
  expect(task).toMatchObject({ marker: 'typed-punct', head: 'entity-start', question: true });
});

test.each(readdirSync('recipes'))('recipes/%s: every setting is one, and in its range', (name) => {
  const settings = JSON.parse(readFileSync(join('recipes', name), 'utf8')) as Record<string, unknown>;
  expect(withSettings(DEFAULT_SETTINGS, settings, name)).toMatchObject(settings);
});

test.skipIf(lacksPython('torch', 'safetensors'))(
  'pytorch_model.bin, where there is nothing else, leads to the same bytes',
  async () => {
    const model = join(root, 'model');
    await writeKlueRoberta(model, SMALL_TOKENIZER);
    execFileSync('python3', ['test/support/pytorch_file.py', model]);
    await serve(model, 'cache', ['model.safetensors']);
    const fromPickle = await trainAndEvaluate('pickle');
    const hub = await serve(model, 'other-cache');
    expect(await trainAndEvaluate('safetensors')).toBe(fromPickle);
    expect(hub.seen.some(({ path }) => path.endsWith('.bin'))).toBe(false);
  },
);
