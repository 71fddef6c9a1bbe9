import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { FIXTURES, file, ROWS } from '../../../test/support/dataFiles.ts';
import { type CheckedRow, checkRow } from './checkRow.ts';
import { pipeSource } from './formats/byteSource.ts';
import type { RawRow } from './formats/format.ts';
import { loadUnlabelledRows } from './loadRows.ts';
import { openRows } from './openRows.ts';
import { openSource } from './openSource.ts';

const RULES = { labels: null, entityTypes: null, labelNames: null, label: 'ignored' } as const;

/** The valid rows of a file, read one by one, without their labels. */
async function streamed(path: string): Promise<unknown[]> {
  const { rows, name, close } = await openRows(path);
  const checked: CheckedRow[] = [];
  for await (const { number, value } of rows) checked.push(checkRow(value, RULES, `${name}:${number}`));
  await close();
  return checked.map((row) => ('example' in row ? row.example : row));
}

const CELLS = ROWS.map(({ sentence, subject_entity: s, object_entity: o, label }) => [
  ...[sentence, s.word, s.start_idx, s.end_idx, s.type, o.word, o.start_idx, o.end_idx, o.type, label],
]);
const COLUMNS =
  'sentence,subject_word,subject_start,subject_end,subject_type,object_word,object_start,object_end,object_type,label';
const withoutGuids = ROWS.map(({ guid: _, ...row }) => row);
const jsonlText = `${withoutGuids.map((row) => JSON.stringify(row)).join('\r\n\n')}\n`;
const table = (delimiter: string) => stringify([COLUMNS.split(','), ...CELLS], { delimiter });

test.each([
  ['KLUE JSON', join(FIXTURES, 'rows.json')],
  ['JSON without guids', file('rows.json', `\uFEFF${JSON.stringify(withoutGuids, null, 2)}`)],
  ['JSONL without guids', file('rows.jsonl', jsonlText)],
  ['flat CSV without guids', file('rows.csv', `\uFEFF${table(',')}`)],
  ['TSV', file('rows.tsv', table('\t'))],
  ['CSV with Python dict text', join(FIXTURES, 'entity_text.csv')],
  ['Parquet', join(FIXTURES, 'hub.parquet')],
  ['JSON by content', file('rows.data', JSON.stringify(ROWS))],
  ['JSONL by content', file('rows', jsonlText)],
  ['CSV by content', file('rows.txt', table(','))],
])('%s: the rows and guids of the whole-file reader', async (_, path) => {
  const { rows } = await loadUnlabelledRows(path);
  expect(rows).toHaveLength(ROWS.length);
  expect(await streamed(path)).toEqual(rows.map((row) => ({ ...row, label: null })));
});

test('Parquet row groups follow each other', async () => {
  const sentences = Array.from({ length: 25 }, (_, i) => `문장 ${i}`);
  const columnData = ['sentence', 'subject_word', 'object_word'].map((name) => ({ name, data: sentences }));
  const content = parquetWriteBuffer({ columnData, rowGroupSize: 10 });
  const { rows, close } = await openRows(file('groups.parquet', new Uint8Array(content)));
  const read: RawRow[] = [];
  for await (const row of rows) read.push(row);
  await close();
  expect(read).toMatchObject(sentences.map((sentence, i) => ({ number: i + 1, value: { sentence } })));
});

/** A file that never ends, and how much of it was asked for. */
function endless(start: string, row: string) {
  const counts = { pieces: 0 };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(start);
    for (;;) {
      counts.pieces++;
      yield Buffer.from(row.repeat(100));
    }
  }
  return { source: pipeSource(pieces(), 'endless'), counts };
}

test.each([
  ['JSON', '[', `${JSON.stringify(ROWS[0])},`],
  ['JSONL', '', `${JSON.stringify(ROWS[0])}\n`],
  ['CSV', `${COLUMNS}\n`, stringify([CELLS[0]!])],
] as const)('%s is read no further than its rows are asked for', async (name, start, row) => {
  const { source, counts } = endless(start, row);
  const { rows, format } = await openSource(source, 'x');
  expect(format.name).toBe(name);
  let read = 0;
  for await (const { number } of rows) {
    read++;
    expect(number).toBe(read);
    if (read === 5000) break;
  }
  // 50 pieces hold that many rows; the CSV parser has a few more in its buffers.
  expect(counts.pieces).toBeGreaterThanOrEqual(50);
  expect(counts.pieces).toBeLessThan(80);
});

test.each([
  ['JSON', '[{"sentence": "', 'row 1 has more than 16 MiB'],
  ['JSONL', '{"sentence": "', 'line 1 has more than 16 MiB'],
  ['CSV', `${COLUMNS}\n"`, 'has more than 16 MiB'],
] as const)('%s: a quote that nobody closes does not fill the memory', async (_, start, message) => {
  const { source } = endless(start, '아'.repeat(1000));
  const read = async () => {
    for await (const _ of (await openSource(source, 'x')).rows);
  };
  await expect(read()).rejects.toThrow(message);
});

test('what cannot be read is one clear error', async () => {
  await expect(openRows('nowhere/rows.json')).rejects.toThrow('Cannot read nowhere/rows.json: no such file or folder.');
  await expect(openRows(FIXTURES)).rejects.toThrow('it is a folder');
  const cut = readFileSync(join(FIXTURES, 'hub.parquet')).subarray(0, 900);
  await expect(openRows(file('short.parquet', cut))).rejects.toThrow('cannot be read as Parquet');
  await expect(openRows(file('empty.parquet', ''))).rejects.toThrow('empty.parquet is empty.');
  await expect(streamed(file('cut.json', JSON.stringify(ROWS).slice(0, 300)))).rejects.toThrow('it ends within row 2');
});
