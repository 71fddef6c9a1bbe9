import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJsonLines, toJsonLines } from '../../base/core/files.ts';
import { checkpointName, checkpointStep, checkpointSteps, RUN_FILES, runFolder, runNames } from './runFolder.ts';
import { parseLog } from './trainingLog.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-runs-'));
});
afterAll(() => rm(out, { recursive: true }));

test('a checkpoint is named for its step, and no other folder is one', () => {
  expect(checkpointStep(checkpointName(120))).toBe(120);
  for (const name of ['best', 'checkpoint-', 'checkpoint-12.partial', 'my-checkpoint-12', 'checkpoint-1a'])
    expect(checkpointStep(name)).toBeNull();
});

test('checkpoints come newest first, by number and not by name', async () => {
  const run = runFolder(out, 'steps');
  for (const name of ['checkpoint-9', 'checkpoint-100', 'checkpoint-20', 'best', 'checkpoint-20.partial'])
    await mkdir(join(run, name), { recursive: true });
  expect(await checkpointSteps(run)).toEqual([100, 20, 9]);
  expect(await checkpointSteps(runFolder(out, 'none'))).toEqual([]);
});

test('finished runs: those of the study in their order, then others by name; unfinished ones are left out', async () => {
  for (const name of ['weighted', 'zeta', 'untrained', 'alpha']) {
    await mkdir(runFolder(out, name), { recursive: true });
    await writeFile(join(runFolder(out, name), RUN_FILES.summary), '{}');
  }
  expect(await runNames(out)).toEqual(['untrained', 'weighted', 'alpha', 'zeta']);
  expect(await runNames(join(out, 'none'))).toEqual([]);
});

test('JSONL: an object a line; a broken line is named, and makes a log none', () => {
  const entries = [{ step: 1, epoch: 1, loss: 2, lr: 0.1, norm: 1 }];
  expect(parseJsonLines(toJsonLines(entries))).toEqual(entries);
  expect(parseLog(toJsonLines(entries))).toEqual(entries);
  expect(() => parseJsonLines('{}\n\n{"a": \n')).toThrow(/^line 3: /);
  expect(parseLog(`${toJsonLines(entries)}{"step"`)).toBeNull();
  expect(parseLog('{"step": 1}\n')).toBeNull();
});
