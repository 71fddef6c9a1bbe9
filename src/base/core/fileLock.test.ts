import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLocked, type LockAttempt, tryLock } from './fileLock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

const STALE = JSON.stringify({ pid: process.pid, started: 'before' });

// What one call does while another waits is what processes do to each other.
test.each([
  ['a stale lock', STALE],
  ['a lock cut short', ''],
])('of many that come at once and find %s, one takes it', async (_, content) => {
  for (let round = 0; round < 20; round++) {
    await writeFile(path, content);
    const attempts: LockAttempt[] = await Promise.all(Array.from({ length: 12 }, () => tryLock(path)));
    const taken = attempts.filter((attempt) => 'release' in attempt);
    expect(taken).toHaveLength(1);
    expect(await isLocked(path)).toBe(true);
    taken[0]!.release();
    expect(await readdir(folder)).toEqual([]);
  }
});
