import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findModel } from './findModel.ts';

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

test('a run’s name, a run folder, a checkpoint', async () => {
  const best = { folder: join(runs, 'old', 'best'), name: 'old' };
  expect(await findModel('old', runs)).toEqual(best);
  expect(await findModel(join(runs, 'old'), 'elsewhere')).toEqual(best);
  expect(await findModel(join(runs, 'old', 'best'), 'elsewhere')).toEqual(best);
  expect((await findModel(join(runs, 'old', 'checkpoint-8'), 'elsewhere')).name).toBe('old-checkpoint-8');
});

test('the newest run where none is named', async () => {
  expect(await findModel(null, runs, 'none')).toEqual({ folder: join(runs, 'new', 'best'), name: 'new' });
});

test('the model in the box goes before runs', async () => {
  const boxed = join(runs, 'old', 'best');
  expect(await findModel(null, runs, boxed)).toEqual({ folder: boxed, name: 'best' });
});

test('no such model: the runs there are', async () => {
  await expect(findModel('untrained', runs)).rejects.toMatchObject({
    kind: 'usage',
    hint: `Runs below ${runs}: new, old.`,
  });
  await expect(findModel(null, join(runs, 'untrained'), 'none')).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('npm start'),
  });
});
