import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MARKER_NAMES, type MarkerName } from '../core/settings.ts';
import type { Entity } from '../core/types.ts';
import { markExample, markerTokens, unmark } from './markers.ts';

const entity = (sentence: string, word: string, type: string | null): Entity => {
  const start = Array.from(sentence.slice(0, sentence.indexOf(word))).length;
  return { word, start, end: start + Array.from(word).length - 1, type };
};
const row = (sentence: string, subject: string, object: string, types: (string | null)[] = ['ORG', 'PER']) => ({
  sentence,
  subject: entity(sentence, subject, types[0]!),
  object: entity(sentence, object, types[1]!),
});

const SENTENCE = '〈반딧불〉은 나해솔이 쓰고 은하수가 2024년에 부른 곡이다.';
test.each<[MarkerName, string]>([
  ['entity', '〈반딧불〉은 [E2]나해솔[/E2]이 쓰고 [E1]은하수[/E1]가 2024년에 부른 곡이다.'],
  ['entity-punct', '〈반딧불〉은 # 나해솔 #이 쓰고 @ 은하수 @가 2024년에 부른 곡이다.'],
  ['typed-entity', '〈반딧불〉은 [O:PER]나해솔[/O:PER]이 쓰고 [S:ORG]은하수[/S:ORG]가 2024년에 부른 곡이다.'],
  ['typed-punct', '〈반딧불〉은 # ^ 사람 ^ 나해솔 #이 쓰고 @ * 단체 * 은하수 @가 2024년에 부른 곡이다.'],
])('%s goes around the words, in place', (marker, expected) => {
  const example = row(SENTENCE, '은하수', '나해솔');
  const marked = markExample(example, marker);
  expect(marked.text).toBe(expected);
  expect(marked.text.slice(marked.subject.wordStart, marked.subject.wordEnd)).toBe('은하수');
  expect(unmark(marked)).toEqual(example);
});

test('types that are not KLUE’s are used as they are', () => {
  const marked = markExample(row('가람은 나루다', '가람', '나루', ['DRUG', 'GENE']), 'typed-punct');
  expect(marked.text).toBe('@ * DRUG * 가람 @은 # ^ GENE ^ 나루 #다');
});

test('a typed marker needs types', () => {
  const untyped = row('가람은 나루다', '가람', '나루', ['PER', null]);
  expect(() => markExample(untyped, 'typed-punct')).toThrow('the object "나루" has none');
  expect(markExample(untyped, 'entity').text).toBe('[E1]가람[/E1]은 [E2]나루[/E2]다');
});

test('special tokens: four, four for each type, none', () => {
  expect(markerTokens('entity', ['PER'])).toEqual(['[E1]', '[/E1]', '[E2]', '[/E2]']);
  expect(markerTokens('typed-entity', ['PER', 'ORG'])).toEqual([
    ...['[S:PER]', '[/S:PER]', '[O:PER]', '[/O:PER]'],
    ...['[S:ORG]', '[/S:ORG]', '[O:ORG]', '[/O:ORG]'],
  ]);
  expect(markerTokens('typed-punct', ['PER'])).toEqual([]);
});

/** Sentences full of what could be taken for a marker, and of characters outside the BMP. */
const anyRow = fc
  .tuple(
    fc.array(
      fc.oneof(fc.constantFrom('@', '#', ' ', '[E1]', '[/E2]', '* 사람 *', '😀', '𠮷'), fc.string({ unit: 'binary' })),
      {
        minLength: 5,
        maxLength: 5,
      },
    ),
    fc.boolean(),
  )
  .filter(([[, first, , second]]) => first !== '' && second !== '')
  .map(([[before, first, between, second, after], subjectFirst]) => {
    const sentence = [before, first, between, second, after].join('');
    const length = (...parts: (string | undefined)[]) => Array.from(parts.join('')).length;
    const at = (word: string, start: number): Entity => ({ word, start, end: start + length(word) - 1, type: 'PER' });
    const [one, two] = [at(first!, length(before)), at(second!, length(before, first, between))];
    return subjectFirst ? { sentence, subject: one, object: two } : { sentence, subject: two, object: one };
  })
  .filter(({ sentence, subject, object }) => {
    const characters = Array.from(sentence);
    return [subject, object].every(({ word, start, end }) => characters.slice(start, end + 1).join('') === word);
  });

test('every marker can be taken away again', () => {
  fc.assert(
    fc.property(anyRow, fc.constantFrom(...MARKER_NAMES), (example, marker) => {
      expect(unmark(markExample(example, marker))).toEqual(example);
    }),
    { numRuns: 500 },
  );
});
