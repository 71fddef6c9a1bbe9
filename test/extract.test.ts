import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spanText } from '../src/base/data/span.ts';
import { designEntityModel, saveEntityModel, withStartingWeights } from '../src/engine/nn/entityModel.ts';
import { createRelationModel, saveRelationModel, type TaskSpec } from '../src/engine/nn/relationModel.ts';
import {
  DocumentExtractor,
  type DocumentGraph,
  extract,
  openDocumentExtractor,
  RelationExtractor,
} from '../src/index.ts';
import { exportModel } from '../src/inference/export/exportModel.ts';
import { DOCUMENT_SCHEMAS } from '../src/inference/predict/documentSchema.ts';
import { namesRecognizer } from './support/namesRecognizer.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';
import { startTinyServer } from './support/tinyServer.ts';

// korex extract, and that command line, library and REST API give the same graph of the same text.

const TEXT =
  '가온은 나루에서 일했다. “나루는 크다. 더 크다.”고 가온 대표가 말했다.\n\n다솜은 떠났다. 😀 나루가 남았다.';
const ENTITIES = [
  { word: '가온', start: 0, end: 1, type: 'PER' },
  { word: '나루', start: 4, end: 5, type: 'ORG' },
  { word: '가온 대표', start: 31, end: 35, type: 'PER' },
  { word: '다솜', start: 44, end: 45, type: 'PER' },
];
const types = ['PER', 'ORG'];
/** Without a label for none, so that an untrained model asserts a relation of every pair. */
const labelSet = { labels: ['a', 'b', 'c'], noRelation: null };
/** A model that can read the pairs of a sentence both ways. */
const task: TaskSpec = {
  marker: 'typed-punct',
  head: 'start-mean',
  pairEncoding: 'both',
  ...{ maxLength: 64, labelSet, entityTypes: types },
};

let folder: string;
let models: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-extract-'));
  const encoder = join(folder, 'encoder');
  await writeTinyEncoder(encoder);
  const [relations, entities] = [join(folder, 'relations'), join(folder, 'entities')];
  await saveRelationModel(relations, await createRelationModel(encoder, task, { layers: null, seed: 5 }));
  const entityTask = { types, maxLength: 64, temperature: 1 };
  await saveEntityModel(entities, await withStartingWeights(await designEntityModel(encoder, entityTask, null), 3));
  models = ['--model', relations, '--entity-model', entities, '--threads', '1'];
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** The graph of a text by the command line. */
async function byCommand(...args: string[]): Promise<DocumentGraph> {
  const { code, out, err } = await runKorex(['extract', ...models, '--json', ...args]);
  expect(err, err).toBe('');
  expect(code).toBe(0);
  return DOCUMENT_SCHEMAS.DocumentGraph.parse(JSON.parse(out));
}
const linesOf = async (path: string): Promise<DocumentGraph[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => DOCUMENT_SCHEMAS.DocumentGraph.parse(JSON.parse(line)));

/** Confidences differ by rounding where sentences are batched otherwise. */
function expectSame(graph: DocumentGraph, like: DocumentGraph): void {
  const bare = ({ mentions, relations, id: _, ...rest }: DocumentGraph) => ({
    ...rest,
    mentions: mentions.map(({ score: _, ...mention }) => mention),
    relations: relations.map(({ confidence: _, ...relation }) => relation),
  });
  expect(bare(graph)).toEqual(bare(like));
  for (const [i, { confidence }] of graph.relations.entries())
    expect(Math.abs(confidence - like.relations[i]!.confidence)).toBeLessThan(1e-5);
}

test.each(['inline', 'shared'] as const)(
  'command line, library and REST API: the same graph, entities found, pairs read %s',
  async (pairEncoding) => {
    const [model, entityModel] = [models[1]!, models[3]!];
    const expected = await byCommand('--text', TEXT, '--pair-encoding', pairEncoding);
    for (const { word, start, end, sentence } of expected.mentions) {
      expect(spanText(TEXT, start, end)).toBe(word);
      expect(start).toBeGreaterThanOrEqual(expected.sentences[sentence]!.start);
    }
    const library = await extract(TEXT, { model, entityModel, pairEncoding, threads: 1 });
    expectSame(library, expected);
    expectSame(
      await extract({ text: TEXT, pair_encoding: pairEncoding }, { model, entityModel, threads: 1 }),
      expected,
    );
    const documents = await openDocumentExtractor(model, { entityModel, threads: 1 });
    const extractor = await RelationExtractor.load(model, { threads: 1 });
    const server = await startTinyServer({ extractor, documents });
    try {
      const post = async (body: string, type: string) => {
        const answer = await fetch(`${server.url}/v1/extract`, {
          method: 'POST',
          body,
          headers: { 'Content-Type': type },
        });
        return (await answer.text())
          .trimEnd()
          .split('\n')
          .map((line) => DOCUMENT_SCHEMAS.DocumentGraph.parse(JSON.parse(line)));
      };
      const body = JSON.stringify({ text: TEXT, pair_encoding: pairEncoding });
      expectSame((await post(body, 'application/json'))[0]!, expected);
      const lines = `${body}\n`.repeat(3);
      const streamed = await post(lines, 'application/x-ndjson');
      expect(streamed).toHaveLength(3);
      for (const graph of streamed) expectSame(graph, expected);
    } finally {
      await server.close();
      await extractor.release();
    }
  },
  60_000,
);

test('both ways differ, an export has both, and a model of one refuses the other by its field', async () => {
  const confidences = ({ relations }: DocumentGraph) => relations.map(({ confidence }) => confidence.toFixed(6));
  const document = { text: TEXT, entities: ENTITIES.map((entity) => ({ ...entity, offsets: 'codepoint' as const })) };
  const graphsOf = async (model: string) => {
    const options = { model, threads: 1 };
    const asked = { ...document, threshold: 0 };
    return [
      await extract(asked, options),
      await extract({ ...asked, pair_encoding: 'shared' as const }, options),
    ] as const;
  };
  const [inline, shared] = await graphsOf(models[1]!);
  expect(confidences(shared)).not.toEqual(confidences(inline));
  const exported = join(folder, 'exported');
  await exportModel({ folder: models[1]!, name: 'r' }, exported, { force: false, licences: new Map() });
  const again = await graphsOf(exported);
  expectSame(again[0], { ...inline, model: again[0].model });
  expectSame(again[1], { ...shared, model: again[1].model });
  // Its weights are the graph's own there, in 8 bits.
  const small = join(folder, 'small');
  await exportModel({ folder: models[1]!, name: 'r' }, small, { force: false, small: true, licences: new Map() });
  const opened = await RelationExtractor.load(small, { threads: 1, pairEncoding: 'shared' });
  expect(opened.info.pair_encodings).toEqual(['shared', 'inline']);
  await opened.release();
  const { pairEncoding: _, ...alone } = task;
  const encoder = join(folder, 'encoder');
  await saveRelationModel(join(folder, 'alone'), await createRelationModel(encoder, alone, { layers: null, seed: 5 }));
  await expect(graphsOf(join(folder, 'alone'))).rejects.toMatchObject({
    field: '/pair_encoding',
    message: expect.stringContaining('one pass'),
  });
}, 60_000);

test('a folder of texts and rows; rows that bring entities keep them, and bad rows are left out or end the work', async () => {
  const [input, out] = [join(folder, 'input'), join(folder, 'graphs.jsonl')];
  await mkdir(join(input, 'deep'), { recursive: true });
  await writeFile(join(input, 'a.txt'), `\uFEFF${TEXT}`);
  await writeFile(join(input, 'deep', 'b.md'), Buffer.from(`# 제목\r\n\r\n${TEXT}`, 'utf16le'));
  await writeFile(join(input, '.hidden.txt'), '숨은 글.');
  await writeFile(join(input, 'picture.png'), 'x');
  const rows = [{ id: 'c', text: TEXT, entities: ENTITIES }, { nothing: 1 }];
  await writeFile(join(input, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { code, out: printed } = await runKorex(['extract', ...models, '--json', input, out]);
  expect(code, printed).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({ documents: 3, rejected: 1, sentences: 13 });
  const graphs = await linesOf(out);
  expect(graphs.map(({ id }) => id)).toEqual(['a.txt', 'deep/b.md', 'c']);
  expect(graphs[0]!.text).toBe(TEXT);
  expect(graphs[1]!.text).toBe(`# 제목\r\n\r\n${TEXT}`);
  expect(graphs[2]!.mentions.map(({ word, score }) => [word, score])).toEqual(ENTITIES.map(({ word }) => [word, null]));
  expect(graphs[2]!.entities.map(({ mentions }) => mentions)).toEqual([['m1', 'm3'], ['m2'], ['m4']]);
  expect(await runKorex(['extract', ...models, input, out])).toMatchObject({
    code: 2,
    err: expect.stringContaining('already'),
  });
  const strict = await runKorex(['extract', ...models, '--on-bad-row', 'error', '--force', input, out]);
  expect(strict).toMatchObject({ code: 2, err: expect.stringContaining('row 2') });
  // What was there stays, and nothing half-written is left.
  expect(await linesOf(out)).toEqual(graphs);
  expect((await readdir(folder)).filter((name) => name.includes('.tmp'))).toEqual([]);
}, 60_000);

test('interrupted, it leaves nothing behind and says so', async () => {
  const out = join(folder, 'never.jsonl');
  const signal = AbortSignal.abort();
  await writeFile(join(folder, 'long.txt'), TEXT);
  const { code, err } = await runKorex(['extract', ...models, join(folder, 'long.txt'), out], { signal });
  expect(code).toBe(130);
  expect(err).toContain('was not written');
  expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
});

test('every format by the ending of its name', async () => {
  const rows = join(folder, 'rows.jsonl');
  await writeFile(rows, JSON.stringify({ id: 'c', text: TEXT, entities: ENTITIES }));
  for (const name of ['g.csv', 'g.graphml', 'g.jsonld', 'g.cypher', 'g.html', 'g.neo4j']) {
    const { code, err } = await runKorex(['extract', ...models, '--threshold', '0', rows, join(folder, name)]);
    expect(code, err).toBe(0);
  }
  expect(await readFile(join(folder, 'g.csv'), 'utf8')).toMatch(/^\uFEFFdocument,subject,.*\nc,/);
  expect((await readdir(join(folder, 'g.neo4j'))).sort()).toEqual(['nodes.csv', 'relationships.csv']);
  expect(await readFile(join(folder, 'g.html'), 'utf8')).toContain('<svg class="graph"');
});

test('options: pairs of neighbouring sentences, mentions left apart, uncertain relations', async () => {
  const rows = join(folder, 'options.jsonl');
  await writeFile(rows, JSON.stringify({ text: TEXT, entities: ENTITIES }));
  const graphWith = async (...options: string[]) => {
    const out = join(folder, 'options.out.jsonl');
    await runKorex(['extract', ...models, '--force', ...options, rows, out]);
    return (await linesOf(out))[0]!;
  };
  const plain = await graphWith('--threshold', '1');
  expect(plain).toMatchObject({ pairs: 2, relations: [] });
  // 가온 and 가온 대표 are one: no pair.
  expect(await graphWith('--window', '2')).toMatchObject({ pairs: 6 });
  expect(await graphWith('--window', '2', '--no-join')).toMatchObject({ pairs: 8 });
  expect((await graphWith('--no-join')).entities).toHaveLength(4);
  const uncertain = await graphWith('--threshold', '1', '--uncertain');
  expect(uncertain.relations.every(({ decision }) => decision === 'uncertain')).toBe(true);
});

test.each([
  [['--window', '9', '--text', '가온'], '--window is "9"'],
  [['--text', '가온', 'a.txt', 'b.csv'], 'two things to read'],
  [['nowhere.txt'], 'nowhere.txt'],
  [['--text', '가온이다.', 'graph.xlsx'], 'its ending'],
])('%j is refused', async (args, message) => {
  const { code, err } = await runKorex(['extract', ...models, ...args]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('other inputs are named for what they are', async () => {
  const at = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content);
    return (await runKorex(['extract', ...models, join(folder, name)])).err;
  };
  expect(await at('x.csv', 'a,b\n1,2\n')).toContain('reads texts (.txt, .md)');
  expect(await at('x.txt', '  \n')).toContain('empty or blank');
  expect(await at('y.txt', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))).toContain('is no text');
});

test('a class for many texts: lists and streams in order, marked sentences as before', async () => {
  const relations = await RelationExtractor.load(models[1], { threads: 1 });
  const extractor = new DocumentExtractor(relations, namesRecognizer);
  const ids: string[] = [];
  for await (const { id } of extractor.extract([{ text: TEXT }, { id: 'x', text: TEXT }])) ids.push(id);
  expect(ids).toEqual(['doc-1', 'x']);
  const entities = [
    { word: '가온', type: 'PER' },
    { word: '나루', type: 'ORG' },
  ];
  const sentence = '가온은 나루에서 일했다.';
  expect(await extractor.extract({ sentence, entities })).toEqual(await relations.extract({ sentence, entities }));
  await expect(extractor.extract({ text: TEXT, entities: [{ word: '없음' }] })).rejects.toMatchObject({
    field: '/entities/0/word',
  });
  await extractor.release();
});
