import { signal } from '@preact/signals';
import type { Localized } from '../../../../src/base/core/types.ts';
import { blobSource } from '../../../../src/base/data/formats/byteSource.ts';
import { type ColumnMapping, FileError } from '../../../../src/base/data/formats/format.ts';
import { openSource } from '../../../../src/base/data/openSource.ts';
import { isAbort } from '../../api/http.ts';
import type { BatchSender } from '../../api/predictor.ts';
import { type Preview, previewOf } from './preview.ts';
import { type BadRow, type BatchResult, runBatch } from './runBatch.ts';

export interface BatchState {
  readonly phase: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  readonly file: File | null;
  /** As the visitor chose them. */
  readonly columns: ColumnMapping;
  /** To choose the columns by, where korex finds none or the visitor asks for it. */
  readonly preview: Preview | null;
  /** How the file was taken where that is no matter of course, e.g. its encoding. */
  readonly notes: readonly Localized[];
  /** Grow while the batch runs; a new array each time the page shows more. */
  readonly results: readonly BatchResult[];
  readonly bad: readonly BadRow[];
  /** Of the file's bytes, how many were read. */
  readonly share: number;
  readonly seconds: number;
  readonly error: unknown;
}

const IDLE: BatchState = {
  ...{ phase: 'idle', file: null, columns: {}, preview: null, notes: [] },
  ...{ results: [], bad: [], share: 0, seconds: 0, error: null },
};
/** Often enough to look alive, seldom enough to leave the time to the rows. */
const REFRESH = 200;
/** Candidates in each answer. */
const TOP_K = 3;

/** The page's batch: it goes on, and its results stay, while other views are looked at. */
export const batch = signal<BatchState>(IDLE);

let control: AbortController | null = null;

export const stopBatch = (): void => control?.abort();

/** Shows the file's first rows, to choose its columns by. */
export async function chooseColumns(): Promise<void> {
  const { file } = batch.value;
  const preview = file && (await previewOf(file));
  if (batch.value.file === file) batch.value = { ...batch.value, preview };
}

/**
 * Answers a file; one that runs already is stopped.
 *
 * @param columns the visitor's own choice, where korex does not know the file's columns
 */
export async function startBatch(file: File, send: BatchSender, columns: ColumnMapping = {}): Promise<void> {
  control?.abort();
  const current = new AbortController();
  control = current;
  const results: BatchResult[] = [];
  const bad: BadRow[] = [];
  let notes: readonly Localized[] = [];
  const began = performance.now();
  const source = blobSource(file, file.name);
  let shownAt = 0;
  const show = (phase: BatchState['phase'], error: unknown = null) => {
    // The file that replaced this one has the page.
    if (control !== current) return;
    batch.value = {
      phase,
      file,
      columns,
      preview: null,
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
    const rows = await openSource(source, file.name, { columns });
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
    if (results.length === 0) await chooseColumns();
  } catch (error) {
    if (isAbort(error) || current.signal.aborted) return show('stopped');
    show('failed', error);
    if (error instanceof FileError && ['columns', 'foreign'].includes(error.fault)) await chooseColumns();
  }
}
