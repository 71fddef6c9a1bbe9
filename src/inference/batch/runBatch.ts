import { failure, type KorexError, usageError } from '../../base/core/errors.ts';
import { grouped } from '../../base/core/format.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import { badRowsText, type RejectedRow, rejectedRowsText } from '../../base/data/badRows.ts';
import type { RawRow } from '../../base/data/formats/format.ts';
import type { OpenRows } from '../../base/data/openSource.ts';
import type { AnswerOptions } from '../predict/relationExtractor.ts';
import { type BatchModel, batchRow, type ReadyRow } from './batchRow.ts';
import type { Answer, LineFormat } from './lines.ts';
import type { Output } from './output.ts';

export interface BatchJob {
  readonly rows: OpenRows;
  readonly output: Output;
  readonly format: LineFormat;
  readonly model: BatchModel;
  /** For rows that do not say otherwise themselves. */
  readonly answers: AnswerOptions;
  /** Writes the probability of every label, too. */
  readonly probabilities: boolean;
  readonly onBadRow: 'error' | 'skip';
  /** The most rows in a batch of the model. */
  readonly batchSize: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface BatchOutcome {
  /** Rows of the input, and of them those that were rejected. */
  readonly rows: number;
  readonly rejected: number;
  /** Rows that an earlier, interrupted run had dealt with. */
  readonly resumed_from: number;
  readonly seconds: number;
  /** Of this run. */
  readonly rows_per_second: number;
}

/**
 * Rows that are read, answered and written together: enough that sorting them by length leaves nearly no padding, few
 * enough to hold in memory. Windows begin at the same rows however often a run is interrupted, so that the model sees the
 * same batches.
 */
export const WINDOW = 1024;

/**
 * Answers the rows of a file of any size in their order, a window at a time: the next one is read once the last one is
 * written, so that memory stays as it is however slow the reader of the output.
 *
 * Errors: `usage` where the file turns out broken, has no rows or none that can be answered, or has a bad one and
 * `onBadRow` is `error`; `failed` where the output cannot be written or the signal comes. Windows before are kept.
 */
export async function runBatch(job: BatchJob): Promise<BatchOutcome> {
  const { rows, output, signal } = job;
  const begun = performance.now();
  const resumed = output.rows;
  const bar = progressOf(job);
  const firstRejects: RejectedRow[] = [];
  try {
    for await (const window of windowsOf(rows.rows, resumed, signal)) {
      const { ready, rejected } = sorted(window, job);
      if (rejected.length > 0 && job.onBadRow === 'error') throw badRow(job, rejected);
      if (firstRejects.length < 20) firstRejects.push(...rejected);
      const lines = job.format.lines(await answersOf(ready, job, bar));
      await output.append({
        lines,
        rejects: rejectedRowsText(rejected),
        rows: window.length,
        rejected: rejected.length,
      });
      bar.written();
      signal.throwIfAborted();
    }
  } catch (error) {
    throw signal.aborted ? interrupted(output) : error;
  } finally {
    bar.end();
  }
  if (output.rejected === output.rows) {
    await output.discard();
    throw nothingAnswered(job, output.rows, firstRejects);
  }
  await output.finish();
  const seconds = (performance.now() - begun) / 1000;
  const answered = output.rows - resumed;
  return {
    rows: output.rows,
    rejected: output.rejected,
    resumed_from: resumed,
    seconds,
    rows_per_second: answered === 0 ? 0 : answered / seconds,
  };
}

/** Rows behind the first `skip` ones, so many at a time. */
async function* windowsOf(
  rows: AsyncIterable<RawRow>,
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RawRow[]> {
  let count = 0;
  let window: RawRow[] = [];
  for await (const row of rows) {
    signal.throwIfAborted();
    if (++count <= skip) continue;
    window.push(row);
    if (window.length < WINDOW) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}

function sorted(window: readonly RawRow[], { rows, model, answers }: BatchJob) {
  const ready: ReadyRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const raw of window) {
    const row = batchRow(raw, { file: rows.name, columnNames: rows.columnNames }, model, answers);
    if ('prepared' in row) ready.push(row);
    else rejected.push(row);
  }
  return { ready, rejected };
}

async function answersOf(ready: readonly ReadyRow[], job: BatchJob, bar: BatchProgress): Promise<Answer[]> {
  const { model, probabilities, batchSize, signal } = job;
  const all = model.info.labels.length;
  const prepared = ready.map((row) => (probabilities ? { ...row.prepared, topK: all } : row.prepared));
  const relations = await model.answer(prepared, {
    batchSize,
    signal,
    onProgress: (done) => bar.answered(done, ready.length),
  });
  return relations.map((relation, i) => {
    const { guid, prepared } = ready[i]!;
    if (!probabilities) return { guid, relation, probabilities: null };
    const byLabel = new Map(relation.top.map((entry) => [entry.relation, entry.probability]));
    return {
      guid,
      relation: { ...relation, top: relation.top.slice(0, prepared.topK) },
      probabilities: Object.fromEntries(
        model.info.labels.map((label) => [label.relation, byLabel.get(label.relation)!]),
      ),
    };
  });
}

interface BatchProgress {
  /** Of the window at hand, so many of so many rows are answered. */
  answered(rows: number, of: number): void;
  /** The window at hand is written. */
  written(): void;
  end(): void;
}

/** How much of the file is done, in kB, since nobody knows how many rows are to come; nothing of a pipe. */
function progressOf({ rows: { source, name }, output, reporter }: BatchJob): BatchProgress {
  const { size } = source;
  if (size === null) return { answered: () => {}, written: () => {}, end: () => {} };
  const bar = reporter.progress(name, Math.max(1, Math.ceil(size / 1000)), 'kB');
  const begun = performance.now();
  const resumed = output.rows;
  /** Where the window at hand begins in the file; of a resumed run's first one, about where. */
  let start: number | null = null;
  const update = (position: number, rows: number) => {
    const rate = ((rows - resumed) / (performance.now() - begun)) * 1000;
    bar.update(Math.min(position, size) / 1000, {
      rows: grouped(rows),
      'rows/s': rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate)),
    });
  };
  return {
    answered: (rows, of) => {
      start ??= source.position * (output.rows / (output.rows + of));
      update(start + (source.position - start) * (rows / of), output.rows + rows);
    },
    written: () => {
      start = source.position;
      update(start, output.rows);
    },
    end: () => bar.end(),
  };
}

const badRow = ({ rows }: BatchJob, rejected: readonly RejectedRow[]): KorexError =>
  usageError(
    `${rows.name} has rows that cannot be answered (${rows.format.counting}).\n${badRowsText(rejected)}`,
    'Mend the file, or leave --on-bad-row error out: such rows then go into a file of their own.',
  );

function nothingAnswered({ rows }: BatchJob, count: number, rejected: readonly RejectedRow[]): KorexError {
  if (count === 0) return usageError(`${rows.name} has no rows.`, 'Check that the file is the right one and complete.');
  return usageError(
    `${rows.name}: none of ${grouped(count)} rows can be answered (${rows.format.counting}).\n${badRowsText(rejected)}`,
    'Check that the file is the right one, and that its rows have what the model needs.',
  );
}

const interrupted = (output: Output): KorexError =>
  failure(
    `Interrupted after ${grouped(output.rows)} rows.`,
    output.resumable
      ? 'They are kept: the same command, without --force, goes on from there.'
      : 'What was written stays written; a pipe cannot be gone on with.',
  );
