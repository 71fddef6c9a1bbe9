import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { EXPECTED, errorOf, FIXTURES, file, jsonFile, ROW, ROWS } from '../../../../test/support/dataFiles.ts';
import { loadRows } from '../loadRows.ts';

const toJsonl = (rows: readonly unknown[]) => `${rows.map((row) => JSON.stringify(row)).join('\r\n')}\n\n`;
const flat = (names: readonly string[], delimiter = ',') =>
  stringify(
    ROWS.map(({ guid, sentence, subject_entity: s, object_entity: o, label, source }) => [
      ...[guid, sentence, s.word, s.start_idx, s.end_idx, s.type, o.word, o.start_idx, o.end_idx, o.type],
      ...[label, source],
    ]),
    { header: true, columns: names.map((header, i) => ({ key: String(i), header })), delimiter, bom: true },
  );
const FLAT = [
  ...['guid', 'sentence', 'subject_word', 'subject_start', 'subject_end', 'subject_type'],
  ...['object_word', 'object_start', 'object_end', 'object_type', 'label', 'source'],
];
const KLUE_NAMES = FLAT.map((name) => name.replace(/_(start|end)$/, '_$1_idx').replace(/^guid$/, 'id'));

test.each([
  ['KLUE JSON', join(FIXTURES, 'rows.json')],
  ['KLUE JSON after a byte order mark', file('rows.json', `\uFEFF${JSON.stringify(ROWS)}`)],
  ['JSONL', file('rows.jsonl', toJsonl(ROWS))],
  ['flat CSV', file('rows.csv', flat(FLAT))],
  ['flat CSV with KLUE’s names', file('rows.csv', flat(KLUE_NAMES))],
  ['TSV', file('rows.tsv', flat(FLAT, '\t'))],
  ['CSV with Python dict text, written by datasets', join(FIXTURES, 'entity_text.csv')],
  ['Parquet with integer labels, written by datasets', join(FIXTURES, 'hub.parquet')],
  ['JSON by content', file('rows.data', ` \n${JSON.stringify(ROWS)}`)],
  ['JSONL by content', file('rows', toJsonl(ROWS))],
  ['CSV by content', file('rows.txt', flat(FLAT))],
  ['Parquet by content', file('rows.bin', readFileSync(join(FIXTURES, 'hub.parquet')))],
])('%s', async (_, path) => {
  const { rows, rejected, labelSet, entityTypes, file } = await loadRows(path);
  expect(rows).toEqual(EXPECTED);
  expect(rejected).toEqual([]);
  expect(labelSet).toEqual({ labels: ['no_relation', 'org:founded_by', 'per:title'], noRelation: 'no_relation' });
  expect(entityTypes).toEqual(['PER', 'ORG', 'DAT', 'POH']);
  expect(file).toMatchObject({ path: path.split('/').at(-1), rows: ROWS.length });
});

const parquetRows = (labels: bigint[], names?: string[]) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'sentence', data: labels.map(() => ROW.sentence) },
        ...(['subject_entity', 'object_entity'] as const).map((name) => ({
          name,
          data: labels.map(() => ROW[name]),
        })),
        { name: 'label', data: labels },
      ],
      schema: [
        { name: 'root', num_children: 4 },
        { name: 'sentence', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        ...['subject_entity', 'object_entity'].flatMap((name) => [
          { name, num_children: 4, repetition_type: 'OPTIONAL' as const },
          {
            name: 'word',
            type: 'BYTE_ARRAY' as const,
            converted_type: 'UTF8' as const,
            repetition_type: 'OPTIONAL' as const,
          },
          { name: 'start_idx', type: 'INT32' as const, repetition_type: 'OPTIONAL' as const },
          { name: 'end_idx', type: 'INT32' as const, repetition_type: 'OPTIONAL' as const },
          {
            name: 'type',
            type: 'BYTE_ARRAY' as const,
            converted_type: 'UTF8' as const,
            repetition_type: 'OPTIONAL' as const,
          },
        ]),
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      ...(names && {
        kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features: { label: { names } } } }) }],
      }),
    }),
  );

test('integer labels of Parquet: names from the metadata, else relation_list.json, else none', async () => {
  const labels = async (path: string) => (await loadRows(path)).rows.map(({ label }) => label);
  const list = { relations: ['a', 'b', 'c'] };
  expect(await labels(file('r.parquet', parquetRows([0n, 2n]), list))).toEqual(['a', 'c']);
  const named = file('r.parquet', parquetRows([1n], ['x', 'y', 'z']));
  expect(await labels(named)).toEqual(['y']);
  expect((await loadRows(named)).labelSet).toEqual({ labels: ['x', 'y', 'z'], noRelation: null });
  expect(await errorOf(file('r.parquet', parquetRows([1n, 1n])))).toContain(
    'rows 1, 2, label: found 1; expected the name of a relation (ids need their names in relation_list.json',
  );
  expect(await errorOf(file('r.parquet', parquetRows([3n], ['x', 'y', 'z'])))).toContain(
    'row 1, label: found 3; expected an id from 0 to 2',
  );
  expect(await errorOf(file('r.parquet', parquetRows([-1n])))).toContain('row 1, label: found nothing');
});

test('integer labels of JSON need names beside the file', async () => {
  const rows = [{ ...ROW, label: 1 }];
  expect((await loadRows(jsonFile(rows, { relations: ['a', 'b'] }))).rows[0]?.label).toBe('b');
  expect(await errorOf(jsonFile(rows))).toContain(
    'label: found 1; expected the name of a relation (ids need their names in relation_list.json beside the file)',
  );
});

const HEADER = 'sentence,subject_word,subject_start,subject_end,object_word,object_start,object_end';

test.each([
  ['empty.json', '', 'empty.json is empty.'],
  ['empty.jsonl', '', 'empty.jsonl is empty.'],
  ['empty.csv', '', 'empty.csv is empty.'],
  ['empty.parquet', '', 'empty.parquet is empty.'],
  ['none.json', '[]', 'none.json has no rows'],
  ['header.csv', `${FLAT.join(',')}\n`, 'header.csv has no rows'],
  ['cut.json', JSON.stringify(ROWS).slice(0, 300), 'cut.json is not valid JSON'],
  ['cut.jsonl', toJsonl(ROWS).slice(0, 300), 'row 2, line: found'],
  ['object.json', '{"rows": []}', 'the file holds one object with the keys rows; expected a list of rows'],
  ['null.json', 'null', 'null.json: its first line, "null", is no header of a table.'],
  ['quote.csv', `${HEADER}\n1,"a\n`, 'row 1, number of cells: found 2; expected 7, as many as the header has'],
  ['inner.csv', `${HEADER}\n1,"a"b\n`, 'row 1, number of cells: found 2; expected 7'],
  [
    'columns.csv',
    'guid,satz,label\n1,2,3\n',
    'there is no column sentence, subject, object. Found: guid, satz, label.',
  ],
  ['twice.csv', 'guid,label,label\n', 'twice.csv: the header has the column label twice.'],
  ['short.parquet', readFileSync(join(FIXTURES, 'hub.parquet')).subarray(0, 900), 'cannot be read as Parquet'],
])('%s is one clear error', async (name, content, message) => {
  expect(await errorOf(file(name, content))).toContain(message);
});

test('a missing file and a folder', async () => {
  expect(await errorOf('nowhere/rows.json')).toBe('Cannot read rows.json: no such file or folder.\nCheck the path.');
  expect(await errorOf(FIXTURES)).toContain('it is a folder');
});

test('CSV names its own columns, and counts the cells of a row', async () => {
  const rows = `${FLAT.join(',')}\n1,가나다,가,0,x,,다,2,2,,per:title,\n2,가나다,가,0,0\n`;
  expect(await errorOf(file('rows.csv', rows))).toBe(
    [
      'rows.csv: 2 of 2 rows are invalid (rows count from 1 after the header).',
      '  row 1, subject_end: found "x"; expected a whole number, 0 or more',
      '  row 2, number of cells: found 5; expected 12, as many as the header has',
      'Correct the file, or leave such rows out with --on-bad-row skip (they are then listed in rejected_rows.jsonl).',
    ].join('\n'),
  );
});

test('CSV whose Python dict text is broken', async () => {
  const text = 'id,sentence,subject_entity,object_entity,label\n0,가나다,"{\'word\': }",{},per:title\n';
  expect(await errorOf(file('train.csv', text))).toContain(
    `row 1, subject_entity: found "{'word': }"; expected Python dict text: expected a value at position 9, found "}"`,
  );
});
