import { linesOf } from '../../base/data/lines.ts';
import { concat } from '../../base/data/utf8.ts';
import { originOf, type Shard } from './shard.ts';

// Rows without a name of their own are called by their file and their number in it. A shard that begins within a file cannot know
// that number without reading what is before it: its rows are `FILE@BYTE:N`, counted from the shard's beginning, until the merge
// knows how many rows the shards before have.

/** What rows of a shard were called, and what they are called in the whole. */
export interface Renumbering {
  readonly from: string;
  readonly to: string;
  /** Numbers that rows before have. */
  readonly before: number;
}

/** Null where the shard's rows have the names of the whole already. */
export function renumberingOf(shard: Shard, before: number): Renumbering | null {
  const from = originOf(shard);
  return from === shard.name ? null : { from, to: shard.name, before };
}

const NEWLINE = 0x0a;
const COLON = 0x3a;
const QUOTE = 0x22;
const encoder = new TextEncoder();
const LINE_END = Uint8Array.of(NEWLINE);
const NOTHING = new Uint8Array(0);

/** A beginning of a line, and what takes its place. */
interface Beginning {
  readonly old: Uint8Array;
  readonly fresh: Uint8Array;
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const inCsv = (text: string): string => text.replaceAll('"', '""');

/** The ways in which a line may begin with a row's name: as JSON after these keys, or as the first cell of a table. */
const beginnings = {
  '.jsonl': ({ from, to }: Renumbering) =>
    ['guid', 'id'].map((key) => beginning(`{"${key}":"${inJson(from)}:`, `{"${key}":"${inJson(to)}:`)),
  '.csv': ({ from, to }: Renumbering) => [
    beginning(`${from}:`, `${to}:`),
    beginning(`"${inCsv(from)}:`, `"${inCsv(to)}:`),
  ],
} as const;

const beginning = (old: string, fresh: string): Beginning => ({
  old: encoder.encode(old),
  fresh: encoder.encode(fresh),
});

/**
 * A shard's results as they are in the whole: rows by their numbers in the file.
 *
 * @param extension what the results are written in; a table's header goes to `onHeader`, and is left out where it is not to be kept
 */
export async function* renumbered(
  pieces: AsyncIterable<Uint8Array>,
  extension: '.jsonl' | '.csv',
  renumbering: Renumbering | null,
  { keepHeader = true, onHeader = () => {} }: { keepHeader?: boolean; onHeader?: (header: string) => void } = {},
): AsyncGenerator<Uint8Array> {
  if (extension === '.jsonl' && renumbering === null) {
    yield* pieces;
    return;
  }
  const ways = renumbering === null ? [] : beginnings[extension](renumbering);
  const before = renumbering?.before ?? 0;
  const isTable = extension === '.csv';
  let header: Uint8Array[] | null = isTable ? [] : null;
  let isWithin = false;
  let out: Uint8Array[] = [];
  let size = 0;
  // Before each line but the first: a text that ends with a line end has an empty one behind it.
  let lineEnd = NOTHING;
  for await (const { bytes } of linesOf(pieces, Number.POSITIVE_INFINITY, true)) {
    const line = bytes ?? NOTHING;
    const begins = !isWithin;
    if (isTable && oddQuotes(line)) isWithin = !isWithin;
    if (header !== null) {
      header.push(line, LINE_END);
      if (isWithin) continue;
      onHeader(new TextDecoder('utf-8', { ignoreBOM: true }).decode(concat(header)));
      if (keepHeader) out.push(...header);
      header = null;
      continue;
    }
    out.push(lineEnd, ...(begins ? withNumber(line, ways, before) : [line]));
    lineEnd = LINE_END;
    size += line.length;
    if (size < FLUSH_BYTES) continue;
    yield concat(out);
    [out, size] = [[], 0];
  }
  if (out.length > 0) yield concat(out);
}

const FLUSH_BYTES = 2 ** 18;

function oddQuotes(bytes: Uint8Array): boolean {
  let odd = false;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) odd = !odd;
  return odd;
}

/** A line that begins with a row's name, with its number in the whole; other lines as they are. */
function withNumber(line: Uint8Array, ways: readonly Beginning[], before: number): Uint8Array[] {
  for (const { old, fresh } of ways) {
    if (!startsWith(line, old)) continue;
    let end = old.length;
    let number = 0;
    for (let digit = line[end]! - 0x30; digit >= 0 && digit <= 9; digit = line[++end]! - 0x30)
      number = number * 10 + digit;
    if (end === old.length) continue;
    return [fresh, encoder.encode(String(number + before)), line.subarray(end)];
  }
  return [line];
}

const startsWith = (line: Uint8Array, beginning: Uint8Array): boolean =>
  line.length > beginning.length &&
  line[beginning.length - 1] === COLON &&
  beginning.every((byte, at) => line[at] === byte);

/** A line of rejects as it is in the whole: the row by its number, and its name where the row was made of a document. */
export function renumberedReject(line: string, renumbering: Renumbering | null): string {
  if (renumbering === null) return line;
  const { from, to, before } = renumbering;
  const rejected = JSON.parse(line) as Record<string, unknown>;
  if (rejected.file !== from) return line;
  const { value } = rejected;
  return JSON.stringify({
    ...rejected,
    file: to,
    row: Number(rejected.row) + before,
    ...('value' in rejected && { value: isNamed(value) ? { ...value, guid: renamed(value.guid) } : value }),
  });

  function renamed(guid: string): string {
    if (!guid.startsWith(`${from}:`)) return guid;
    return guid.slice(from.length).replace(/^:(\d+)/, (_, number) => `${to}:${Number(number) + before}`);
  }
}

const isNamed = (value: unknown): value is { readonly guid: string } =>
  typeof value === 'object' && value !== null && 'guid' in value && typeof value.guid === 'string';
