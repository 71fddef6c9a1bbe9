import { expect, test } from 'vitest';
import { HEAD_NAMES, type HeadName } from '../../base/core/settings.ts';
import { poolingSpans, poolsWords, statesPerAnswer } from './headPooling.ts';

const FIRST = { start: 0, end: 1 };
const SUBJECT = { start: 1, end: 2 };
const OBJECT = { start: 5, end: 6 };
const SUBJECT_WORD = { start: 2, end: 4 };
const OBJECT_WORD = { start: 6, end: 7 };
const row = {
  ids: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  subjectStart: SUBJECT.start,
  objectStart: OBJECT.start,
  subjectWord: SUBJECT_WORD,
  objectWord: OBJECT_WORD,
};

/** A trained classifier has columns for each state: in another order it would read every one of them wrongly. */
const EXPECTED: Record<HeadName, readonly unknown[]> = {
  cls: [FIRST],
  'entity-start': [SUBJECT, OBJECT],
  'span-mean': [SUBJECT_WORD, OBJECT_WORD],
  'start-cls': [FIRST, SUBJECT, OBJECT],
  'start-mean': [SUBJECT, OBJECT, SUBJECT_WORD, OBJECT_WORD],
};

test.each(HEAD_NAMES)('%s pools its states in a fixed order', (head) => {
  const expected = EXPECTED[head];
  expect(poolingSpans(head, row)).toEqual(expected);
  expect(statesPerAnswer(head)).toBe(expected.length);
  expect(poolsWords(head)).toBe(expected.includes(SUBJECT_WORD));
});
