import { useRef, useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import type { LogEntry } from '../../../../src/engine/runs/trainingLog.ts';
import { isAbort } from '../../api/http.ts';
import { readRunLog, readRuns } from '../../api/pageData.ts';
import { usePolling } from '../../api/usePolling.ts';
import { joinLog } from './log.ts';

/** How often to look: the log grows about once a second while a run trains; without one, a new run may begin. */
const BUSY_MS = 1500;
const IDLE_MS = 8000;

/** The runs, looked up again while the view is open. */
export function useRuns(): { runs: RunEntry[] | null; error: unknown } {
  const [state, setState] = useState<{ runs: RunEntry[] | null; error: unknown }>({ runs: null, error: null });
  const last = useRef('');
  usePolling('runs', async (signal) => {
    try {
      const runs = await readRuns(signal);
      const text = JSON.stringify(runs);
      // The same list again would draw the whole view again.
      if (text !== last.current) setState({ runs, error: null });
      last.current = text;
      return runs.some(({ status }) => status === 'training') ? BUSY_MS : IDLE_MS;
    } catch (error) {
      if (!isAbort(error)) setState(({ runs }) => ({ runs, error }));
      last.current = '';
      return IDLE_MS;
    }
  });
  return state;
}

export type Logs = ReadonlyMap<string, readonly LogEntry[]>;

/** The logs of runs, followed while they train. */
export function useLogs(names: readonly string[]): Logs {
  const [logs, setLogs] = useState<Logs>(new Map());
  const kept = useRef(new Map<string, readonly LogEntry[]>());
  usePolling(names.join('\n'), async (signal) => {
    let isBusy = false;
    for (const name of names)
      try {
        const before = kept.current.get(name) ?? [];
        const answer = await readRunLog(name, before.at(-1)?.step ?? 0, signal);
        isBusy ||= answer.status === 'training';
        const log = joinLog(before, answer);
        // Trained again: from the beginning next time.
        if (log === null) kept.current.delete(name);
        else if (log !== before || !kept.current.has(name)) kept.current.set(name, log);
        if (log === null) isBusy = true;
      } catch (error) {
        if (isAbort(error)) return IDLE_MS;
      }
    setLogs((shown) => {
      const next = new Map(names.flatMap((name) => [[name, kept.current.get(name) ?? []] as const]));
      const isSame = next.size === shown.size && [...next].every(([name, log]) => shown.get(name) === log);
      return isSame ? shown : next;
    });
    return isBusy ? BUSY_MS : IDLE_MS;
  });
  return logs;
}
