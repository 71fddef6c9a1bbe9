import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lacks } from '../../../test/support/needs.ts';
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

const statOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');

test.skipIf(lacks('Linux', process.platform === 'linux'))(
  'a killed process that nobody has reaped holds no lock',
  async () => {
    // `exec` makes a parent of the shell's child that never asks for its exit status.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(String((await once(parent.stdout, 'data'))[0]));
      // The parent is no shell any more.
      while (!readFileSync(`/proc/${parent.pid}/comm`, 'utf8').startsWith('sleep')) await sleep(5);
      const lock = JSON.stringify({ pid, started: statOf(pid)[19] });
      await writeFile(path, lock);
      expect(await isLocked(path)).toBe(true);
      expect(await tryLock(path)).toEqual({ holder: pid });
      process.kill(pid, 'SIGKILL');
      while (statOf(pid)[0] !== 'Z') await sleep(5);
      expect(await isLocked(path)).toBe(false);
      const attempt = await tryLock(path);
      expect(attempt).toHaveProperty('release');
      if ('release' in attempt) attempt.release();
    } finally {
      parent.kill('SIGKILL');
    }
  },
);
