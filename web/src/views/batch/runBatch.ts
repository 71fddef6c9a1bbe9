import type { Relation } from '../../../../src/inference/predict/schema.ts';
import type { BatchSender } from '../../api/predictor.ts';
import { type BadRow, batchRequest, type ReadyRow } from './batchRequest.ts';
import type { FileRow } from './fileRows.ts';

export interface BatchResult {
  readonly number: number;
  readonly guid: string;
  readonly sentence: string;
  readonly answer: Relation;
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

/**
 * Checks and sends rows portion by portion, the next one being read while one is answered; answers come in the order of
 * the file. Rows that the check or the server refuses come as bad rows with their reasons.
 *
 * Errors: those of the file and of the server; `TooManyRows`; an `AbortError` once stopped.
 */
export async function* runBatch(
  rows: AsyncIterable<FileRow>,
  send: BatchSender,
  topK: number,
  signal: AbortSignal,
): AsyncGenerator<BatchNews, void, undefined> {
  const portions = portionsOf(rows, topK)[Symbol.asyncIterator]();
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
      const row = ready[i++]!;
      if ('relation' in answer)
        yield { results: [{ number: row.number, guid: row.guid, sentence: row.request.sentence, answer }], bad: [] };
      else {
        const expected = [answer.detail, answer.hint].filter(Boolean).join(' ');
        yield { results: [], bad: [{ number: row.number, problems: [{ field: 'row', found: '', expected }] }] };
      }
    }
    signal.throwIfAborted();
  }
}

async function* portionsOf(rows: AsyncIterable<FileRow>, topK: number) {
  let ready: ReadyRow[] = [];
  let bad: BadRow[] = [];
  let count = 0;
  for await (const row of rows) {
    if (++count > MAX_ROWS) throw new TooManyRows();
    const checked = batchRequest(row, topK);
    if ('request' in checked) ready.push(checked);
    else bad.push(checked);
    if (ready.length === PORTION || bad.length === PORTION) {
      yield { ready, bad };
      [ready, bad] = [[], []];
    }
  }
  if (ready.length + bad.length > 0) yield { ready, bad };
}
