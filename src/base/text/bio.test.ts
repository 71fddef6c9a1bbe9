import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginTag,
  decodeTags,
  insideTag,
  spanProbability,
  spansOfTags,
  tagNames,
  typesOfTags,
  unitScores,
} from './bio.ts';

const TYPES = ['PER', 'ORG'];
const TAGS = tagNames(TYPES).length;
const [O, B_PER, I_PER, B_ORG, I_ORG] = [0, beginTag(0), insideTag(0), beginTag(1), insideTag(1)];

test('tags by name and back', () => {
  expect(tagNames(TYPES)).toEqual(['O', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG']);
  expect(typesOfTags(tagNames(TYPES), 'config.json')).toEqual(TYPES);
  for (const names of [['O'], ['B-PER', 'I-PER', 'O'], ['O', 'B-PER', 'I-ORG'], ['LABEL_0', 'LABEL_1', 'LABEL_2']])
    expect(() => typesOfTags(names, 'config.json')).toThrow('expected O, then B-TYPE and I-TYPE');
});

test('entities of tags, as conlleval reads them', () => {
  expect(spansOfTags([B_PER, I_PER, O, B_ORG, B_ORG, I_ORG])).toEqual([
    { first: 0, last: 1, type: 0 },
    { first: 3, last: 3, type: 1 },
    { first: 4, last: 5, type: 1 },
  ]);
  // An I without its B begins an entity; so does one of another type.
  expect(spansOfTags([I_PER, I_ORG])).toEqual([
    { first: 0, last: 0, type: 0 },
    { first: 1, last: 1, type: 1 },
  ]);
});

describe('the best sequence of tags', () => {
  const scored = fc
    .array(fc.array(fc.double({ min: -9, max: 0, noNaN: true }), { minLength: TAGS, maxLength: TAGS }), {
      maxLength: 5,
    })
    .map((rows) => Float32Array.from(rows.flat()));
  const isAllowed = (tags: readonly number[]) =>
    tags.every((tag, i) => ![I_PER, I_ORG].includes(tag) || [tag, tag - 1].includes(tags[i - 1] ?? -1));
  const sequences = (units: number): number[][] =>
    units === 0
      ? [[]]
      : sequences(units - 1).flatMap((tags) => Array.from({ length: TAGS }, (_, tag) => [...tags, tag]));
  const scoreOf = (scores: Float32Array, tags: ArrayLike<number>) =>
    Array.from(tags).reduce((sum, tag, unit) => sum + scores[unit * TAGS + tag]!, 0);

  test('is the best of all that are allowed', () => {
    fc.assert(
      fc.property(scored, (scores) => {
        const best = decodeTags(scores, TAGS);
        expect(isAllowed([...best])).toBe(true);
        const highest = Math.max(
          ...sequences(best.length)
            .filter(isAllowed)
            .map((tags) => scoreOf(scores, tags)),
        );
        expect(scoreOf(scores, best)).toBeCloseTo(best.length === 0 ? 0 : highest, 4);
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on the temperature', () => {
    fc.assert(
      fc.property(scored, fc.double({ min: 0.5, max: 4, noNaN: true }), (logits, temperature) => {
        const units = Array.from({ length: logits.length / TAGS }, (_, token) => ({ token }));
        const [plain, divided] = [1, temperature].map((t) => unitScores(logits, units, TAGS, t));
        const best = decodeTags(plain!, TAGS);
        expect(scoreOf(divided!, best)).toBeCloseTo(scoreOf(divided!, decodeTags(divided!, TAGS)), 4);
      }),
      { numRuns: 60 },
    );
  });
});

test('how probable an entity is: begun, continued, and ended', () => {
  const probabilities = [
    [0.1, 0.8, 0.05, 0.03, 0.02],
    [0.2, 0.1, 0.6, 0.05, 0.05],
    [0.7, 0.05, 0.2, 0.03, 0.02],
  ];
  const scores = Float32Array.from(probabilities.flat(), Math.log);
  expect(spanProbability(scores, TAGS, { first: 0, last: 1, type: 0 })).toBeCloseTo(0.8 * 0.6 * (1 - 0.2), 5);
  expect(spanProbability(scores, TAGS, { first: 0, last: 2, type: 0 })).toBeCloseTo(0.8 * 0.6 * 0.2, 5);
});
