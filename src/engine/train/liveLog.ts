import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemReason, writeFileAtomic } from '../../base/core/files.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import { trainingPlanSchema } from './plan.ts';
import { type LogEntry, logEntrySchema } from './trainingLog.ts';

/** The log of a training that is under way. `training_log.jsonl` takes its place when the training ends. */
export const LIVE_LOG = 'training_log.live.jsonl';

const headSchema = z.object({
  plan: trainingPlanSchema,
  /** Optimizer steps of the whole training, and of an epoch. */
  steps: z.number().int(),
  steps_per_epoch: z.number().int(),
  trained_rows: z.number().int(),
});

/** First line of the file: what the training is to become. The lines after it are those of `training_log.jsonl`. */
export type LiveLogHead = z.output<typeof headSchema>;

/** Lines are gathered for about this long before they are written. */
const INTERVAL_MS = 1000;

export interface LiveLog {
  /** Takes a line; it is in the file about a second later, at once where it is a validation. */
  add(entry: LogEntry): Promise<void>;
  /** Removes the file, when `training_log.jsonl` says all that it says. */
  end(): Promise<void>;
}

/**
 * A log that others can follow while a run trains; nothing of the run depends on it. The file begins anew with what the
 * run has behind it. Where the system refuses to write, it says so once and the training goes on without.
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
  const path = join(folder, LIVE_LOG);
  let waiting = [head, ...before].map(line);
  let written = Number.NEGATIVE_INFINITY;
  let isNew = true;
  let refused = false;
  const flush = async () => {
    const text = waiting.join('');
    waiting = [];
    written = now();
    try {
      await (isNew ? writeFileAtomic(path, text) : appendFile(path, text));
      isNew = false;
    } catch (error) {
      refused = true;
      reporter.warn(`${path} cannot be written, so the run cannot be followed live: ${systemReason(error)}.`);
    }
  };
  return {
    add: async (entry) => {
      if (refused) return;
      waiting.push(line(entry));
      if ('validation' in entry || now() - written >= INTERVAL_MS) await flush();
    },
    end: () => rm(path, { force: true }),
  };
}

const line = (value: LiveLogHead | LogEntry): string => `${JSON.stringify(value)}\n`;

/** A live log as far as its last whole line; null where even the first is not one of korex. */
export function parseLiveLog(text: string): { head: LiveLogHead; log: LogEntry[] } | null {
  const lines = text.split('\n').slice(0, -1).map(parseLine);
  const head = headSchema.safeParse(lines[0]);
  if (!head.success) return null;
  const log = z.array(logEntrySchema).safeParse(lines.slice(1));
  return log.success ? { head: head.data, log: log.data } : null;
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
