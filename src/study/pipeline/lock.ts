import { join } from 'node:path';
import { checkCharts } from '../../base/charts/render.ts';
import { failure } from '../../base/core/errors.ts';
import { isLocked, tryLock } from '../../base/core/fileLock.ts';

const LOCK_FILE = '.korex.lock';

/**
 * Runs `work` while no other korex process writes to `out`. A lock whose process is gone is taken over. Such work draws
 * charts, often after hours, so whether it can is asked first.
 *
 * Errors: `failed` where another process holds the folder; those of `checkCharts`.
 */
export async function withLock<T>(out: string, work: () => Promise<T>): Promise<T> {
  checkCharts();
  const lock = await tryLock(join(out, LOCK_FILE));
  if ('holder' in lock) {
    const [en, ko] = lock.holder === null ? ['', ''] : [` (number ${lock.holder})`, `(번호 ${lock.holder})`];
    throw failure(
      {
        en: `Another korex process${en} is working in ${out}.`,
        ko: `다른 korex 프로세스${ko}가 ${out}에서 일하고 있다.`,
      },
      {
        en: 'Wait until it has finished, or write to another folder with --out.',
        ko: '끝날 때까지 기다리거나, --out으로 다른 폴더에 쓴다.',
      },
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
