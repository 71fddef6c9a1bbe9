import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFolder } from './folders.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-folders-'));
});
afterEach(() => rm(root, { recursive: true }));

const filled = (name: string) => (folder: string) => writeFile(join(folder, name), '');

test.each(['page', 'page/', './page', 'deep/er/page//'])('%s is written, and replaced, as a whole', async (name) => {
  const path = `${root}/${name}`;
  await replaceFolder(path, filled('first'));
  expect(await readdir(path)).toEqual(['first']);
  await replaceFolder(path, filled('second'));
  expect(await readdir(path)).toEqual(['second']);
  expect(await readdir(join(path, '..'))).toEqual(['page']);
});

test('an existing folder stays where the new one fails, and nothing half-finished is left', async () => {
  const path = join(root, 'page');
  await mkdir(path);
  await writeFile(join(path, 'old'), '');
  await expect(replaceFolder(path, () => Promise.reject(new Error('full')))).rejects.toMatchObject({ kind: 'failed' });
  const stopped = (folder: string) => writeFile(join(folder, 'new'), '', { signal: AbortSignal.abort() });
  await expect(replaceFolder(path, stopped)).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(root)).toEqual(['page']);
  expect(await readdir(path)).toEqual(['old']);
});
