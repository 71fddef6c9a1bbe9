import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_INQUIRY, type Inquiry, inquiryOf, paramsOf } from './address.ts';
import { withGuesses } from './guessType.ts';
import {
  addMark,
  EMPTY_MARKING,
  entitiesIn,
  type Marking,
  moveEdge,
  removeMark,
  replaceSentence,
  setRole,
  setType,
  swapRoles,
  wordOf,
} from './marking.ts';

const SENTENCE = '밴드 푸른돛의 기타리스트 강이안은 쉰다.';
const place = (word: string, type: string | null = null) => ({
  start: SENTENCE.indexOf(word),
  end: SENTENCE.indexOf(word) + word.length,
  type,
});
const marked = (...words: string[]): Marking =>
  words.reduce((marking, word) => addMark(marking, place(word)), { ...EMPTY_MARKING, sentence: SENTENCE });
const words = (marking: Marking) => marking.marks.map((mark) => wordOf(marking, mark));
const roles = ({ marks, subject, object, ...marking }: Marking) =>
  [subject, object].map((index) => wordOf(marking, marks[index]!));

test('the entity marked first is the subject, wherever the second one stands', () => {
  expect(roles(marked('강이안', '푸른돛'))).toEqual(['강이안', '푸른돛']);
  expect(roles(marked('푸른돛', '강이안'))).toEqual(['푸른돛', '강이안']);
});

test('roles stay with their entities when others come and go', () => {
  const three = marked('강이안', '푸른돛', '밴드');
  expect(words(three)).toEqual(['밴드', '푸른돛', '강이안']);
  expect(roles(three)).toEqual(['강이안', '푸른돛']);
  expect(roles(removeMark(three, 0))).toEqual(['강이안', '푸른돛']);
  expect(roles(removeMark(three, 2))).toEqual(['밴드', '푸른돛']);
});

test('roles are swapped and given', () => {
  const two = marked('푸른돛', '강이안');
  expect(roles(swapRoles(two))).toEqual(['강이안', '푸른돛']);
  expect(roles(setRole(two, 0, 'object'))).toEqual(['강이안', '푸른돛']);
  expect(setRole(two, 0, 'subject')).toBe(two);
});

test('a new entity takes the place of those that it overlaps', () => {
  expect(words(addMark(marked('푸른돛', '강이안'), place('푸른돛의 기타리스트')))).toEqual([
    '푸른돛의 기타리스트',
    '강이안',
  ]);
});

test('edges move by a character, never into another entity or over each other', () => {
  const two = marked('밴드', '푸른돛');
  const step = (marking: Marking, ...moves: ['start' | 'end', 1 | -1][]) =>
    words(moves.reduce((now, [edge, direction]) => moveEdge(now, 1, edge, direction), marking))[1];
  expect(step(two, ['end', 1])).toBe('푸른돛의');
  expect(step(two, ['end', -1], ['end', -1], ['end', -1])).toBe('푸');
  expect(step(two, ['start', -1], ['start', -1])).toBe(' 푸른돛');
});

test('entities move along when the sentence is edited around them, and go when it is edited within them', () => {
  const two = marked('푸른돛', '강이안');
  const edited = (sentence: string) => words(replaceSentence(two, sentence));
  expect(edited(`오늘 ${SENTENCE}`)).toEqual(['푸른돛', '강이안']);
  expect(edited(SENTENCE.replace('기타리스트', '드러머'))).toEqual(['푸른돛', '강이안']);
  expect(edited(SENTENCE.replace('푸른돛', '푸른 돛'))).toEqual(['강이안']);
  expect(edited('')).toEqual([]);
  expect(roles(replaceSentence(swapRoles(two), `오늘 ${SENTENCE}`))).toEqual(['강이안', '푸른돛']);
});

test('an older answer keeps to the words that it was about', () => {
  const two = marked('푸른돛', '강이안');
  const placesIn = (newer: Marking) => [0, 1].map(entitiesIn(newer, two));
  expect(placesIn(replaceSentence(two, `오늘 ${SENTENCE}`))).toEqual([0, 1]);
  expect(placesIn(removeMark(two, 0))).toEqual([undefined, 0]);
  expect(placesIn(moveEdge(two, 1, 'end', 1))).toEqual([0, undefined]);
});

test('types are guessed by the word, once the model’s types are known, and stay guesses until somebody chooses', () => {
  const { start, end } = place('강이안');
  const waiting = addMark({ ...EMPTY_MARKING, sentence: SENTENCE }, { start, end, type: null, by: 'guess' });
  expect(withGuesses(waiting, []).marks).toEqual([{ start, end, type: null, by: 'guess' }]);
  const guessed = withGuesses(waiting, ['PER']);
  expect(guessed.marks).toEqual([{ start, end, type: 'PER', by: 'guess' }]);
  expect(setType(guessed, 0, 'PER').marks).toEqual([{ start, end, type: 'PER' }]);
  expect(withGuesses(waiting, ['ORG']).marks).toEqual([{ start, end, type: null }]);
});

const units = fc.constantFrom('가', '은', ' ', '😀', 'a', '~', '-');
const inquiries = fc
  .record({
    sentence: fc.string({ unit: units, minLength: 1, maxLength: 20 }),
    places: fc.array(fc.tuple(fc.nat(24), fc.nat(24), fc.constantFrom('PER', 'a-b', 'é', null), fc.boolean()), {
      maxLength: 4,
    }),
    swapped: fc.boolean(),
    threshold: fc.constantFrom(null, 0, 0.37, 1),
    topK: fc.integer({ min: 1, max: 30 }),
    allPairs: fc.boolean(),
  })
  .map(({ sentence, places, swapped, ...rest }): Inquiry => {
    const marking = places.reduce<Marking>(
      (now, [a, b, type, isGuess]) =>
        addMark(now, {
          start: Math.min(a, b, sentence.length),
          end: Math.min(Math.max(a, b), sentence.length),
          type,
          ...(isGuess && type !== null && { by: 'guess' }),
        }),
      { ...EMPTY_MARKING, sentence },
    );
    return {
      ...EMPTY_INQUIRY,
      ...marking,
      ...(swapped && marking.marks.length > 1 ? swapRoles(marking) : {}),
      ...rest,
    };
  });

test('an address brings back what it was made of', () => {
  fc.assert(
    fc.property(inquiries, (inquiry) => {
      const read = inquiryOf(new URLSearchParams(paramsOf(inquiry).toString()));
      const { subject, object, ...rest } = read;
      expect(rest).toEqual({
        sentence: inquiry.sentence,
        marks: inquiry.marks,
        threshold: inquiry.threshold,
        topK: inquiry.topK,
        allPairs: inquiry.allPairs,
      });
      if (inquiry.marks.length > 1) expect([subject, object]).toEqual([inquiry.subject, inquiry.object]);
    }),
  );
});

test('an address from elsewhere cannot bring entities that do not fit', () => {
  const { marks, subject, object, threshold } = inquiryOf(
    new URLSearchParams({ s: '가 나😀', e: '0-1-PER~0-2~2-3~4-5~9-12~x', r: '5-5', t: '7' }),
  );
  expect(marks).toEqual([
    { start: 0, end: 1, type: 'PER' },
    { start: 2, end: 3, type: null },
  ]);
  expect([subject, object, threshold]).toEqual([0, 1, null]);
});
