import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveEntity } from './entities.ts';
import { API_SCHEMAS, type EntityInput } from './schema.ts';

const resolve = (input: EntityInput, sentence: string) => resolveEntity(input, sentence, '/subject');
const failing = (field: string, text: RegExp) =>
  expect.objectContaining({ kind: 'usage', field, message: expect.stringMatching(text) });

/** Text with Hangul in both normal forms, emoji, combining marks, Hanja outside the BMP. */
const piece = fc.constantFrom(
  '가',
  '각'.normalize('NFD'),
  '나',
  ' ',
  '😀',
  'é',
  'é'.normalize('NFD'),
  '𠀀',
  '#',
  'a',
  '\u200b',
);
const text = fc.array(piece, { minLength: 1, maxLength: 24 }).map((parts) => parts.join(''));

describe('properties', () => {
  test('offsets in either convention name the same stretch, and so does its word with an occurrence', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (sentence, a, b) => {
        const characters = Array.from(sentence);
        const [start, end] = [a % characters.length, b % characters.length].sort((x, y) => x - y) as [number, number];
        const word = characters.slice(start, end + 1).join('');
        const expected = { word, start, end, type: null };
        expect(resolve({ start, end, offsets: 'codepoint' }, sentence)).toEqual(expected);
        const from = characters.slice(0, start).join('').length;
        expect(resolve({ start: from, end: from + word.length, offsets: 'utf16' }, sentence)).toEqual(expected);
        // Places of the word before this one, also those that overlap.
        let occurrence = 1;
        for (let at = sentence.indexOf(word); at !== from; at = sentence.indexOf(word, at + 1)) occurrence++;
        expect(resolve({ word, occurrence }, sentence)).toEqual(expected);
      }),
    );
  });

  test('a word in another normal form names the same stretch as its own', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('가', '각', '한', 'é', '😀'), { minLength: 1, maxLength: 5 }), (parts) => {
        const word = parts.join('');
        for (const [own, other] of [
          ['NFC', 'NFD'],
          ['NFD', 'NFC'],
        ] as const) {
          const sentence = `x ${word} y`.normalize(own);
          expect(resolve({ word: word.normalize(other) }, sentence)).toEqual(
            resolve({ word: word.normalize(own) }, sentence),
          );
        }
      }),
    );
  });

  test('whatever the request, the answer is a stretch of the sentence or an error with a field', () => {
    const input = fc.record(
      {
        word: text,
        type: fc.constantFrom('PER', null),
        occurrence: fc.integer({ min: 1, max: 4 }),
        start: fc.nat(30),
        end: fc.nat(30),
        offsets: fc.constantFrom('codepoint' as const, 'utf16' as const),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(text, input, (sentence, request) => {
        if (!API_SCHEMAS.EntityInput.safeParse(request).success) return;
        try {
          const { word, start, end } = resolve(request, sentence);
          expect(
            Array.from(sentence)
              .slice(start, end + 1)
              .join(''),
          ).toBe(word);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'usage', field: expect.stringMatching(/^\/subject\/\w+$/) });
        }
      }),
    );
  });
});

test('a word that stands more than once: the places with what is around them, and how to pick one', () => {
  const sentence = '가온은 서울에서 태어났고, 가온의 동생도 서울에 산다.';
  expect(() => resolve({ word: '가온' }, sentence)).toThrow(
    failing('/subject/word', /occurs 2 times.*1: \[가온\]은 서울에서 태…; 2: …서 태어났고, \[가온\]의 동생도 서울…/),
  );
  expect(resolve({ word: '가온', occurrence: 2 }, sentence)).toMatchObject({ start: 15, end: 16 });
  expect(() => resolve({ word: '가온', occurrence: 3 }, sentence)).toThrow(failing('/subject/occurrence', /2 times/));
});

test('a word that is not there: what is near', () => {
  expect(() => resolve({ word: '나루' }, '가온은')).toThrow(failing('/subject/word', /is not in the sentence/));
  expect(() => resolve({ word: ' 가온 ' }, '가온은')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('spaces') }),
  );
  expect(() => resolve({ word: 'KOREX' }, 'Korex는')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('"Korex"') }),
  );
  // A syllable is not found within another one.
  expect(() => resolve({ word: '가' }, '각'.normalize('NFD'))).toThrow(
    failing('/subject/word', /is not in the sentence/),
  );
});

test('a long word in another normal form is found in the time that a long sentence takes', () => {
  const sentence = '각'.repeat(5_000);
  const word = '각'.repeat(2_500).normalize('NFD');
  expect(resolve({ word, occurrence: 2_501 }, sentence)).toMatchObject({ start: 2_500, end: 4_999 });
  expect(() => resolve({ word }, sentence)).toThrow(failing('/subject/word', /occurs 2501 times/));
});

test.each([
  ['/subject/start', { start: 9, end: 9, offsets: 'codepoint' }, /start is 9/],
  ['/subject/end', { start: 0, end: 9, offsets: 'codepoint' }, /end is 9/],
  ['/subject/end', { start: 1, end: 0, offsets: 'codepoint' }, /empty/],
  ['/subject/end', { start: 1, end: 1, offsets: 'utf16' }, /empty/],
  ['/subject/start', { start: 1, end: 3, offsets: 'utf16' }, /within a character/],
  ['/subject/end', { start: 0, end: 1, offsets: 'utf16' }, /within a character/],
  ['/subject/word', { word: '가', start: 0, end: 0, offsets: 'codepoint' }, /has "😀"/],
] as const)('offsets outside of the sentence or of its characters: %s', (field, input, message) => {
  expect(() => resolve(input, '😀가나')).toThrow(failing(field, message));
});

test('offsets of the other convention are called that', () => {
  expect(() => resolve({ word: '가온', start: 0, end: 2, offsets: 'codepoint' }, '가온은 산다')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('"utf16"') }),
  );
  expect(() => resolve({ word: '가온', start: 0, end: 1, offsets: 'utf16' }, '가온은 산다')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('"codepoint"') }),
  );
});
