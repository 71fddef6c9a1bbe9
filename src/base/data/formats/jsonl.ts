import { linesOf } from '../lines.ts';
import { utf8Text } from '../utf8.ts';
import { keyedRows } from './columns.ts';
import {
  BY_LINE,
  endlessRow,
  type Format,
  firstCharacter,
  type Head,
  type Input,
  MAX_ROW_BYTES,
  type RawRow,
} from './format.ts';
import { inWords, jsonObjects, jsonRow } from './jsonList.ts';
import { klueRow } from './rowLayouts.ts';
import { jsonLines } from './writer.ts';

/** One row in KLUE's layout a line, or over several lines; empty lines are skipped. */
export const jsonl: Format = {
  id: 'klue-jsonl',
  name: 'JSONL',
  signs: {
    en: 'a JSON object for each row',
    ko: '행마다 JSON 객체 하나',
  },
  extensions: ['.jsonl', '.ndjson'],
  recognizes: (head) => firstCharacter(head) === '{',
  divides: (head) => (isIndented(head) ? null : 'lines'),
  counting: BY_LINE,
  open: async (input) => ({ rows: isIndented(input.head) ? objectsOf(input) : rowsOf(input) }),
  write: {
    extension: '.jsonl',
    holds: 'rows',
    files: (rows) => jsonLines(rows.map(klueRow)),
  },
};

/** Whether the first object goes on in the second line. */
function isIndented({ text }: Head): boolean {
  const [first = '', second = ''] = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return second !== '' && !/\},?$/.test(first) && !second.startsWith('{');
}

async function* objectsOf({ path, columns, utf8 }: Input): AsyncGenerator<RawRow> {
  const toRow = keyedRows(columns);
  let number = 0;
  try {
    for await (const text of jsonObjects(utf8())) yield jsonRow(text, ++number, toRow);
  } catch (error) {
    throw inWords(error, path);
  }
}

async function* rowsOf({ path, columns, utf8 }: Input): AsyncGenerator<RawRow> {
  const toRow = keyedRows(columns);
  for await (const { number, bytes } of linesOf(utf8(), MAX_ROW_BYTES)) {
    if (bytes === null) throw endlessRow(path, `line ${number}`);
    const text = utf8Text(bytes).trim();
    if (text !== '') yield jsonRow(text, number, toRow);
  }
}
