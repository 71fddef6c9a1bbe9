import { asGiven } from '../../../../src/base/core/errors.ts';
import { inOwnNames } from '../../../../src/base/data/badRows.ts';
import { checkRow, type Problem, problemAt } from '../../../../src/base/data/checkRow.ts';
import type { RawRow } from '../../../../src/base/data/formats/format.ts';
import { NO_RELATION } from '../../../../src/base/data/labelSet.ts';
import type { OpenRows } from '../../../../src/base/data/openSource.ts';
import { everyPair } from '../../../../src/base/data/pairRows.ts';
import { type InputCells, inputCells } from '../../../../src/inference/batch/inputCells.ts';
import type { AnsweredRow } from '../../../../src/inference/batch/lines.ts';
import { isRequestRow, requestOf, requestRow, UNLABELLED_RULES } from '../../../../src/inference/predict/request.ts';
import type { PredictRequest } from '../../../../src/inference/predict/schema.ts';
import type { BatchSender } from '../../api/predictor.ts';

/** The rows of a file, and what the file is called. */
export type BatchFile = Pick<OpenRows, 'rows' | 'name' | 'columnNames' | 'labelNames'>;

export interface ReadyRow {
  readonly number: number;
  readonly guid: string;
  readonly request: PredictRequest;
  readonly input: InputCells;
}

export interface BadRow {
  readonly number: number;
  readonly problems: readonly Problem[];
}

export interface BatchResult extends AnsweredRow {
  readonly number: number;
}

/** What happened since the last report. */
export interface BatchNews {
  readonly results: readonly BatchResult[];
  readonly bad: readonly BadRow[];
}

/** Rows sent in one request: a server answers them in full batches, and a stop loses few. */
const PORTION = 256;
/** What the page holds in memory; larger files are for the command line. */
export const MAX_ROWS = 200_000;

/** The file has more rows than a page should hold. */
export class TooManyRows extends Error {
  override readonly name = 'TooManyRows';
}

/** The file has none. */
export class NoRows extends Error {
  override readonly name = 'NoRows';
}

/**
 * Checks and sends rows portion by portion, the next one being read while one is answered; answers come in the order of
 * the file. Rows that the check or the server refuses come as bad rows with their reasons.
 *
 * Errors: those of the file and of the server; `TooManyRows`, `NoRows`; an `AbortError` once stopped.
 */
export async function* runBatch(
  file: BatchFile,
  send: BatchSender,
  topK: number,
  signal: AbortSignal,
): AsyncGenerator<BatchNews, void, undefined> {
  const portions = portionsOf(file, topK)[Symbol.asyncIterator]();
  let next = portions.next();
  for (let { value, done } = await next; !done; { value, done } = await next) {
    const { ready, bad } = value!;
    next = portions.next();
    // An error in reading is reported after the rows before it; until then nobody waits for it.
    next.catch(() => {});
    if (bad.length > 0) yield { results: [], bad };
    let i = 0;
    if (ready.length === 0) continue;
    for await (const answer of send(
      ready.map(({ request }) => request),
      signal,
    )) {
      const { number, guid, input } = ready[i++]!;
      if ('relation' in answer) yield { results: [{ number, guid, input, answer }], bad: [] };
      else {
        const said = [answer.detail, answer.hint].filter(Boolean).join(' ');
        yield { results: [], bad: [{ number, problems: [problemAt('row', '', asGiven(said))] }] };
      }
    }
    signal.throwIfAborted();
  }
}

async function* portionsOf(file: BatchFile, topK: number) {
  let ready: ReadyRow[] = [];
  let bad: BadRow[] = [];
  let count = 0;
  // Of an annotated text, each pair of its entities is a row.
  for await (const row of everyPair(file.rows, file.name, NO_RELATION)) {
    if (++count > MAX_ROWS) throw new TooManyRows();
    const checked = batchRequest(row, file, topK);
    if ('request' in checked) ready.push(checked);
    else bad.push(checked);
    if (ready.length === PORTION || bad.length === PORTION) {
      yield { ready, bad };
      [ready, bad] = [[], []];
    }
  }
  if (count === 0) throw new NoRows();
  if (ready.length + bad.length > 0) yield { ready, bad };
}

/**
 * A row as a request: rows of a data file (KLUE's layout), or requests as the REST API takes them, with `guid` or `id`
 * beside. As on the command line, a row without a guid gets `FILE:ROW`, and labels are not looked at.
 */
export function batchRequest(
  raw: RawRow,
  { name, columnNames, labelNames }: Omit<BatchFile, 'rows'>,
  topK: number,
): ReadyRow | BadRow {
  const { number, value, problem } = raw;
  const fallbackGuid = `${name}:${number}`;
  const row = problem
    ? { problems: [problem] }
    : isRequestRow(value)
      ? requestRow(value, fallbackGuid)
      : dataRow(value, fallbackGuid);
  if ('problems' in row) return { number, problems: inOwnNames(row.problems, columnNames) };
  const request = { top_k: topK, ...row.request };
  return { number, guid: row.guid, request, input: inputCells(raw, labelNames) };
}

function dataRow(value: unknown, fallbackGuid: string) {
  const checked = checkRow(value, UNLABELLED_RULES, fallbackGuid);
  if ('problems' in checked) return checked;
  return { guid: checked.example.guid, request: requestOf(checked.example) };
}

/** Rows with a gold label, and how many of their answers are that. */
export function goldCounts(results: readonly BatchResult[]): { readonly labelled: number; readonly correct: number } {
  const labelled = results.filter(({ input }) => input.gold !== null);
  return {
    labelled: labelled.length,
    correct: labelled.filter(({ answer, input }) => answer.relation === input.gold).length,
  };
}
