import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../core/errors.ts';
import { toJson, writeFailure } from '../core/files.ts';

const LOCK_FILE = '.korex.lock';

/** `started` tells a process from a later one with the same number; null where the system does not say. */
const lockSchema = z.object({ pid: z.number().int().positive(), started: z.string().nullable() });
type Lock = z.output<typeof lockSchema>;

/**
 * Runs `work` while no other korex process writes to `out`. A lock whose process is gone is taken over.
 * Errors: `failed` where another process holds the folder.
 */
export async function withLock<T>(out: string, work: () => Promise<T>): Promise<T> {
  const path = join(out, LOCK_FILE);
  await takeLock(out, path);
  // A second Ctrl-C ends the process without the `finally` below.
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function takeLock(out: string, path: string): Promise<void> {
  await mkdir(out, { recursive: true }).catch((error) => {
    throw writeFailure(out, error);
  });
  const mine: Lock = { pid: process.pid, started: startTime(process.pid) };
  if (await createLock(path, mine)) return;
  const holder = await readLock(path);
  if (holder && isAlive(holder)) throw held(out, ` (number ${holder.pid})`);
  await rm(path, { force: true });
  // Who comes second here met another process that took the stale lock over.
  if (!(await createLock(path, mine))) throw held(out, '');
}

/** Creates the file unless it exists; false where it does. */
async function createLock(path: string, lock: Lock): Promise<boolean> {
  try {
    await writeFile(path, toJson(lock), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeFailure(path, error);
  }
}

const held = (out: string, who: string) =>
  failure(
    `Another korex process${who} is working in ${out}.`,
    'Wait until it has finished, or write to another folder with --out.',
  );

async function readLock(path: string): Promise<Lock | null> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive({ pid, started }: Lock): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === startTime(pid);
}

/** Clock ticks after boot at which a process began, from Linux's `/proc`: process numbers are used again, in containers soon. */
function startTime(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold spaces and ends with the last parenthesis; field 22 is the start.
    return fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
