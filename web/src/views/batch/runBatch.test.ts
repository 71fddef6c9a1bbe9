import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { blobSource } from '../../../../src/base/data/formats/byteSource.ts';
import { openSource } from '../../../../src/base/data/openSource.ts';
import { toyPredict } from '../../../../test/support/page/toyModel.ts';
import type { BatchSender } from '../../api/predictor.ts';
import { DOWNLOADS } from './download.ts';
import { type BatchNews, batchRequest, goldCounts, NoRows, runBatch } from './runBatch.ts';

const ROW = {
  guid: 'a',
  sentence: '밴드 “푸른돛”의\n기타리스트, 강이안 😀',
  subject_entity: { word: '푸른돛', start_idx: 4, end_idx: 6, type: 'ORG' },
  object_entity: { word: '강이안', start_idx: 17, end_idx: 19, type: 'PER' },
  label: 'no_relation',
};
const FILE = { name: 'rows.jsonl' };

const sender: BatchSender = async function* send(requests) {
  for (const request of requests) yield toyPredict(request);
};

/** A chosen file, answered. */
async function answered(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<BatchNews> {
  const rows = await openSource(blobSource(new Blob([content]), name), name);
  const news: BatchNews[] = [];
  for await (const part of runBatch(rows, sender, 3, new AbortController().signal)) news.push(part);
  return { results: news.flatMap(({ results }) => results), bad: news.flatMap(({ bad }) => bad) };
}

test('a chosen file is read as on the command line, bad rows with the names of its columns', async () => {
  const csv = `\uFEFFsentence,subject_word,subject_start,subject_end,object_word,object_start,object_end
"가람은 ""나래""의 대표",가람,0,1,나래,5,6
가람은 나래의 대표,가람,0,1,나래,4,x
`;
  const { results, bad } = await answered('rows.csv', csv);
  expect(results.map(({ number, guid, input }) => [number, guid, input.sentence])).toEqual([
    [1, 'rows.csv:1', '가람은 "나래"의 대표'],
  ]);
  expect(bad).toMatchObject([{ number: 2, problems: [{ field: 'object_end', found: { en: '"x"' } }] }]);
  expect((await answered('rows.json', JSON.stringify([ROW]))).results).toMatchObject([{ number: 1, guid: 'a' }]);
  expect((await answered('rows.jsonl', `{oops\n${JSON.stringify(ROW)}`)).bad).toMatchObject([{ number: 1 }]);
});

test('of an annotated text, each pair of entities is answered, with its gold label', async () => {
  const text = '가람은 나래의 대표';
  const entities = [
    { id: 1, label: 'PER', start_offset: 0, end_offset: 2 },
    { id: 2, label: 'ORG', start_offset: 4, end_offset: 6 },
  ];
  const relations = [{ id: 1, from_id: 1, to_id: 2, type: 'per:employee_of' }];
  const { results, bad } = await answered('admin.jsonl', JSON.stringify({ id: 7, text, entities, relations }));
  expect(bad).toEqual([]);
  expect(results.map(({ guid, input }) => [guid, input.gold])).toEqual([
    ['7~0-1', 'per:employee_of'],
    ['7~1-0', 'no_relation'],
  ]);
});

test.each([
  ['columns.csv', 'id,satz\n1,가\n', 'columns'],
  ['picture.jsonl', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0x0d]), 'foreign'],
  ['noise.jsonl', new Uint8Array([0, 1, 2, 0, 0, 1, 2, 0]), 'unknown'],
  ['object.json', '{"a": 1}', 'notList'],
  ['cut.json', '[{"a": 1},', 'notList'],
  ['cut.parquet', 'PAR1', 'notParquet'],
  ['empty.csv', '', 'empty'],
])('%s is refused, with the name of its fault', async (name, content, fault) => {
  await expect(answered(name, content)).rejects.toMatchObject({ kind: 'usage', fault });
});

test('a file without rows says so', () => expect(answered('none.json', '[]')).rejects.toThrow(NoRows));

test('rows of data files and requests become requests; wrong ones come with their fields', () => {
  const row = (value: unknown) => batchRequest({ number: 3, value }, FILE, 3);
  expect(row({ ...ROW, label: 7 })).toMatchObject({
    guid: 'a',
    request: { subject: { word: '푸른돛', start: 4, end: 6, offsets: 'codepoint', type: 'ORG' }, top_k: 3 },
  });
  const request = { sentence: '가 나', subject: { word: '가' }, object: { word: '나' } };
  expect(row({ id: 9, ...request, top_k: 1 })).toMatchObject({
    number: 3,
    guid: '9',
    request: { ...request, top_k: 1 },
  });
  expect(row(request)).toMatchObject({ guid: 'rows.jsonl:3' });
  expect(row({ ...request, subject: {} })).toMatchObject({ problems: [{ field: '/subject/word' }] });
  expect(row({ ...ROW, sentence: '다른 문장' })).toMatchObject({
    problems: [{ field: 'subject_entity.end_idx' }, { field: 'object_entity.start_idx' }],
  });
  expect(row(5)).toMatchObject({ problems: [{ field: 'row', found: { en: '5' } }] });
});

test('downloads are those of korex batch: sentence, gold label and own columns beside the answer', async () => {
  const csv = `문장번호,sentence,subject_word,subject_start,subject_end,object_word,object_start,object_end,label,메모
7,가람은 나래의 대표,가람,0,1,나래,4,5,per:employee_of,"첫, 줄"
8,가람은 나래의 대표,가람,0,1,나래,4,5,no_relation,=1+1
9,가람은 나래의 대표,가람,0,1,나래,4,5,,-1.5
`;
  const { results } = await answered('rows.csv', csv);
  const [header, first, ...others] = parse(DOWNLOADS.csv.text(results), { bom: true }) as [string[], string[]];
  // A spreadsheet would run the one, not the other.
  expect(others.map((cells: string[]) => cells.at(-1))).toEqual(["'=1+1", '-1.5']);
  expect(Object.fromEntries(header.map((name, i) => [name, first[i]]))).toMatchObject({
    ...{ guid: 'rows.csv:1', sentence: '가람은 나래의 대표', label: 'per:employee_of', 메모: '첫, 줄' },
    relation: results[0]!.answer.relation,
  });
  const [line] = DOWNLOADS.jsonl.text(results).split('\n');
  expect(JSON.parse(line!)).toEqual({ guid: 'rows.csv:1', label: 'per:employee_of', ...results[0]!.answer });
  expect(results[0]!.answer.relation).toBe('no_relation');
  expect(goldCounts(results)).toEqual({ labelled: 2, correct: 1 });
});
