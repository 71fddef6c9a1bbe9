import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toyPredict } from '../../../../test/support/page/toyModel.ts';
import { batchRequest } from './batchRequest.ts';
import { CsvRecords } from './csvRecords.ts';
import { csvTable, jsonLines } from './download.ts';
import { type FileFormat, fileRows, formatOf, textOf } from './fileRows.ts';

async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
}

async function read(text: string, format: FileFormat, size?: number) {
  const rows = [];
  for await (const row of fileRows(pieces(text, size), format, `rows.${format}`)) rows.push(row);
  return rows;
}

const ROW = {
  guid: 'a',
  sentence: '밴드 “푸른돛”의\n기타리스트, 강이안 😀',
  subject_entity: { word: '푸른돛', start_idx: 4, end_idx: 6, type: 'ORG' },
  object_entity: { word: '강이안', start_idx: 17, end_idx: 19, type: 'PER' },
  label: 'no_relation',
};

test.each(['rows.JSONL', 'rows.ndjson', 'a.b.csv', 'rows.tsv', 'klue.json'])('%s has a format', (name) => {
  expect(formatOf(name)).not.toBeNull();
});
test('other endings have none', () => expect([formatOf('rows.xlsx'), formatOf('csv')]).toEqual([null, null]));

test('JSON lists and JSON lines are cut the same wherever pieces end', async () => {
  const values = [ROW, { text: '}],[{"\\' }, [1, [2]], null];
  for (const size of [1, 2, 5, 1000]) {
    const list = await read(`\uFEFF ${JSON.stringify(values, null, 1)}\n`, 'json', size);
    const lines = await read(values.map((value) => `${JSON.stringify(value)}\r\n`).join('\n'), 'jsonl', size);
    expect(list.map(({ value }) => value)).toEqual(values);
    expect(lines.map(({ value }) => value)).toEqual(values);
    expect(lines.map(({ number }) => number)).toEqual([1, 3, 5, 7]);
  }
});

test('a broken line is a bad row, a broken list an unreadable file', async () => {
  expect((await read('{"a":1}\n{oops\n', 'jsonl'))[1]).toMatchObject({ number: 2, problem: { field: 'row' } });
  await expect(read('[{"a":1},', 'json')).rejects.toMatchObject({ reason: 'unclosed' });
  await expect(read('{"a":1}', 'json')).rejects.toMatchObject({ reason: 'notList' });
  await expect(read('[1] x', 'json')).rejects.toMatchObject({ reason: 'notList' });
  await expect(read('[]', 'json')).rejects.toMatchObject({ reason: 'emptyFile' });
  await expect(read('guid,sentence\n', 'csv')).rejects.toThrow('subject_word');
});

const cells = fc.string({ unit: fc.constantFrom('가', 'b', ',', '"', '\n', ' ', '😀'), maxLength: 8 });
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test('CSV records are those of csv-parse', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cells, { minLength: 2, maxLength: 3 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      (records, size) => {
        const text = records.map((record) => record.map(quoted).join(',')).join('\r\n');
        const splitter = new CsvRecords(',');
        const found: string[][] = [];
        for (let i = 0; i < text.length; i += size) found.push(...splitter.push(text.slice(i, i + size)));
        found.push(...splitter.end());
        expect(found).toEqual(parse(text, { relax_column_count: true }));
      },
    ),
  );
});

test('a quote that is never closed is told', async () => {
  const header = 'sentence,subject_word,subject_start,subject_end,object_word,object_start,object_end\n';
  await expect(read(`${header}"가`, 'csv')).rejects.toMatchObject({ reason: 'unclosed' });
});

test('a file that is not UTF-8 is told', async () => {
  const latin = new Blob([new Uint8Array([0x22, 0xe9, 0x22])]);
  await expect(fileRows(textOf(latin), 'jsonl', 'x').next()).rejects.toMatchObject({ reason: 'notUtf8' });
});

test('rows of data files and requests become requests; wrong ones are told with their fields', () => {
  const row = (value: unknown) => batchRequest({ number: 3, value }, 3);
  expect(row({ ...ROW, label: 7 })).toMatchObject({
    guid: 'a',
    request: { subject: { word: '푸른돛', start: 4, end: 6, offsets: 'codepoint', type: 'ORG' }, top_k: 3 },
  });
  const request = { sentence: '가 나', subject: { word: '가' }, object: { word: '나' } };
  expect(row({ id: 9, ...request, top_k: 1 })).toEqual({ number: 3, guid: '9', request: { ...request, top_k: 1 } });
  expect(row({ ...request, subject: {} })).toMatchObject({ problems: [{ field: '/subject/word' }] });
  expect(row({ ...ROW, sentence: '다른 문장' })).toMatchObject({
    problems: [{ field: 'subject_entity.end_idx' }, { field: 'object_entity.start_idx' }],
  });
  expect(row(5)).toMatchObject({ problems: [{ field: 'row', found: '5' }] });
});

test('downloads can be read again', async () => {
  const ready = batchRequest({ number: 1, value: ROW }, 2);
  if (!('request' in ready)) throw new Error('The row is good.');
  const result = { number: 1, guid: 'a', sentence: ROW.sentence, answer: toyPredict(ready.request) };
  const [header, cells] = parse(csvTable([result]), { bom: true }) as [string[], string[]];
  const row = Object.fromEntries(header.map((name, i) => [name, cells[i]]));
  expect(row).toMatchObject({ guid: 'a', sentence: ROW.sentence, subject: '푸른돛', relation: result.answer.relation });
  expect(JSON.parse(jsonLines([result]))).toEqual({ guid: 'a', row: 1, ...result.answer });
});
