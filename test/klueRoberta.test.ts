import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startHub, type TestHub } from './support/hubServer.ts';
import { SMALL_TOKENIZER, writeKlueRoberta } from './support/klueRoberta.ts';
import { pythonHas } from './support/python.ts';
import { runKorex } from './support/runKorex.ts';

// The whole path of klue/roberta-base: download, load, train, evaluate, from a small random checkpoint of its layout.

const ID = 'klue/roberta-base';
const COMMIT = '02f94ba5e3fcb7e2a58a390b8639b0fac974a8da';
const official = process.env.KOREX_KLUE_ROBERTA_DIR;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-klue-roberta-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** Runs a command line with `--json`, and gives back what it printed. */
async function korex(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await runKorex([...args, '--json']);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Record<string, unknown>;
}

/** Serves a folder's files but those left out, and lets korex see no other Hub and no other cache. */
async function serve(folder: string, cache: string, leftOut: readonly string[] = []): Promise<TestHub> {
  const names = readdirSync(folder).filter((name) => !leftOut.includes(name));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  const hub = await startHub({ id: ID, commit: COMMIT, files });
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
  await korex('train', '--encoder', ID, '--name', 'tiny', '--max-length', '96', ...SMALL_RUN, '--out', folder);
  const evaluated = await korex('evaluate', '--model', 'tiny', '--eval-rows', '30', '--threads', '1', '--out', folder);
  expect(evaluated.metrics).toMatchObject({ n: 30, accuracy: expect.any(Number), macro_f1: expect.any(Number) });
  return readFileSync(join(String(evaluated.folder), 'predictions.jsonl'), 'utf8');
}

const TOKENIZERS = [
  { name: 'a small tokenizer of the same kind', tokenizer: SMALL_TOKENIZER, missing: false },
  { name: 'its own tokenizer', tokenizer: official ?? '', missing: official === undefined },
];

describe.each(TOKENIZERS)('with $name', ({ tokenizer, missing }) => {
  // Reported as skipped where KOREX_KLUE_ROBERTA_DIR does not name the official tokenizer's folder.
  test.skipIf(missing)('downloads, trains and evaluates', async () => {
    await writeKlueRoberta(join(root, 'model'), tokenizer);
    const hub = await serve(join(root, 'model'), 'cache');
    await trainAndEvaluate('out');
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
  });
});

test.skipIf(!pythonHas('torch', 'safetensors'))(
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
