import { shown } from '../checkRow.ts';
import { decodeUtf8, firstByte } from '../utf8.ts';
import type { Format, RawRow } from './format.ts';

/** One row in KLUE's layout a line; empty lines are skipped. */
export const jsonl: Format = {
  name: 'JSONL',
  extensions: ['.jsonl', '.ndjson'],
  recognizes: (bytes) => firstByte(bytes) === '{',
  counting: 'the number of a row is that of its line',
  read: (bytes, path) => ({
    rows: decodeUtf8(bytes, path)
      .split('\n')
      .map((line, index) => ({ line: line.trim(), number: index + 1 }))
      .filter(({ line }) => line !== '')
      .map(({ line, number }) => parse(line, number)),
  }),
};

function parse(line: string, number: number): RawRow {
  try {
    return { number, value: JSON.parse(line) };
  } catch {
    return { number, value: line, problem: { field: 'line', found: shown(line), expected: 'a complete JSON object' } };
  }
}
