import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJsonLines, systemReason, toJsonLines, writeFileAtomic } from '../../base/core/files.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import { trainingPlanSchema } from './plan.ts';
import { RUN_FILES } from './runFolder.ts';
import { type LogEntry, logSchema } from './trainingLog.ts';

const headSchema = z.object({
  plan: trainingPlanSchema,
  /** Optimizer steps of the whole training, and of an epoch. */
  steps: z.number().int(),
  steps_per_epoch: z.number().int(),
  trained_rows: z.number().int(),
});

/** First line of the file: what the training is to become. The lines after it are those of the finished log. */
export type LiveLogHead = z.output<typeof headSchema>;

/** Lines are gathered for about this long before they are written. */
const INTERVAL_MS = 1000;

export interface LiveLog {
  /** Takes a line; it is in the file about a second later, at once where it is a validation. */
  add(entry: LogEntry): Promise<void>;
  /** Removes the file, when the finished log has the same lines. */
  end(): Promise<void>;
}

/**
 * A log that others can follow while a run trains; nothing of the run depends on it. The file starts with the log so far.
 * Where the system refuses to write, it warns once and the training continues without it.
 *
 * @param now milliseconds of a clock that only grows
 */
export function openLiveLog(
  folder: string,
  head: LiveLogHead,
  before: readonly LogEntry[],
  reporter: Reporter,
  now: () => number = () => performance.now(),
): LiveLog {
  const path = join(folder, RUN_FILES.liveLog);
  let waiting: (LiveLogHead | LogEntry)[] = [head, ...before];
  let written = Number.NEGATIVE_INFINITY;
  let isNew = true;
  let refused = false;
  const flush = async () => {
    const text = toJsonLines(waiting);
    waiting = [];
    written = now();
    try {
      await (isNew ? writeFileAtomic(path, text) : appendFile(path, text));
      isNew = false;
    } catch (error) {
      refused = true;
      const reason = systemReason(error);
      reporter.warn({
        en: `${path} cannot be written, so the run cannot be followed live: ${reason}.`,
        ko: `${path}에 쓸 수 없어 학습을 실시간으로 볼 수 없다: ${reason}.`,
      });
    }
  };
  return {
    add: async (entry) => {
      if (refused) return;
      waiting.push(entry);
      if ('validation' in entry || now() - written >= INTERVAL_MS) await flush();
    },
    end: () => rm(path, { force: true }),
  };
}

/** A live log as far as its last whole line; null where even the first is not one of korex. */
export function parseLiveLog(text: string): { head: LiveLogHead; log: LogEntry[] } | null {
  try {
    const [first, ...lines] = parseJsonLines(text.slice(0, text.lastIndexOf('\n') + 1));
    const head = headSchema.safeParse(first);
    const log = logSchema.safeParse(lines);
    return head.success && log.success ? { head: head.data, log: log.data } : null;
  } catch {
    return null;
  }
}
