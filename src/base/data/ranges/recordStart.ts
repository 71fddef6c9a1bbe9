import type { OpenedFile } from '../../storage/storage.ts';
import { CELL_REACH, type TableRecords } from '../formats/csv.ts';
import { piecesOf } from './pieces.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** The beginning of the first line that begins at a byte or behind it; the file's size where none does. */
export async function lineStart(file: OpenedFile, byte: number): Promise<number> {
  if (byte <= 0) return 0;
  let at = byte - 1;
  for await (const piece of piecesOf(file, at, file.size, LINE_PIECE)) {
    const end = piece.indexOf(NEWLINE);
    if (end >= 0) return at + end + 1;
    at += piece.length;
  }
  return file.size;
}

/** Most lines are shorter. */
const LINE_PIECE = 16 * 1024;

/** How far back it is looked for a place where no quote can be open: first a little, then more. */
const LOOKS_BACK = [2 ** 18, 2 ** 21, 2 ** 24];

/**
 * The beginning of the first record of a table that begins at a byte or behind it; the file's size where none does. Whether
 * that byte lies within quotes is known without the file's beginning where enough lines before it have no quote that could
 * be an enclosing one's end: a quote that is open there closes nothing (`csv.ts`). Where no such lines are near, all records
 * from the first one on are looked through.
 *
 * @param onScan is called where that is the case
 */
export async function recordStart(
  file: OpenedFile,
  byte: number,
  table: TableRecords,
  onScan: () => void = () => {},
): Promise<number> {
  const first = Math.min(table.start, file.size);
  if (byte <= first) return first;
  if (table.areLines) return lineStart(file, byte);
  const line = await lineStart(file, byte);
  if (line >= file.size) return file.size;
  const safe = (await safePlace(file, first, line)) ?? first;
  if (safe === first && line - first > LOOKS_BACK.at(-1)!) onScan();
  for await (const at of table.from(piecesOf(file, safe, file.size), safe)) if (at >= byte) return at;
  return file.size;
}

/** The last place up to a line's beginning that begins a record for sure; null where none was found. */
async function safePlace(file: OpenedFile, first: number, line: number): Promise<number | null> {
  for (const back of LOOKS_BACK) {
    const from = Math.max(first, line - back);
    const bytes = await file.read(from, line - from);
    const place = safeIn(bytes, from === first);
    if (place !== null) return from + place;
    if (from === first) return first;
  }
  return null;
}

/**
 * The last place in bytes that end with a line, behind enough lines each with an even number of quotes.
 *
 * @param beginsSafe whether the bytes begin with a record
 */
function safeIn(bytes: Uint8Array, beginsSafe: boolean): number | null {
  // The first line may be cut, so that its quotes are not all there.
  let start = beginsSafe ? 0 : bytes.indexOf(NEWLINE) + 1;
  if (start === 0 && !beginsSafe) return null;
  let [runStart, runLines] = [start, 0];
  let isKnown = beginsSafe;
  let last: number | null = beginsSafe ? start : null;
  for (let end = bytes.indexOf(NEWLINE, start); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const isEven = quotesIn(bytes.subarray(start, end)) % 2 === 0;
    start = end + 1;
    if (!isEven) {
      [runStart, runLines, isKnown] = [start, 0, false];
      continue;
    }
    runLines++;
    isKnown ||= runLines >= CELL_REACH.lines || start - runStart >= CELL_REACH.bytes;
    if (isKnown) last = start;
  }
  return last;
}

function quotesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) count++;
  return count;
}
