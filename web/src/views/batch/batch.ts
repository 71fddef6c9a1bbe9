import { signal } from '@preact/signals';
import { blobSource } from '../../../../src/base/data/formats/byteSource.ts';
import { openSource } from '../../../../src/base/data/openSource.ts';
import { isAbort } from '../../api/http.ts';
import type { BatchSender } from '../../api/predictor.ts';
import { type BadRow, type BatchResult, runBatch } from './runBatch.ts';

export interface BatchState {
  readonly phase: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  readonly name: string;
  /** How the file was taken where that is no matter of course, e.g. its encoding. */
  readonly notes: readonly string[];
  /** Grow while the batch runs; a new array each time the page shows more. */
  readonly results: readonly BatchResult[];
  readonly bad: readonly BadRow[];
  /** Of the file's bytes, how many were read. */
  readonly share: number;
  readonly seconds: number;
  readonly error: unknown;
}

const IDLE: BatchState = {
  ...{ phase: 'idle', name: '', notes: [], results: [], bad: [], share: 0, seconds: 0, error: null },
};
/** Often enough to look alive, seldom enough to leave the time to the rows. */
const REFRESH = 200;
/** Candidates in each answer. */
const TOP_K = 3;

/** The page's batch: it goes on, and its results stay, while other views are looked at. */
export const batch = signal<BatchState>(IDLE);

let control: AbortController | null = null;

export const stopBatch = (): void => control?.abort();

/** Answers a file; one that runs already is stopped. */
export async function startBatch(file: File, send: BatchSender): Promise<void> {
  control?.abort();
  const current = new AbortController();
  control = current;
  const results: BatchResult[] = [];
  const bad: BadRow[] = [];
  let notes: readonly string[] = [];
  const began = performance.now();
  const source = blobSource(file, file.name);
  let shownAt = 0;
  const show = (phase: BatchState['phase'], error: unknown = null) => {
    // The file that replaced this one has the page.
    if (control !== current) return;
    batch.value = {
      phase,
      name: file.name,
      notes,
      results: [...results],
      bad: [...bad],
      share: file.size === 0 ? 1 : Math.min(1, source.position / file.size),
      seconds: (performance.now() - began) / 1000,
      error,
    };
  };
  show('running');
  try {
    const rows = await openSource(source, file.name);
    notes = rows.notes;
    for await (const news of runBatch(rows, send, TOP_K, current.signal)) {
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
}
