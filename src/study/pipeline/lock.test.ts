import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.ts';

let out: string;
let lock: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-lock-'));
  lock = join(out, '.korex.lock');
});
afterEach(() => rm(out, { recursive: true }));

const nothing = async () => 'done';

test('a folder is locked while the work runs, also when it fails', async () => {
  await withLock(out, async () => {
    await expect(withLock(out, nothing)).rejects.toMatchObject({
      kind: 'failed',
      message: `Another korex process (number ${process.pid}) is working in ${out}.`,
    });
  });
  await expect(withLock(out, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(existsSync(lock)).toBe(false);
  expect(await withLock(out, nothing)).toBe('done');
});

test('a lock whose process is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await writeFile(lock, JSON.stringify({ pid: child.pid, started: null }));
  expect(await withLock(out, nothing)).toBe('done');
});

test('a lock of an earlier process with a number in use again, or one cut short, is taken over', async () => {
  await writeFile(lock, JSON.stringify({ pid: process.pid, started: 'before' }));
  expect(await withLock(out, nothing)).toBe('done');
  await writeFile(lock, '{"pid":');
  expect(await withLock(out, nothing)).toBe('done');
});

test('folders are made on the way; a file in the way is told', async () => {
  expect(await withLock(join(out, 'a', 'b'), nothing)).toBe('done');
  await writeFile(join(out, 'file'), '');
  await expect(withLock(join(out, 'file'), nothing)).rejects.toMatchObject({ kind: 'failed' });
});
