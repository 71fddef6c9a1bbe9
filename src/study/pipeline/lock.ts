import { join } from 'node:path';
import { failure } from '../../base/core/errors.ts';
import { isLocked, tryLock } from '../../base/core/fileLock.ts';

const LOCK_FILE = '.korex.lock';

/**
 * Runs `work` while no other korex process writes to `out`. A lock whose process is gone is taken over.
 * Errors: `failed` where another process holds the folder.
 */
export async function withLock<T>(out: string, work: () => Promise<T>): Promise<T> {
  const lock = await tryLock(join(out, LOCK_FILE));
  if ('holder' in lock) {
    const who = lock.holder === null ? '' : ` (number ${lock.holder})`;
    throw failure(
      `Another korex process${who} is working in ${out}.`,
      'Wait until it has finished, or write to another folder with --out.',
    );
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Whether a korex process is writing to `out` now. */
export const isBeingWritten = (out: string): Promise<boolean> => isLocked(join(out, LOCK_FILE));
