import { useEffect, useRef, useState } from 'preact/hooks';
import { blobSource } from '../../../../src/base/data/formats/byteSource.ts';
import { openSource } from '../../../../src/base/data/openSource.ts';
import { isAbort } from '../../api/http.ts';
import { useService } from '../../api/predictor.ts';
import { type BadRow, type BatchResult, runBatch } from './runBatch.ts';

export interface BatchState {
  readonly phase: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  readonly name: string;
  /** Grow while the batch runs; a new array each time the page shows more. */
  readonly results: readonly BatchResult[];
  readonly bad: readonly BadRow[];
  /** Of the file's bytes, how many were read. */
  readonly share: number;
  readonly seconds: number;
  readonly error: unknown;
}

const IDLE: BatchState = { phase: 'idle', name: '', results: [], bad: [], share: 0, seconds: 0, error: null };
/** Often enough to look alive, seldom enough to leave the time to the rows. */
const REFRESH = 200;

/** Runs one file at a time; a new file, or leaving the view, stops the one before. */
export function useBatch(): {
  state: BatchState;
  start: (file: File, topK: number) => void;
  stop: () => void;
} {
  const { sendBatch } = useService();
  const [state, setState] = useState<BatchState>(IDLE);
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);

  const start = async (file: File, topK: number) => {
    control.current?.abort();
    const current = new AbortController();
    control.current = current;
    const results: BatchResult[] = [];
    const bad: BadRow[] = [];
    const began = performance.now();
    const source = blobSource(file, file.name);
    let shownAt = 0;
    const show = (phase: BatchState['phase'], error: unknown = null) => {
      // The file that replaced this one has the page.
      if (control.current !== current) return;
      const seconds = (performance.now() - began) / 1000;
      setState({
        phase,
        name: file.name,
        results: [...results],
        bad: [...bad],
        share: file.size === 0 ? 1 : Math.min(1, source.position / file.size),
        seconds,
        error,
      });
    };
    show('running');
    try {
      const rows = await openSource(source, file.name);
      for await (const news of runBatch(rows, sendBatch!, topK, current.signal)) {
        results.push(...news.results);
        bad.push(...news.bad);
        const now = performance.now();
        if (now - shownAt < REFRESH) continue;
        shownAt = now;
        show('running');
      }
      show('done');
    } catch (error) {
      if (isAbort(error) || current.signal.aborted) show('stopped');
      else show('failed', error);
    }
  };
  return { state, start, stop: () => control.current?.abort() };
}
