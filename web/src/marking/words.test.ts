import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guessType } from './guessType.ts';
import { coreOf, nextPlace, trimmed, wordsOf } from './words.ts';

const core = (word: string, cutParticles = true) => {
  const { start, end } = coreOf(word, { start: 0, end: word.length }, cutParticles);
  return word.slice(start, end);
};

test.each([
  ['비틀즈의', '비틀즈'],
  ['해리슨이다.', '해리슨'],
  ['강이안은', '강이안'],
  ['서지우가', '서지우'],
  ['수원에서는', '수원'],
  ['서울로', '서울'],
  ['1990년에', '1990년'],
  ['KBS는', 'KBS'],
  ['‘아침의나라’를', '아침의나라'],
  ['김한결(71)은', '김한결'],
  ['(주)가온전자와', '주)가온전자'],
  ['피아니스트이자', '피아니스트'],
])('a click on %s marks %s', (word, expected) => expect(core(word)).toBe(expected));

test.each(['국가', '작가', '화가', '회의', '민주주의', '제주도', '소설가', '강이안', '세종로', '은', '...'])(
  'a click on %s marks all of it',
  (word) => expect(core(word)).toBe(word),
);

test('particles stay where the visitor wants them', () => expect(core('비틀즈의,', false)).toBe('비틀즈의'));

const texts = fc.string({
  unit: fc.constantFrom('가', '은', '의', ' ', '.', '(', '”', '😀', 'a', '\n'),
  maxLength: 20,
});

test('what is marked lies within its word, is not empty and splits no character', () => {
  fc.assert(
    fc.property(texts, (sentence) => {
      for (const word of wordsOf(sentence)) {
        const { start, end } = coreOf(sentence, word);
        expect(start).toBeGreaterThanOrEqual(word.start);
        expect(end).toBeLessThanOrEqual(word.end);
        expect(end).toBeGreaterThan(start);
        expect(sentence.slice(start, end)).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
      }
    }),
  );
});

test('a dragged stretch loses the spaces at its ends and takes characters whole', () => {
  expect(trimmed('가 나다 라', { start: 1, end: 5 })).toEqual({ start: 2, end: 4 });
  expect(trimmed('가  나', { start: 1, end: 3 })).toBeNull();
  expect(trimmed('a😀b', { start: 2, end: 3 })).toEqual({ start: 1, end: 3 });
});

test('edges step over surrogate pairs and stop at the ends', () => {
  expect([nextPlace('a😀b', 1, 1), nextPlace('a😀b', 3, -1), nextPlace('a', 1, 1), nextPlace('a', 0, -1)]).toEqual([
    3, 1, 1, 0,
  ]);
});

test.each([
  ['2011년', 'DAT'],
  ['320명', 'NOH'],
  ['가온전자', 'ORG'],
  ['수원시', 'LOC'],
  ['한유리', 'PER'],
  ['Beatles', null],
])('%s looks like %s', (word, type) => {
  expect(guessType(word, ['PER', 'ORG', 'LOC', 'DAT', 'NOH', 'POH'])).toBe(type);
});

test('a type that the model does not know is not guessed', () => expect(guessType('2011년', ['PER'])).toBeNull());
