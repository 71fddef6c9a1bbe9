import { asGiven, failure, type KorexError, usageError } from '../../base/core/errors.ts';
import { counted, grouped } from '../../base/core/format.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import { badRowsText, type RejectedRow, rejectedRowsText } from '../../base/data/badRows.ts';
import type { RawRow } from '../../base/data/formats/format.ts';
import type { OpenRows } from '../../base/data/openSource.ts';
import {
  isUnreadable,
  refuseUnreadable,
  sumCounts,
  type TokenCounts,
  unknownShare,
  warnOfUnknown,
} from '../../base/text/unknownTokens.ts';
import type { AnswerOptions } from '../predict/request.ts';
import { windowsOf } from '../predict/windows.ts';
import { type BatchModel, batchRow, type ReadyRow } from './batchRow.ts';
import { type InputCells, type InputColumns, inputCells } from './inputCells.ts';
import type { AnsweredRow, LineFormat } from './lines.ts';
import type { GoldCounts, Output } from './output.ts';
import type { RowLogits, Unwritten } from './unwritten.ts';

export interface BatchJob {
  readonly rows: OpenRows;
  readonly output: Output;
  readonly format: LineFormat;
  /** Columns of the input that a table of answers keeps. */
  readonly columns?: InputColumns | undefined;
  readonly model: BatchModel;
  /** The relations that the model knows. */
  readonly labels: readonly string[];
  /** For rows that do not say otherwise themselves. */
  readonly answers: AnswerOptions;
  readonly onBadRow: 'error' | 'skip';
  /** Answers also sentences, and files, of which the tokenizer knows next to nothing. The model itself must refuse none. */
  readonly allowUnknownTokens: boolean;
  /** The most rows in a batch of the model. */
  readonly batchSize: number;
  /** Whether the rows are but a part of their file: it says nothing of the file, then, if none of them can be answered. */
  readonly isPart?: boolean;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface BatchOutcome {
  /** Rows of the input, and of them those that were rejected. */
  readonly rows: number;
  readonly rejected: number;
  /** Rows that an earlier, interrupted run had dealt with, or at least kept the model's results of. */
  readonly resumed_from: number;
  /** Rows with a gold label, and the share of them whose answer is that; null without any, and on standard output. */
  readonly labelled: number;
  readonly accuracy: number | null;
  /** Share of the tokens of this run's rows that the tokenizer does not know. */
  readonly unknown_tokens: number;
  readonly seconds: number;
  /** Of this run. */
  readonly rows_per_second: number;
}

/**
 * Answers the rows of a file of any size in their order, a window at a time: the next one is read once the last one is
 * written, so that memory stays as it is however slow the reader of the output. Windows begin at the same rows however
 * often a run is interrupted, so that the model sees the same batches.
 *
 * Errors: `usage` where the file turns out broken, has no rows or none that can be answered, or has a bad one and
 * `onBadRow` is `error`, or where the tokenizer knows next to nothing of it; `failed` where the output cannot be written or the signal comes. Windows before are kept.
 */
export async function runBatch(job: BatchJob): Promise<BatchOutcome> {
  const { rows, output, signal } = job;
  const begun = performance.now();
  const resumed = rowsKept(output);
  const bar = progressOf(job);
  const keeper = keeperOf(output.unwritten);
  const firstRejects: RejectedRow[] = [];
  let counts: TokenCounts = { tokens: 0, unknown: 0 };
  const labels = labelNotes(job);
  try {
    for await (const window of windowsOf(rows.rows, { skip: output.rows, signal })) {
      const { ready, inputs, places, rejected, ...read } = sorted(window, job);
      counts = sumCounts([counts, read.counts]);
      if (counts.tokens >= ENOUGH_TOKENS && !job.isPart)
        refuseUnreadable(counts, { where: asGiven(rows.name), isAllowed: job.allowUnknownTokens });
      if (rejected.length > 0 && job.onBadRow === 'error') throw badRow(job, rejected);
      if (firstRejects.length < 20) firstRejects.push(...rejected);
      const answered = await answersOf(ready, places, job, bar, keeper);
      const withInput = answered.map((row, i) => ({ ...row, input: inputs[i]! }));
      labels.add(inputs);
      await keeper.forget();
      await output.append({
        lines: job.format.lines(withInput, job.columns),
        gold: goldCounts(withInput),
        rejects: rejectedRowsText(rejected),
        rows: window.length,
        rejected: rejected.length,
      });
      bar.written();
      signal.throwIfAborted();
    }
  } catch (error) {
    // Where that fails too, the first error says more.
    await keeper.save().catch(() => {});
    throw signal.aborted ? interrupted(output) : error;
  } finally {
    bar.end();
  }
  if (output.rejected === output.rows && !job.isPart) {
    await output.discard();
    throw nothingAnswered(job, output.rows, firstRejects);
  }
  labels.warn();
  if (!job.isPart) warnOfUnknown(counts, { where: asGiven(rows.name), reporter: job.reporter });
  await output.finish();
  const { labelled, correct } = output.gold ?? { labelled: 0, correct: 0 };
  const seconds = (performance.now() - begun) / 1000;
  const answered = output.rows - resumed;
  return {
    rows: output.rows,
    rejected: output.rejected,
    resumed_from: resumed,
    labelled,
    accuracy: labelled === 0 ? null : correct / labelled,
    unknown_tokens: unknownShare(counts),
    seconds,
    rows_per_second: answered === 0 ? 0 : answered / seconds,
  };
}

/** A file of fewer is no more than its rows, each of which is judged by itself. */
const ENOUGH_TOKENS = 200;

function sorted(window: readonly RawRow[], { rows, output, model, answers, allowUnknownTokens }: BatchJob) {
  const counts: TokenCounts[] = [];
  const ready: ReadyRow[] = [];
  const inputs: InputCells[] = [];
  /** Of each ready row, its place in the input. */
  const places: number[] = [];
  const rejected: RejectedRow[] = [];
  for (const [index, raw] of window.entries()) {
    const row = batchRow(raw, { file: rows.name, columnNames: rows.columnNames }, model, answers);
    if (!('prepared' in row)) {
      rejected.push(row);
      continue;
    }
    counts.push(row.prepared.encoded.counts);
    if (!allowUnknownTokens && isUnreadable(row.prepared.encoded.counts))
      rejected.push(unreadRow(raw, rows.name, row.prepared.encoded.counts));
    else {
      ready.push(row);
      inputs.push(inputCells(raw, rows.labelNames));
      places.push(output.rows + index);
    }
  }
  return { ready, inputs, places, rejected, counts: sumCounts(counts) };
}

/** A row whose sentence the model could not read. */
function unreadRow({ number, value }: RawRow, file: string, counts: TokenCounts): RejectedRow {
  const expected = {
    en: 'a sentence whose tokens the tokenizer knows, or --allow-unknown-tokens',
    ko: '토크나이저가 아는 토큰으로 된 문장, 또는 --allow-unknown-tokens',
  };
  const found = {
    en: `${counts.unknown} unknown tokens of ${counts.tokens}`,
    ko: `토큰 ${counts.tokens}개 가운데 모르는 것 ${counts.unknown}개`,
  };
  return { file, row: number, problems: [{ field: 'sentence', found, expected }], value };
}

async function answersOf(
  ready: readonly ReadyRow[],
  places: readonly number[],
  job: BatchJob,
  bar: BatchProgress,
  keeper: Keeper,
): Promise<Omit<AnsweredRow, 'input'>[]> {
  const found = job.output.unwritten?.found;
  const known = places.flatMap((place, i) => (found?.has(place) ? [[i, found.get(place)!] as const] : []));
  const answers = await job.model.answer(
    ready.map(({ prepared }) => prepared),
    {
      batchSize: job.batchSize,
      signal: job.signal,
      onProgress: (done) => bar.answered(done, ready.length),
      known: new Map(known),
      onLogits: (logits) => keeper.add(new Map([...logits].map(([i, values]) => [places[i]!, values]))),
    },
  );
  return answers.map((answer, i) => ({ guid: ready[i]!.guid, answer }));
}

/** Gold labels that no answer can agree with: numbers without names, which are not counted, and unknown relations. */
function labelNotes({ rows: { name }, labels, reporter }: BatchJob) {
  const known = new Set(labels);
  const unknown = new Set<string>();
  let unnamed = 0;
  return {
    add(inputs: readonly InputCells[]) {
      for (const { label, gold } of inputs) {
        if (label !== null && gold === null) unnamed++;
        if (gold !== null && !known.has(gold)) unknown.add(gold);
      }
    },
    warn() {
      if (unnamed > 0)
        reporter.warn({
          en: `${name}: the labels of ${counted(unnamed, 'row')} are numbers without names, and are not compared with the answers. Put their names, in the order of their ids, into relation_list.json beside the file.`,
          ko: `${name}: ${grouped(unnamed)}행의 라벨이 이름 없는 번호여서 답과 견주지 않았다. 파일 옆의 relation_list.json에 이름을 번호 순서대로 적는다.`,
        });
      const shown = [...unknown].slice(0, 5).join(', ');
      if (unknown.size > 0)
        reporter.warn({
          en: `${name} has labels that the model does not know: ${shown}${unknown.size > 5 ? ', …' : ''}. They count as wrong answers.`,
          ko: `${name}: 모델이 모르는 라벨이 있다: ${shown}${unknown.size > 5 ? ', …' : ''}. 틀린 답으로 센다.`,
        });
    },
  };
}

function goldCounts(rows: readonly AnsweredRow[]): GoldCounts {
  const labelled = rows.filter(({ input }) => input.gold !== null);
  return {
    labelled: labelled.length,
    correct: labelled.filter(({ answer, input }) => answer.relation === input.gold).length,
  };
}

/** Rows of which nothing is lost: written, or with the model's results kept. */
export const rowsKept = (output: Output): number => output.rows + (output.unwritten?.count ?? 0);

/** How long results wait until they are kept: well below the five seconds that a killed process may cost. */
const KEEP_AFTER_MS = 2000;

/** Keeps the model's results of a window that takes long, so that a killed process loses a few seconds of it at most. */
interface Keeper {
  add(rows: RowLogits): void;
  /** Keeps at once what waits. */
  save(): Promise<void>;
  /** The window's answers are about to be written. */
  forget(): Promise<void>;
}

function keeperOf(unwritten: Unwritten | undefined): Keeper {
  let waiting = new Map<number, Float32Array>();
  let timer: NodeJS.Timeout | undefined;
  let saved = Promise.resolve();
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const rows = waiting;
    waiting = new Map();
    saved = saved.then(() => unwritten?.add(rows));
    // Whoever waits for it gets the error; until then nobody does.
    saved.catch(() => {});
    return saved;
  };
  return {
    add(rows) {
      if (unwritten === undefined) return;
      for (const [row, logits] of rows) waiting.set(row, logits);
      timer ??= setTimeout(save, KEEP_AFTER_MS);
    },
    save,
    async forget() {
      clearTimeout(timer);
      timer = undefined;
      waiting.clear();
      await saved;
    },
  };
}

interface BatchProgress {
  /** Of the window at hand, so many of so many rows are answered. */
  answered(rows: number, of: number): void;
  /** The window at hand is written. */
  written(): void;
  end(): void;
}

/** How much of the file is done, in kB, since the number of rows is not known before the end; nothing of a pipe. */
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
    {
      en: `${rows.name} has rows that cannot be answered (${rows.format.counting.en}).\n${badRowsText(rejected, 'en')}`,
      ko: `${rows.name}: 답할 수 없는 행이 있다(${rows.format.counting.ko}).\n${badRowsText(rejected, 'ko')}`,
    },
    {
      en: 'Correct the file, or leave out --on-bad-row error: such rows are then written to a file of their own.',
      ko: '파일을 고치거나 --on-bad-row error를 뺀다. 그러면 그런 행은 따로 파일에 적힌다.',
    },
  );

function nothingAnswered({ rows }: BatchJob, count: number, rejected: readonly RejectedRow[]): KorexError {
  if (count === 0)
    return usageError(
      { en: `${rows.name} has no rows.`, ko: `${rows.name}: 행이 없다.` },
      { en: 'Check that the file is the right one and complete.', ko: '맞는 파일인지, 온전한지 확인한다.' },
    );
  return usageError(
    {
      en: `${rows.name}: none of ${grouped(count)} rows can be answered (${rows.format.counting.en}).\n${badRowsText(rejected, 'en')}`,
      ko: `${rows.name}: ${grouped(count)}행 가운데 답할 수 있는 행이 없다(${rows.format.counting.ko}).\n${badRowsText(rejected, 'ko')}`,
    },
    {
      en: 'Check that the file is the right one, and that its rows have what the model needs.',
      ko: '맞는 파일인지, 모델에 필요한 것이 행에 있는지 확인한다.',
    },
  );
}

const interrupted = (output: Output): KorexError =>
  failure(
    { en: `Interrupted after ${grouped(rowsKept(output))} rows.`, ko: `${grouped(rowsKept(output))}행 뒤에 중단했다.` },
    output.resumable
      ? {
          en: 'They are kept: the same command, without --force, continues from there.',
          ko: '그 행들은 남아 있다. 같은 명령을 --force 없이 실행하면 거기서 이어 간다.',
        }
      : {
          en: 'What was written stays written. A pipe cannot be resumed: run the command again to answer all rows.',
          ko: '쓴 것은 남아 있다. 파이프는 이어 갈 수 없으니, 명령을 다시 실행해 모든 행에 답한다.',
        },
  );
