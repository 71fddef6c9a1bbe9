import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { silentLog } from '../../../../test/support/tinyServer.ts';
import { CONVERT_SCHEMAS } from '../../../inference/predict/api/convertSchema.ts';
import { OPERATIONS, type Operation } from '../../../inference/predict/api/operations.ts';
import { REST_SCHEMAS } from '../../../inference/predict/schema.ts';
import { type Env, SERVER_LIMITS, type ServeContext } from '../context.ts';
import { languageOf, problemOf, problemResponse } from '../problem.ts';
import { convertRoute } from './convert.ts';

/** The route alone: it needs no model. */
function appOf() {
  const app = new Hono<Env>();
  convertRoute(app, { limits: SERVER_LIMITS, log: silentLog } as ServeContext);
  app.onError((error, c) => problemResponse(problemOf(error, languageOf(c.req.raw.headers)), 'test'));
  return app;
}

const post = (body: unknown, lang = 'en') =>
  appOf().request('/v1/convert', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Accept-Language': lang },
  });
const answerOf = async (body: unknown) => {
  const response = await post(body);
  expect(response.status).toBe(200);
  return CONVERT_SCHEMAS.ConvertResponse.parse(await response.json());
};
const problemIn = async (body: unknown, lang?: string) => {
  const response = await post(body, lang);
  expect(response.status).toBe(422);
  return REST_SCHEMAS.Problem.parse(await response.json());
};

const TEXT = '😀 한빛전자는 서지우가 세웠다.';
type Spans = readonly (readonly [start: number, end: number, type: string])[];
const doccano = (
  text = TEXT,
  spans: Spans = [
    [2, 6, 'ORG'],
    [8, 11, 'PER'],
  ],
  id = 7,
) =>
  JSON.stringify({
    ...{ id, text },
    entities: spans.map(([start_offset, end_offset, label], id) => ({ id, label, start_offset, end_offset })),
    relations: [{ id: 1, from_id: 0, to_id: 1, type: 'org:founded_by' }],
  });
const fileOf = (content: string, name = 'admin.jsonl') => ({ name, content });

test('the example of the OpenAPI document is what the server answers', async () => {
  const { request, response }: Operation = OPERATIONS.find(({ id }) => id === 'convert')!;
  expect(await answerOf(request!.examples!.doccano)).toEqual(response.examples!.doccano);
});

test('every format is written; those that are no text as base64', async () => {
  for (const to of CONVERT_SCHEMAS.ConvertRequest.shape.to.options) {
    const { files } = await answerOf({ files: [fileOf(doccano())], to });
    expect(files.length, to).toBeGreaterThan(0);
    for (const { name, encoding } of files) {
      expect(name).not.toBe('');
      expect(encoding).toBe(to === 'xlsx' || to === 'parquet' ? 'base64' : 'text');
    }
  }
});

test('files of brat belong together by their names, in folders too, and come back', async () => {
  const { files } = await answerOf({ files: [fileOf(doccano())], to: 'brat' });
  const inFolder = files.map(({ name, content }) => ({ name: `texts/${name}`, content }));
  const back = await answerOf({ files: inFolder, to: 'doccano' });
  expect(back).toMatchObject({ from: 'brat', documents: 1, entities: 2, relations: 1 });
  expect(JSON.parse(back.files[0]!.content)).toMatchObject({ text: TEXT });
  const alone = await problemIn({ files: inFolder.filter(({ name }) => name.endsWith('.ann')), to: 'klue' });
  expect(alone.detail).toContain('.txt');
});

test('bad rows are an error that names them, or are left out and listed', async () => {
  const bad = doccano(
    '짧다',
    [
      [0, 1, 'ORG'],
      [5, 9, 'PER'],
    ],
    9,
  );
  const files = [fileOf(`${doccano()}\n${doccano(TEXT, undefined, 8)}\n${bad}\n`)];
  const error = await problemIn({ files, to: 'klue' });
  expect(error.detail).toContain('row 3, entities.1: found no place of the text (5–9)');
  expect(`${error.detail} ${error.hint}`).not.toContain('--');
  const { rejected } = await answerOf({ files, to: 'documents', on_bad_row: 'skip' });
  expect(rejected.map(({ row }) => row)).toEqual([3]);
});

test('two ways of counting are refused with both readings, in the language that is asked for, and settled by `offsets`', async () => {
  // Behind an emoji either way of counting has a word without white space at its edges.
  const files = [
    fileOf(
      doccano('😀가나다라마바사', [
        [3, 5, 'ORG'],
        [6, 8, 'PER'],
      ]),
    ),
  ];
  const en = await problemIn({ files, to: 'klue' });
  expect(en.errors).toMatchObject([{ field: '/files' }]);
  expect(en.detail).toContain('can be read in two ways');
  expect(en.hint).toContain('`offsets`');
  const ko = await problemIn({ files, to: 'klue' }, 'ko');
  expect(ko.detail).toContain('위치를 두 가지로 읽을 수 있다');
  expect(`${ko.detail} ${ko.hint}`).not.toMatch(/이\(가\)|은\(는\)|--/);
  const { notes } = await answerOf({ files, to: 'klue', offsets: 'codepoint-exclusive' });
  expect(notes[0]!.en).toContain('code points, end exclusive');
});

test.each<[what: string, body: object, words: string]>([
  ['no file', { files: [], to: 'klue' }, '/files'],
  ['an empty file', { files: [fileOf('')], to: 'klue' }, 'empty'],
  ['prose', { files: [fileOf('그냥 글이다.', 'a.txt')], to: 'klue' }, 'a.txt'],
  ['half a line of JSON', { files: [fileOf('{"text": ')], to: 'klue' }, 'admin.jsonl'],
  ['a list of numbers', { files: [fileOf('[1, 2]')], to: 'klue' }, 'row'],
  ['another tool', { files: [fileOf('{"vertexSet": [], "sents": []}')], to: 'klue' }, 'DocRED'],
  ['an unknown format', { files: [fileOf(doccano())], to: 'word' }, '/to'],
  ['an unknown field', { files: [fileOf(doccano())], to: 'klue', pair: 'all' }, '/pair'],
  ['a format that it is not', { files: [fileOf(doccano())], from: 'webanno', to: 'klue' }, 'admin.jsonl'],
  ['two files of all texts', { files: [fileOf(doccano()), fileOf(doccano(), 'b.jsonl')], to: 'documents' }, '7'],
])('%s is refused with the reason', async (_, body, words) => {
  const { detail } = await problemIn(body);
  expect(detail).toContain(words);
});

test('what would take the server too long is refused before it is made', async () => {
  const text = '가'.repeat(5_000);
  const entities = Array.from({ length: 5_000 }, (_, start) => ({ word: '가', start, end: start, type: 'PER' }));
  const many = await problemIn({ files: [fileOf(JSON.stringify({ id: 'a', text, entities }))], to: 'klue' });
  expect(many.detail).toContain('24995000 pairs');
  const spans = Array.from({ length: 600 }, (_, start) => ({ word: text, start: 0, end: 4_999, type: `T${start}` }));
  const doc = { id: 'a', text, entities: spans.map(({ start, end, type }) => [start, end + 1, type]) };
  const line = JSON.stringify({ id: doc.id, text: doc.text, label: doc.entities });
  const long = Array.from({ length: 10 }, (_, i) => line.replace('"a"', `"a${i}"`)).join('\n');
  expect((await problemIn({ files: [fileOf(long)], to: 'documents' })).detail).toContain('characters of text');
});
