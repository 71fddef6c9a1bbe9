import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { toJson, writeFailure } from './files.ts';

/** Taken, with the function that gives it back; or held by a living process (its number, where the file says). */
export type LockAttempt = { readonly release: () => void } | { readonly holder: number | null };

/** `started` tells a process from a later one with the same number; null where the system does not say. */
const lockSchema = z.object({ pid: z.number().int().positive(), started: z.string().nullable() });
type Lock = z.output<typeof lockSchema>;

/**
 * Takes a lock file, creating the folders on the way. A lock whose process is gone is taken over; one that is held when
 * the process ends goes with it.
 *
 * Errors: `failed` where the system refuses to write the file.
 */
export async function tryLock(path: string): Promise<LockAttempt> {
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw writeFailure(dirname(path), error);
  });
  const mine: Lock = { pid: process.pid, started: startTime(process.pid) };
  if (await createLock(path, mine)) return taken(path);
  const holder = await readLock(path);
  if (holder && isAlive(holder)) return { holder: holder.pid };
  await rm(path, { force: true });
  // Who comes second here met another process that took the stale lock over.
  return (await createLock(path, mine)) ? taken(path) : { holder: null };
}

/** Whether a living process holds the lock file; looks only. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readLock(path);
  return holder !== null && isAlive(holder);
}

function taken(path: string): LockAttempt {
  const remove = () => rmSync(path, { force: true });
  // A second Ctrl-C ends the process before its holder gives it back.
  process.once('exit', remove);
  return {
    release: () => {
      process.off('exit', remove);
      remove();
    },
  };
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
