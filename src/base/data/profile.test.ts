import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Example } from '../core/types.ts';
import {
  conflictingGroups,
  distinctSentences,
  duplicateGroups,
  entityDistances,
  labelCounts,
  quantile,
  relativePositions,
  sentenceLengths,
  sharedSentences,
  shareWithin,
  sourceCounts,
  subjectFirst,
  summarize,
  typeCounts,
  typePairCounts,
  wordLengths,
} from './profile.ts';

const LABELS = { labels: ['no_relation', 'per:title', 'org:members'], noRelation: 'no_relation' };

/** A row over a sentence of which the words are `subject` and `object` (first occurrence each). */
function row(guid: string, sentence: string, subject: string, object: string, label: string | null): Example {
  const entity = (word: string, type: string | null) => {
    const start = [...sentence.slice(0, sentence.indexOf(word))].length;
    return { word, start, end: start + [...word].length - 1, type };
  };
  return { guid, sentence, subject: entity(subject, 'PER'), object: entity(object, null), label, source: null };
}

const ROWS = [
  row('a', '가람은 🎻 연주자다.', '가람', '연주자', 'per:title'),
  row('b', '가람은 🎻 연주자다.', '가람', '연주자', 'no_relation'),
  row('c', '연주자 나래가 왔다.', '나래', '연주자', 'per:title'),
  row('d', '연주자 나래가 왔다.', '연주자', '나래', null),
];

test('labels are counted in the order of the label set, with empty ones, without unlabelled rows', () => {
  expect(labelCounts(ROWS, LABELS)).toEqual([
    { value: 'no_relation', count: 1, share: 1 / 3 },
    { value: 'per:title', count: 2, share: 2 / 3 },
    { value: 'org:members', count: 0, share: 0 },
  ]);
  expect(labelCounts([], LABELS).map(({ share }) => share)).toEqual([0, 0, 0]);
});

test('types and sources that are missing are counted under a name of their own', () => {
  expect(typeCounts(ROWS, 'subject')).toEqual([{ value: 'PER', count: 4, share: 1 }]);
  expect(typeCounts(ROWS, 'object')).toEqual([{ value: 'untyped', count: 4, share: 1 }]);
  expect(sourceCounts([...ROWS, { ...ROWS[0]!, source: 'wiki' }])).toEqual([
    { value: 'unknown', count: 4, share: 0.8 },
    { value: 'wiki', count: 1, share: 0.2 },
  ]);
});

test('lengths, positions and distances count code points', () => {
  expect(sentenceLengths(ROWS)).toEqual([11, 11, 11, 11]);
  expect(wordLengths(ROWS, 'object')).toEqual([3, 3, 3, 2]);
  expect(relativePositions(ROWS, 'subject')).toEqual([0, 0, 4 / 11, 0]);
  expect(entityDistances(ROWS)).toEqual([4, 4, 1, 1]);
  expect(subjectFirst(ROWS)).toEqual({ value: 'subject first', count: 3, share: 0.75 });
});

test('relations by type pair', () => {
  const cell = { subjectType: 'PER', objectType: 'untyped' };
  expect(typePairCounts(ROWS, LABELS)).toEqual([
    { ...cell, label: 'no_relation', count: 1 },
    { ...cell, label: 'per:title', count: 2 },
  ]);
});

test('duplicates are rows with the same sentence and spans, conflicts those of them that disagree', () => {
  const [group, ...others] = duplicateGroups(ROWS);
  expect(others).toEqual([]);
  expect(group).toMatchObject({ guids: ['a', 'b'], labels: ['per:title', 'no_relation'] });
  expect(conflictingGroups(ROWS)).toEqual([group]);
  expect(conflictingGroups([ROWS[0]!, { ...ROWS[0]!, guid: 'z' }])).toEqual([]);
});

test('shared sentences are distinct and in the order of the test rows', () => {
  expect(sharedSentences(ROWS, [ROWS[2]!, ROWS[3]!, ROWS[0]!])).toEqual([ROWS[2]!.sentence, ROWS[0]!.sentence]);
  expect(sharedSentences([], ROWS)).toEqual([]);
  expect(distinctSentences(ROWS)).toBe(2);
});

test('summary of a list and of nothing', () => {
  expect(summarize([])).toBeNull();
  expect(summarize([3, 1, 2, 4])).toEqual({
    n: 4,
    min: 1,
    max: 4,
    mean: 2.5,
    deviation: Math.sqrt(1.25),
    median: 2,
    p90: 4,
    p95: 4,
    p99: 4,
    p999: 4,
  });
  expect(quantile([], 0.5)).toBeUndefined();
  expect(quantile([5], 0)).toBe(5);
  expect(shareWithin([], 3)).toBe(1);
});

test('a quantile is the smallest value that keeps the share asked for', () => {
  const lists = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 1000 }), (values, thousandths) => {
      const share = thousandths / 1000;
      const limit = quantile(values, share)!;
      expect(values).toContain(limit);
      expect(shareWithin(values, limit)).toBeGreaterThanOrEqual(share - 1e-9);
      expect(shareWithin(values, limit - 1)).toBeLessThan(share);
    }),
  );
});
