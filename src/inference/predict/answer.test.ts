import { expect, test } from 'vitest';
import type { Entity } from '../../base/core/types.ts';
import { softmax } from '../../base/eval/softmax.ts';
import type { Calibration } from '../../engine/runs/calibration.ts';
import { type AnswerRow, answerOf, type Postprocessing } from './answer.ts';
import { postprocessingOf } from './postprocessing.ts';

const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
const entity = (start: number, type: string | null): Entity => ({ word: '가', start, end: start, type });
const row: AnswerRow = {
  subject: entity(0, 'PER'),
  object: entity(2, 'ORG'),
  shortened: false,
  topK: 3,
  threshold: null,
};
const plain: Postprocessing = {
  model: 'm',
  labelSet,
  temperature: 1,
  thresholds: { default: 0, per_relation: {} },
  priorRatios: null,
  typePairs: null,
  text: null,
};
const logits = [1, 2, 4];
const half = { nll: 1, ece: 0.1, bins: [] };
const calibration: Calibration = {
  rows: 10,
  temperature: 2,
  before: half,
  after: half,
  thresholds: { default: 0.4, per_relation: { b: 0.9 } },
  training: {
    rows: 10,
    priors: { no_relation: 0.5, a: 0.5, b: 0 },
    type_pairs: [{ subject: 'PER', object: 'ORG', relations: ['a'] }],
  },
  type_mask: {
    use: true,
    without: { accuracy: 0, macro_f1: 0, micro_f1: 0 },
    with: { accuracy: 1, macro_f1: 1, micro_f1: 1 },
  },
  text: null,
};
const values = (post: Postprocessing, of: AnswerRow = row) =>
  Object.fromEntries(answerOf(logits, of, post).top.map(({ relation, probability }) => [relation, probability]));

test('an uncalibrated model answers with the softmax of its logits', () => {
  const [none, a, b] = softmax(logits);
  expect(values(plain)).toEqual({ b, a, no_relation: none });
  expect(answerOf(logits, row, plain)).toMatchObject({
    relation: 'b',
    decision: 'relation',
    no_relation_probability: none,
  });
  expect(answerOf([9, 0, 0], row, plain).decision).toBe('no_relation');
  expect(answerOf([0, 0, 0], row, plain).relation).toBe('no_relation');
});

test('temperature flattens, and the order stays', () => {
  const [none, a, b] = softmax([0.5, 1, 2]);
  expect(values({ ...plain, temperature: 2 })).toEqual({ b, a, no_relation: none });
});

test('priors multiply the odds; one of 0 rules a label out', () => {
  const shifted = values({ ...plain, priorRatios: [2, 1, 0] });
  expect(shifted.no_relation! / shifted.a!).toBeCloseTo(2 * Math.exp(-1), 12);
  expect(shifted.b).toBe(0);
});

test('the type mask leaves the relations of the pair and "no relation"; a pair it does not know stays free', () => {
  const masked: Postprocessing = { ...plain, typePairs: calibration.training.type_pairs };
  expect(values(masked)).toMatchObject({ b: 0 });
  expect(answerOf(logits, row, masked).relation).toBe('a');
  for (const type of ['PER', null])
    expect(answerOf(logits, { ...row, object: entity(2, type) }, masked).relation).toBe('b');
});

test('priors that leave none of the relations of a type pair win over the mask', () => {
  const masked: Postprocessing = { ...plain, typePairs: calibration.training.type_pairs, priorRatios: [0, 0, 1] };
  expect(values(masked)).toEqual({ b: 1, a: 0, no_relation: 0 });
});

test('below the threshold the answer is uncertain: the request’s, else the relation’s, else the default', () => {
  const post = { ...plain, thresholds: calibration.thresholds };
  expect(answerOf(logits, row, post)).toMatchObject({ relation: 'b', decision: 'uncertain', threshold: 0.9 });
  expect(answerOf([1, 4, 2], row, post)).toMatchObject({ relation: 'a', decision: 'relation', threshold: 0.4 });
  expect(answerOf(logits, { ...row, threshold: 0 }, post)).toMatchObject({ decision: 'relation', threshold: 0 });
  const { confidence } = answerOf(logits, row, post);
  expect(answerOf(logits, { ...row, threshold: confidence }, post)).toMatchObject({ decision: 'relation' });
});

test('a calibration decides, and options win over it', () => {
  expect(postprocessingOf('m', labelSet, null)).toEqual(plain);
  const post = postprocessingOf('m', labelSet, calibration);
  expect(post).toMatchObject({ temperature: 2, thresholds: calibration.thresholds, priorRatios: null });
  expect(post.typePairs).toEqual(calibration.training.type_pairs);
  expect(postprocessingOf('m', labelSet, calibration, { typeMask: false }).typePairs).toBeNull();
  // What training never had cannot be weighed up.
  const priors = { no_relation: 0.8, a: 0.1, b: 0.1 };
  expect(postprocessingOf('m', labelSet, calibration, { priors }).priorRatios).toEqual([1.6, 0.2, 1]);
});

test.each([
  ['no calibration', null, { no_relation: 1, a: 0, b: 0 }],
  ['an unknown label', calibration, { no_relation: 1, a: 0, b: 0, c: 0 }],
  ['a label without a share', calibration, { no_relation: 1, a: 0 }],
  ['a share below 0', calibration, { no_relation: 1.5, a: -0.5, b: 0 }],
  ['shares that do not add up', calibration, { no_relation: 0.5, a: 0.2, b: 0 }],
])('priors are refused for %s', (_, known, priors) => {
  expect(() => postprocessingOf('m', labelSet, known, { priors })).toThrow(expect.objectContaining({ kind: 'usage' }));
});

test('a type mask is refused where no type pairs are known', () => {
  expect(() => postprocessingOf('m', labelSet, null, { typeMask: true })).toThrow(/pair of entity types/);
});

test('the probability of every label, in label order, is a part of the answer where it is asked for', () => {
  expect(answerOf(logits, row, plain)).not.toHaveProperty('probabilities');
  const { probabilities, top } = answerOf(logits, { ...row, topK: 1, probabilities: true }, plain);
  expect(Object.entries(probabilities!)).toEqual(labelSet.labels.map((label, id) => [label, softmax(logits)[id]]));
  expect(top).toEqual([{ relation: 'b', probability: probabilities!.b }]);
});
