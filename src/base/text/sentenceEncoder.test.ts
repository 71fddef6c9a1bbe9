import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../core/packagePath.ts';
import { spanText } from '../data/span.ts';
import { loadTokenizer } from './loadTokenizer.ts';
import { createSentenceEncoder } from './sentenceEncoder.ts';
import { wordSegments } from './wordSegments.ts';

const segments = (text: string) => wordSegments(text).map(({ start, end }) => text.slice(start, end));

describe('words are cut before what follows a name', () => {
  test.each([
    ['미국의 16명을', ['미국', '의', '16', '명', '을']],
    ['김씨는 홍길동(22)씨와', ['김', '씨', '는', '홍길동', '(', '22', ')', '씨', '와']],
    ['서울에서는 LG전자와', ['서울', '에서', '는', 'LG', '전자', '와']],
    ['가수이다. 1,000달러', ['가수', '이다', '.', '1,000', '달러']],
    ['《기생충》을 中國에', ['《', '기생충', '》', '을', '中國', '에']],
    ['의', ['의']],
  ])('%s', (text, expected) => {
    expect(segments(text)).toEqual(expected);
  });

  test('segments are all of a text but its white space, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(segments(text).join('')).toBe(text.replace(/\s+/gu, ''));
        for (const { start, end } of wordSegments(text)) expect(end).toBeGreaterThan(start);
      }),
    );
  });
});

describe.each([
  ['SentencePiece', packagePath('models/encoder-ko')],
  ['WordPiece', fileURLToPath(new URL('../../../test/fixtures/tokenizer/wordpiece', import.meta.url))],
])('tokens of a sentence, %s', (_, folder) => {
  const encoderOf = async (maxLength: number) =>
    createSentenceEncoder({ tokenizer: await loadTokenizer(folder), maxLength });

  test('units lie in order in the sentence as given, apart from each other: emoji, Hanja, NFD, invisible characters', async () => {
    const encoder = await encoderOf(512);
    const piece = fc.oneof(
      fc.constantFrom(
        '미국의 ',
        '김철수(金哲洙)',
        '16명을 ',
        '🇰🇷',
        '👩‍👩‍👧',
        'é',
        '㈜한빛',
        '\u200b',
        '\u00a0',
        '𠮷野家',
        ' ',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom('대한민국', '삼성전자').map((word) => word.normalize('NFD')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const sentence = pieces.join('');
        const [{ ids, units }] = encoder.encode(sentence) as [ReturnType<typeof encoder.encode>[number]];
        let before = -1;
        for (const { token, start, end } of units) {
          expect(ids[token]).toBeDefined();
          expect(start).toBeGreaterThan(before);
          expect(end).toBeGreaterThanOrEqual(start);
          before = end;
        }
        expect(before).toBeLessThan([...sentence].length);
      }),
      { numRuns: 150 },
    );
  });

  test('a name keeps its place whatever is around it', async () => {
    const encoder = await encoderOf(512);
    for (const name of ['한국', '한국'.normalize('NFD')])
      for (const before of ['', '🙂 ', '𠮷 '.repeat(3), '\u200b'])
        for (const after of ['', '의 수도', '에서는 👍🏽', ')씨'])
          for (const [start, end] of [[[...before].length, [...before].length + [...name].length - 1]] as const) {
            const sentence = `${before}${name}${after}`;
            const { units } = encoder.encode(sentence)[0]!;
            expect(spanText(sentence, start, end)).toBe(name);
            expect(units.some((unit) => unit.start === start)).toBe(true);
            expect(units.some((unit) => unit.end === end)).toBe(true);
          }
  });

  test('a long sentence is read in stretches that overlap and leave nothing out', async () => {
    const [whole, short] = [await encoderOf(10_000), await encoderOf(16)];
    const sentence = '미국의 서울에서 16명을 만났다. '.repeat(12);
    const expected = whole.encode(sentence)[0]!.units;
    const stretches = short.encode(sentence);
    expect(stretches.length).toBeGreaterThan(3);
    for (const { ids } of stretches) expect(ids.length).toBeLessThanOrEqual(16);
    const starts = new Set(stretches.flatMap(({ units }) => units.map(({ start }) => start)));
    expect([...starts].sort((a, b) => a - b)).toEqual(expected.map(({ start }) => start));
  });
});

test('the same particle within a word and as a word has tokens of its own', async () => {
  const tokenizer = await loadTokenizer(packagePath('models/encoder-ko'));
  const encoder = createSentenceEncoder({ tokenizer, maxLength: 64 });
  const names = (sentence: string) => encoder.encode(sentence)[0]!.ids.slice(1, -1).map(tokenizer.token);
  expect(names('미국의')).toEqual(['▁미국', '의']);
  expect(names('미국 의')).toEqual(['▁미국', '▁의']);
});
