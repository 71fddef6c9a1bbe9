import { shown } from '../checkRow.ts';
import { linesOf } from '../lines.ts';
import { utf8Text } from '../utf8.ts';
import { endlessRow, type Format, firstCharacter, type Input, MAX_ROW_BYTES, type RawRow } from './format.ts';

/** One row in KLUE's layout a line; empty lines are skipped. */
export const jsonl: Format = {
  name: 'JSONL',
  extensions: ['.jsonl', '.ndjson'],
  recognizes: (head) => firstCharacter(head) === '{',
  counting: 'the number of a row is that of its line',
  open: async (input) => ({ rows: rowsOf(input) }),
};

async function* rowsOf({ path, utf8 }: Input): AsyncGenerator<RawRow> {
  for await (const { number, bytes } of linesOf(utf8(), MAX_ROW_BYTES)) {
    if (bytes === null) throw endlessRow(path, `line ${number}`);
    const text = utf8Text(bytes).trim();
    if (text !== '') yield parse(text, number);
  }
}

function parse(line: string, number: number): RawRow {
  try {
    return { number, value: JSON.parse(line) };
  } catch {
    return { number, value: line, problem: { field: 'line', found: shown(line), expected: 'a complete JSON object' } };
  }
}
