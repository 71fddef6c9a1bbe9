import { readFile } from 'node:fs/promises';
import { type LiveLogHead, parseLiveLog } from '../../../engine/runs/liveLog.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import { type LogEntry, parseLog } from '../../../engine/runs/trainingLog.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';

/** A run's log so far; `head` is what a training in progress is to become. */
export interface LogSoFar {
  readonly head: LiveLogHead | null;
  readonly log: readonly LogEntry[];
}

/** The live log where there is one, else the finished one, else null. A log that cannot be read counts as none. */
export async function readLog(root: string, name: string): Promise<LogSoFar | null> {
  for (const [file, read] of [
    [RUN_FILES.liveLog, readLive],
    [RUN_FILES.log, readWhole],
  ] as const) {
    const path = await fileInside(root, name, file);
    const found = path && (await read(path).catch(gone));
    if (found) return found;
  }
  return null;
}

/** The live log goes the moment that the training ends, also between looking and reading. */
const gone = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};

const readLive = fileMemo(async (path): Promise<LogSoFar | null> => parseLiveLog(await readFile(path, 'utf8')));

const readWhole = fileMemo(async (path): Promise<LogSoFar | null> => {
  const log = parseLog(await readFile(path, 'utf8'));
  return log && { head: null, log };
});

/** The last step of a log; 0 of an empty one. */
export const lastStep = (log: readonly LogEntry[]): number => log.at(-1)?.step ?? 0;

/** What a client that has seen everything up to step `after` lacks; the validation of that very step may come later. */
export const entriesAfter = (log: readonly LogEntry[], after: number): LogEntry[] =>
  log.filter((entry) => entry.step > after || ('validation' in entry && entry.step === after && after > 0));
