import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { toJson, writeFailure } from './files.ts';

/** The lock, with the function that releases it; or the running process that holds it (its number, where the file says). */
export type LockAttempt = { readonly release: () => void } | { readonly holder: number | null };

/** `started` tells a process from a later one with the same number; null where the system does not say. */
const lockSchema = z.object({ pid: z.number().int().positive(), started: z.string().nullable() });
type Lock = z.output<typeof lockSchema>;

/**
 * Takes a lock file, creating missing folders. A lock whose process is gone is taken over; one that is held when the process
 * ends is removed.
 *
 * Errors: `failed` where the system refuses to write the file.
 */
export async function tryLock(path: string): Promise<LockAttempt> {
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw writeFailure(dirname(path), error);
  });
  const mine: Lock = { pid: process.pid, started: processStat(process.pid)?.started ?? null };
  if (createLock(path, mine)) return taken(path);
  const holder = await readLock(path);
  if (holder && isAlive(holder)) return { holder: holder.pid };
  const successor = removeStale(path);
  if (successor) return { holder: successor.pid };
  // Where it exists by now, another process took the stale lock over first.
  return createLock(path, mine) ? taken(path) : { holder: null };
}

/** Whether a running process holds the lock file. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readLock(path);
  return holder !== null && isAlive(holder);
}

function taken(path: string): LockAttempt {
  const remove = () => rmSync(path, { force: true });
  // A second Ctrl-C ends the process before the lock is released.
  process.once('exit', remove);
  return {
    release: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

/** A temporary name beside the lock, of this call alone. */
const neighbour = (path: string): string => `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** Errors of file systems without links (FAT, some network drives). */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Creates the file unless it exists; false where it does. It is linked to its name with its content already in it, so that
 * no other process finds it empty and takes it for a damaged one; without links, the content follows a moment later.
 * Synchronous, so that a killed process hardly ever leaves the draft behind.
 */
function createLock(path: string, lock: Lock): boolean {
  const draft = neighbour(path);
  const content = toJson(lock);
  try {
    writeFileSync(draft, content);
    try {
      linkSync(draft, path);
    } catch (error) {
      if (!NO_LINKS.includes(codeOf(error))) throw error;
      writeFileSync(path, content, { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw writeFailure(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes a lock that was found stale. Another process may have found it stale too and taken it over since: so the file is
 * moved aside and read again, and put back where its process is running; that lock is then the result.
 */
function removeStale(path: string): Lock | null {
  const aside = neighbour(path);
  try {
    renameSync(path, aside);
    const holder = parseLock(readFileSync(aside, 'utf8'));
    if (!holder || !isAlive(holder)) return null;
    renameSync(aside, path);
    return holder;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw writeFailure(path, error);
  } finally {
    rmSync(aside, { force: true });
  }
}

const readLock = async (path: string): Promise<Lock | null> => parseLock(await readFile(path, 'utf8').catch(() => ''));

/** Null for text that is not a complete lock. */
function parseLock(text: string): Lock | null {
  try {
    return lockSchema.parse(JSON.parse(text));
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
  const stat = processStat(pid);
  // A zombie has ended: only its parent has not asked for its exit status yet, and may never do so.
  return !/^[ZX]/.test(stat?.state ?? stateByPs(pid)) && started === (stat?.started ?? null);
}

/** The state of a process, and the clock ticks after boot at which it started, since process numbers are reused: Linux's `/proc`. */
function processStat(pid: number): { readonly state: string; readonly started: string | null } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold spaces and ends with the last parenthesis; fields 3 and 22 are the state and the start.
    const [state = '', ...rest] = fields.slice(fields.lastIndexOf(')') + 2).split(' ');
    return { state, started: rest[18] ?? null };
  } catch {
    return null;
  }
}

/** The state of a process where there is no `/proc`, as on macOS; empty where nobody says. */
function stateByPs(pid: number): string {
  if (process.platform === 'win32') return '';
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}
