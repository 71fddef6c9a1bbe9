import { shown } from '../checkRow.ts';
import { firstByte, utf8Pieces, utf8Text } from '../utf8.ts';
import { endlessRow, type Format, MAX_ROW_BYTES, type RawRow } from './format.ts';

/** One row in KLUE's layout a line; empty lines are skipped. */
export const jsonl: Format = {
  name: 'JSONL',
  extensions: ['.jsonl', '.ndjson'],
  recognizes: (bytes) => firstByte(bytes) === '{',
  counting: 'the number of a row is that of its line',
  open: async (source) => ({ rows: rowsOf(linesOf(utf8Pieces(source.pieces(), source.path), source.path)) }),
};

async function* rowsOf(lines: AsyncIterable<string>): AsyncGenerator<RawRow> {
  let number = 0;
  for await (const line of lines) {
    number++;
    const text = line.trim();
    if (text !== '') yield parse(text, number);
  }
}

const NEWLINE = 0x0a;

async function* linesOf(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let line = 1;
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      const last = piece.subarray(start, end);
      yield utf8Text(parts.length === 0 ? last : Buffer.concat([...parts, last]));
      [parts, length, start] = [[], 0, end + 1];
      line++;
    }
    parts.push(piece.subarray(start));
    length += piece.length - start;
    if (length > MAX_ROW_BYTES) throw endlessRow(path, `line ${line}`);
  }
  yield utf8Text(Buffer.concat(parts));
}

function parse(line: string, number: number): RawRow {
  try {
    return { number, value: JSON.parse(line) };
  } catch {
    return { number, value: line, problem: { field: 'line', found: shown(line), expected: 'a complete JSON object' } };
  }
}
