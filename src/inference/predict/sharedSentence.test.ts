import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relativeError } from '../../../test/support/parity.ts';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import type { Entity, Example } from '../../base/core/types.ts';
import type { TaskSpec } from '../../engine/nn/modelTask.ts';
import { createRelationModel, loadRelationModel, saveRelationModel } from '../../engine/nn/relationModel.ts';
import { pairByPair } from '../extract/pairByPair.ts';
import type { PairQuestion } from '../extract/pairScorer.ts';
import { sharedPass } from '../extract/sharedPass.ts';
import { type Classifier, openClassifier } from './classifier.ts';
import { RelationExtractor } from './relationExtractor.ts';

const LABELS = ['no_relation', 'a', 'b'];
const CPU = { device: 'cpu', threads: 1 } as const;
const task: TaskSpec = {
  marker: 'typed-punct',
  head: 'start-mean',
  maxLength: 40,
  entityTypes: ['ORG', 'DAT', 'PER'],
  labelSet: { labels: LABELS, noRelation: 'no_relation' },
  pairEncoding: 'both',
};

let folder: string;
let classifier: Classifier;
let extractor: RelationExtractor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-shared-'));
  await writeTinyEncoder(folder);
  const model = await createRelationModel(folder, task, { layers: null, seed: 5 });
  await saveRelationModel(join(folder, 'saved'), model);
  classifier = await openClassifier(await loadRelationModel(join(folder, 'saved')), CPU);
  extractor = RelationExtractor.of(classifier, { name: 'both', pairEncoding: 'shared' });
});
afterAll(async () => {
  await extractor.release();
  await rm(folder, { recursive: true });
});

const SHORT = '은하수는 2019년 나해솔이 이도현과 만든 그룹이다.';
const LONG = `${SHORT} ${'그리고 노래를 불렀다. '.repeat(12)}`;
const entitiesOf = (sentence: string): Entity[] =>
  ['은하수', '2019년', '나해솔', '이도현'].map((word, i) => {
    const start = sentence.indexOf(word);
    return { word, start, end: start + word.length - 1, type: ['ORG', 'DAT', 'PER', 'PER'][i]! };
  });
const questionOf = (sentence: string): PairQuestion => ({
  sentence,
  entities: entitiesOf(sentence),
  pairs: [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].flatMap((j) => (i === j ? [] : [[i, j] as const]))),
});

test('all pairs of sentences come back in order; long sentences are read pair by pair', async () => {
  const questions = [questionOf(SHORT), questionOf(LONG), { ...questionOf(SHORT), pairs: [[2, 0] as const] }];
  const shared = await sharedPass(extractor).score(questions);
  const single = await pairByPair(extractor).score(questions);
  for (const [index, { pairs }] of questions.entries()) {
    expect(shared[index]!.map(({ subject, object }) => [subject, object])).toEqual(pairs);
    const isLong = index === 1;
    expect(shared[index]!.every(({ shortened }) => shortened === isLong)).toBe(true);
    const values = (scored: typeof shared) => scored[index]!.flatMap(({ logits }) => Array.from(logits));
    const difference = relativeError(values(shared), values(single));
    // An untrained model has other answers where markers stand elsewhere.
    if (isLong) expect(difference).toBeLessThan(1e-5);
    else expect(difference).toBeGreaterThan(1e-3);
  }
  // The same pair beside fewer others, in the same words.
  const at = questions[0]!.pairs.findIndex(([subject, object]) => subject === 2 && object === 0);
  expect(relativeError(shared[2]![0]!.logits, shared[0]![at]!.logits)).toBeLessThan(1e-5);
});

test('what the model cannot take is refused as it is for single pairs', async () => {
  const question = questionOf(SHORT);
  const untyped = { ...question, entities: question.entities.map((entity) => ({ ...entity, type: null })) };
  await expect(sharedPass(extractor).score([untyped])).rejects.toMatchObject({ kind: 'usage', field: '/subject/type' });
  const emoji = `${SHORT}${' 𓀀 𓀁'.repeat(10)}`;
  await expect(sharedPass(extractor).score([questionOf(emoji)])).rejects.toMatchObject({ field: '/sentence' });
});

test('rows of data files share a pass by sentence, and keep their order', async () => {
  const rest = { label: null, source: null };
  const rows = [SHORT, LONG, SHORT].flatMap((sentence, i): Example[] => {
    const [subject, , object] = entitiesOf(sentence) as [Entity, Entity, Entity];
    return [
      { guid: `${i}-1`, sentence, subject, object, ...rest },
      { guid: `${i}-2`, sentence, subject: object, object: subject, ...rest },
    ];
  });
  const shared = await classifier.predict(rows, { pairEncoding: 'shared' });
  expect(shared.map(({ guid }) => guid)).toEqual(rows.map(({ guid }) => guid));
  expect(shared[4]!.probabilities).toEqual(shared[0]!.probabilities);
  const single = await classifier.predict(rows);
  const probabilities = (index: number) => [shared, single].map((all) => Object.values(all[index]!.probabilities!));
  expect(relativeError(...(probabilities(2) as [number[], number[]]))).toBeLessThan(1e-4);
});

test('a model that was not trained for it refuses', async () => {
  const { pairEncoding: _, ...inline } = task;
  const model = await createRelationModel(folder, inline, { layers: null, seed: 5 });
  const other = await openClassifier(model, CPU);
  await expect(other.predict([], { pairEncoding: 'shared' })).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('--pair-encoding both'),
  });
  expect(() => RelationExtractor.of(other, { name: 'inline', pairEncoding: 'shared' })).toThrow('one pass');
  await other.release();
});
