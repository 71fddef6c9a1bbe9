import type { RunLog } from '../../../../src/app/serve/page/shapes.ts';
import type { LogEntry } from '../../../../src/engine/runs/trainingLog.ts';

/** A log with its new entries; null where the run was started again and the log with it. */
export function joinLog(before: readonly LogEntry[], { log, last_step }: RunLog): readonly LogEntry[] | null {
  const seen = before.at(-1)?.step ?? 0;
  if (last_step < seen) return null;
  const fresh = log.filter((entry) => !('validation' in entry && before.some((old) => isSame(old, entry))));
  return fresh.length === 0 ? before : [...before, ...fresh];
}

const isSame = (a: LogEntry, b: LogEntry): boolean => 'validation' in a && a.step === b.step;
