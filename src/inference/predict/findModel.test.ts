import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startHub } from '../../../test/support/hubServer.ts';
import { BOXED_MODEL, findModel } from './findModel.ts';

let runs: string;
/** A folder that looks like a model of a certain age. */
async function model(path: string, minutesOld: number): Promise<void> {
  const folder = join(runs, path);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), '{}');
  const time = new Date(Date.now() - minutesOld * 60_000);
  await utimes(join(folder, 'config.json'), time, time);
}

beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'korex-runs-'));
  await model('old/best', 20);
  await model('old/checkpoint-8', 30);
  await model('new/best', 10);
  await mkdir(join(runs, 'untrained'));
});
afterAll(() => rm(runs, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

test('a run’s name, a run folder, a checkpoint', async () => {
  const best = { folder: join(runs, 'old', 'best'), name: 'old' };
  expect(await findModel('old', runs)).toEqual(best);
  expect(await findModel(join(runs, 'old'), 'elsewhere')).toEqual(best);
  expect(await findModel(join(runs, 'old', 'best'), 'elsewhere')).toEqual(best);
  expect((await findModel(join(runs, 'old', 'checkpoint-8'), 'elsewhere')).name).toBe('old-checkpoint-8');
});

test('the model in the box where none is named, and by its name', async () => {
  expect(await findModel(null, runs)).toEqual(BOXED_MODEL);
  expect(await findModel('korex-small', runs)).toEqual(BOXED_MODEL);
});

test('the newest run where that is asked for', async () => {
  const newest = { folder: join(runs, 'new', 'best'), name: 'new' };
  expect(await findModel(null, runs, { newest: true })).toEqual(newest);
  expect(await findModel('korex-small', runs, { newest: true })).toEqual(BOXED_MODEL);
});

test('no such model: the runs there are', async () => {
  await expect(findModel('untrained', runs)).rejects.toMatchObject({
    kind: 'usage',
    hint: `Runs below ${runs}: new, old.`,
  });
  await expect(findModel(null, join(runs, 'untrained'), { newest: true })).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('npm start'),
  });
});

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** A Hub with one model, as the only one that korex sees, and an empty cache. */
async function hubWithModel(cache: string, files: Readonly<Record<string, string>>) {
  const served = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
  const hub = await startHub({ id: 'org/relations', commit: COMMIT, files: served });
  const variables = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: join(runs, cache), HF_TOKEN: '' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return hub;
}

const CONFIG = JSON.stringify({
  ...{ model_type: 'bert', vocab_size: 10, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 1 },
  ...{ intermediate_size: 4, max_position_embeddings: 8 },
});
const FILES = { 'config.json': CONFIG, 'tokenizer.json': '{}', 'model.safetensors': '' };

test('a model of the Hub is downloaded once, with how it was calibrated, and without what korex does not read', async () => {
  const hub = await hubWithModel('cache', { ...FILES, 'calibration.json': '{}', 'onnx/model.onnx': '' });
  const folder = join(runs, 'cache', 'models--org--relations', 'snapshots', COMMIT);
  expect(await findModel('org/relations', runs)).toEqual({ folder, name: 'relations' });
  expect((await readdir(folder)).sort()).toEqual(['calibration.json', ...Object.keys(FILES)].sort());
  hub.seen.length = 0;
  expect(await findModel(`org/relations@${COMMIT}`, runs)).toEqual({ folder, name: `relations@${COMMIT}` });
  expect(hub.seen).toEqual([]);
});

test('a run of that name goes before the Hub', async () => {
  const hub = await hubWithModel('other-cache', FILES);
  await model('org/relations/best', 40);
  expect((await findModel('org/relations', runs)).folder).toBe(join(runs, 'org', 'relations', 'best'));
  expect(hub.seen).toEqual([]);
  await rm(join(runs, 'org'), { recursive: true });
});

test('what is neither here nor on the Hub: all places that were looked at', async () => {
  await hubWithModel('empty-cache', FILES);
  await expect(findModel('org/absent', runs)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(
      /^--model org\/absent: no model in org\/absent, .*org\/absent\/best, .*; on the Hub: .*org\/absent/,
    ),
  });
  vi.stubEnv('HF_HUB_OFFLINE', '1');
  await expect(findModel('org/relations', runs)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('HF_HUB_OFFLINE'),
    hint: expect.stringContaining('--model FOLDER'),
  });
});
