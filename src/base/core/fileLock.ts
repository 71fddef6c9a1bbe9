import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
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
  if (createLock(path, mine)) return taken(path);
  const holder = await readLock(path);
  if (holder && isAlive(holder)) return { holder: holder.pid };
  const successor = removeStale(path);
  if (successor) return { holder: successor.pid };
  // Who comes second here met another process that took the stale lock over.
  return createLock(path, mine) ? taken(path) : { holder: null };
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

/** A name of this call's own beside the lock. */
const neighbour = (path: string): string => `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** File systems that know no links (FAT, some network drives). */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Creates the file unless it exists; false where it does. It gets its name with its content in it, so that nobody finds it
 * empty and takes it for one cut short; where there are no links, a moment later. All in one go, so that hardly any kill
 * leaves the draft behind.
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
 * Removes a lock that was found stale. Who found it stale as well may have taken it over since: so the file is moved aside
 * and looked at again, and put back where its process lives, which is then the result.
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

/** Null for what is no lock, such as one cut short. */
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
