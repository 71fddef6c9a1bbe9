import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { createRelationModel, type RelationModel } from '../../engine/nn/relationModel.ts';
import { openClassifier } from './classifier.ts';
import { fitCalibration } from './fitCalibration.ts';
import { RelationExtractor } from './relationExtractor.ts';
import { API_SCHEMAS, type PredictRequest } from './schema.ts';

const device = { device: 'cpu', threads: 1 } as const;
const labelSet = { labels: ['no_relation', 'a', 'b', 'c'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG'] } as const;

/** Requests with sentences of many lengths. */
const requests = Array.from(
  { length: 23 },
  (_, row): PredictRequest => ({
    sentence: `가온은 ${'아주 '.repeat((row * 7) % 20)}나루에서 일했다`,
    subject: { word: '가온', type: 'PER' },
    object: { word: '나루' },
    top_k: 4,
  }),
);

let folder: string;
let model: RelationModel;
let extractor: RelationExtractor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-extractor-'));
  await writeTinyEncoder(folder);
  model = await createRelationModel(folder, task, { layers: null, seed: 5 });
  extractor = RelationExtractor.of(await openClassifier(model, device), { name: 'tiny' });
});
afterAll(async () => {
  await extractor.release();
  await rm(folder, { recursive: true });
});

const closest = (a: readonly { readonly probability: number }[], b: readonly { readonly probability: number }[]) =>
  Math.max(...a.map(({ probability }, i) => Math.abs(probability - b[i]!.probability)));

test('one request, a list and a stream give the same answers within 1e-5, in order', async () => {
  const list = await extractor.predict(requests);
  expect(list).toHaveLength(requests.length);
  for (const answer of list) expect(API_SCHEMAS.Relation.parse(answer)).toEqual(answer);
  async function* read() {
    yield* requests;
  }
  const streamed = [];
  for await (const answer of extractor.predict(read(), { batchSize: 3 })) streamed.push(answer);
  for (const [i, request] of requests.entries()) {
    const alone = await extractor.predict(request);
    expect(alone.relation).toBe(list[i]!.relation);
    expect(closest(alone.top, list[i]!.top)).toBeLessThan(1e-5);
    expect(closest(streamed[i]!.top, list[i]!.top)).toBeLessThan(1e-5);
  }
});

test('of a stream, no more than a window is read ahead', async () => {
  let read = 0;
  async function* endless() {
    for (;;) yield requests[read++ % requests.length]!;
  }
  for await (const answer of extractor.predict(endless())) {
    expect(answer.model).toBe('tiny');
    break;
  }
  expect(read).toBe(1024);
});

test('calls side by side wait for each other, and a released model says so', async () => {
  const own = RelationExtractor.of(await openClassifier(model, device), { name: 'own' });
  const answers = Promise.all(requests.slice(0, 4).map((request) => own.predict(request)));
  await own.release();
  expect(await answers).toHaveLength(4);
  await expect(own.predict(requests[0]!)).rejects.toMatchObject({ kind: 'failed', message: 'The model was released.' });
});

test('priors of unlabelled rows are shares of the labels, and need those of training', async () => {
  const rows = requests.map((request) => extractor.prepare(request));
  await expect(extractor.estimatePriors(rows)).rejects.toMatchObject({ kind: 'usage' });
  const labelled = requests.map((_, i) => ({
    guid: `${i}`,
    sentence: '가나',
    subject: { word: '가', start: 0, end: 0, type: null },
    object: { word: '나', start: 1, end: 1, type: null },
    label: labelSet.labels[i % 4]!,
    source: null,
  }));
  const logits = await extractor.logits(rows);
  const calibration = fitCalibration({
    ...{ labelSet, training: labelled, rowWeights: [1, 1, 1, 1], validation: labelled, logits },
  });
  const calibrated = RelationExtractor.of(await openClassifier(model, device), { name: 'own', calibration });
  const priors = await calibrated.estimatePriors(rows);
  expect(Object.keys(priors)).toEqual(labelSet.labels);
  expect(Object.values(priors).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(calibrated.info.calibration).toMatchObject({ rows: 23, temperature: calibration.temperature });
  await calibrated.release();
});

test('an answer says where its entities are, how sure it is and what else it might be', async () => {
  const answer = await extractor.predict(requests[1]!);
  expect(answer).toMatchObject({
    subject: { word: '가온', start: 0, end: 1, type: 'PER' },
    object: { word: '나루', type: null },
    decision: answer.relation === 'no_relation' ? 'no_relation' : 'relation',
    threshold: 0,
    shortened: false,
    model: 'tiny',
  });
  expect(answer.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
  expect(answer.confidence).toBe(answer.top[0]!.probability);
  const strict = await extractor.predict({ ...requests[1]!, threshold: 1 });
  expect(strict).toMatchObject({ relation: answer.relation, decision: 'uncertain', threshold: 1 });
});

test('extraction evaluates every ordered pair that does not overlap', async () => {
  const graph = await extractor.extract({
    sentence: '가온과 나루는 가온나루에서 일했다',
    entities: [
      { word: '가온', occurrence: 1 },
      { word: '나루', occurrence: 1 },
      { word: '가온나루' },
      { word: '나루', occurrence: 2 },
    ],
    include_no_relation: true,
  });
  expect(API_SCHEMAS.ExtractResponse.parse(graph)).toEqual(graph);
  expect(graph.pairs).toBe(10);
  expect(graph.relations).toHaveLength(10);
  const alone = await extractor.predict({
    sentence: graph.sentence,
    subject: { word: '가온나루', type: null },
    object: { start: 0, end: 2, offsets: 'utf16' },
  });
  const edge = graph.relations.find((row) => row.subject_index === 2 && row.object_index === 0)!;
  expect(edge.relation).toBe(alone.relation);
  expect(edge.confidence).toBeCloseTo(alone.confidence, 5);
});

test('pairs of a sentence that is too long for so many are refused before they are encoded', async () => {
  const words = Array.from({ length: 12 }, (_, i) => `가온${i}번`);
  const sentence = `${words.join(' ')} ${'나루 '.repeat(3_000)}`;
  const entities = words.map((word) => ({ word }));
  await expect(extractor.extract({ sentence, entities })).rejects.toMatchObject({ kind: 'usage', field: '/entities' });
});

test.each([
  ['/sentence', { ...requests[0]!, sentence: ' ' }],
  ['/sentence', { ...requests[0]!, sentence: '가\ud800나' }],
  ['/subject/word', { ...requests[0]!, subject: { word: '없음' } }],
  ['/subject/word', { ...requests[0]!, subject: {} }],
  ['/subject/type', { ...requests[0]!, subject: { word: '가온', type: 'PERSON' } }],
  ['/object/offsets', { ...requests[0]!, object: { start: 0, end: 1 } }],
  ['/object', { ...requests[0]!, object: { word: '가온은' } }],
  ['/top_k', { ...requests[0]!, top_k: 0 }],
  ['', { ...requests[0]!, topk: 1 }],
])('a wrong request names its field: %s', async (field, request) => {
  await expect(extractor.predict(request)).rejects.toMatchObject({ kind: 'usage', field });
  await expect(extractor.predict([requests[0]!, request])).rejects.toMatchObject({
    kind: 'usage',
    field: `/1${field}`,
  });
});
