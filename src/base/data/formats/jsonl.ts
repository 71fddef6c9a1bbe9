import { linesOf } from '../lines.ts';
import { utf8Text } from '../utf8.ts';
import { keyedRows } from './columns.ts';
import { endlessRow, type Format, firstCharacter, type Input, MAX_ROW_BYTES, type RawRow } from './format.ts';
import { jsonRow } from './jsonList.ts';

/** One row in KLUE's layout a line; empty lines are skipped. */
export const jsonl: Format = {
  name: 'JSONL',
  extensions: ['.jsonl', '.ndjson'],
  recognizes: (head) => firstCharacter(head) === '{',
  counting: 'the number of a row is that of its line',
  open: async (input) => ({ rows: rowsOf(input) }),
};

async function* rowsOf({ path, columns, utf8 }: Input): AsyncGenerator<RawRow> {
  const toRow = keyedRows(columns);
  for await (const { number, bytes } of linesOf(utf8(), MAX_ROW_BYTES)) {
    if (bytes === null) throw endlessRow(path, `line ${number}`);
    const text = utf8Text(bytes).trim();
    if (text !== '') yield jsonRow(text, number, toRow);
  }
}
