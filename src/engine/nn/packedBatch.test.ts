import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relativeError } from '../../../test/support/parity.ts';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { HEAD_NAMES } from '../../base/core/settings.ts';
import type { SharedSentence } from '../../base/text/sharedEncoder.ts';
import { type ForwardPass, openForwardPass } from '../runtime/forwardPass.ts';
import type { BatchRow } from './headPooling.ts';
import { type ModelRow, packPairs, readsMarkers } from './packedBatch.ts';
import { createRelationModel, type RelationModel } from './relationModel.ts';

const LABELS = ['no_relation', 'a', 'b'];
const labelSet = { labels: LABELS, noRelation: 'no_relation' };
const task = { marker: 'typed-punct', head: 'start-mean', maxLength: 64, labelSet, entityTypes: [] } as const;
const CPU = { device: 'cpu', threads: 1 } as const;

let folder: string;
let model: RelationModel;
let inline: ForwardPass;
let packed: ForwardPass;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-packed-'));
  await writeTinyEncoder(folder);
  model = await createRelationModel(folder, task, { layers: null, seed: 5 });
  inline = await openForwardPass(model.spec, model.weights, 'fixed', CPU);
  packed = await openForwardPass({ ...model.spec, packed: true }, model.weights, 'fixed', CPU);
});
afterAll(async () => {
  await Promise.all([inline.release(), packed.release()]);
  await rm(folder, { recursive: true });
});

const logitsOf = async (pass: ForwardPass, rows: readonly ModelRow[]) => {
  const { logits } = await pass.run(rows, { batchSize: 8 });
  return logits.flatMap((row) => [...row]);
};

const SENTENCE = '은하수는 2019년 나해솔이 이도현과 만든 그룹이다.';
const ENTITIES = ['은하수', '2019년', '나해솔', '이도현'].map((word, i) => {
  const start = SENTENCE.indexOf(word);
  return { word, start, end: start + word.length - 1, type: ['ORG', 'DAT', 'PER', 'PER'][i]! };
});
const sharedSentence = (): SharedSentence =>
  model.inputs.encodeShared(
    SENTENCE,
    ENTITIES.flatMap((subject) => ENTITIES.flatMap((object) => (subject === object ? [] : [{ subject, object }]))),
  )!;

test('rows of one pair have the same answers packed and not', async () => {
  const rows: BatchRow[] = Array.from({ length: 7 }, (_, row) => ({
    ids: Array.from({ length: 8 + row }, (_, i) => 10 + ((row * 31 + i * 17) % 1000)),
    ...{ subjectStart: 1, objectStart: 4, subjectWord: { start: 2, end: 4 }, objectWord: { start: 5, end: 6 } },
  }));
  expect(relativeError(await logitsOf(packed, rows), await logitsOf(inline, rows))).toBeLessThan(1e-5);
});

test('the answer to a pair does not depend on the pairs beside it', async () => {
  const sentence = sharedSentence();
  const alone = await logitsOf(packed, packPairs(sentence, undefined, 1));
  expect(alone).toHaveLength(12 * LABELS.length);
  for (const most of [5, 32])
    expect(relativeError(await logitsOf(packed, packPairs(sentence, undefined, most)), alone)).toBeLessThan(1e-5);
  // Only the pairs asked for, in the order asked for.
  const chosen = await logitsOf(packed, packPairs(sentence, [7, 2]));
  const expected = [7, 2].flatMap((pair) => alone.slice(pair * LABELS.length, (pair + 1) * LABELS.length));
  expect(relativeError(chosen, expected)).toBeLessThan(1e-5);
});

test('pairs are spread evenly over rows', () => {
  const sizes = packPairs(sharedSentence(), undefined, 5).map(({ pairs }) => pairs.length);
  expect(sizes).toEqual([4, 4, 4]);
});

test('heads that read a pair’s own markers', () => {
  expect(HEAD_NAMES.filter(readsMarkers)).toEqual(['entity-start', 'start-cls', 'start-mean']);
});

test('a graph of single pairs refuses packed rows', async () => {
  await expect(logitsOf(inline, packPairs(sharedSentence()))).rejects.toThrow('packed');
});
