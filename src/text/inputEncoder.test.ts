import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENTITY_TYPES, openInputEncoder, type Row, TOKENIZERS } from '../../test/support/tokenizers.ts';
import { MARKER_NAMES } from '../core/settings.ts';
import { createInputEncoder } from './inputEncoder.ts';
import { loadTokenizer } from './loadTokenizer.ts';

const example: Row = {
  sentence: '그룹 은하수의 노래는 나해솔이 썼다.',
  subject: { word: '은하수', start: 3, end: 5, type: 'ORG' },
  object: { word: '나해솔', start: 12, end: 14, type: 'PER' },
};

test('ids, positions and tokens of a short sentence', async () => {
  const inputs = await openInputEncoder('bundled', 'entity', 64);
  const { ids, subjectStart, objectStart, fit, tokens, marked } = inputs.encode(example);
  expect(marked.text).toBe('그룹 [E1]은하수[/E1]의 노래는 [E2]나해솔[/E2]이 썼다.');
  expect(tokens()[0]).toBe('<s>');
  expect(tokens().at(-1)).toBe('</s>');
  expect([tokens()[subjectStart], tokens()[objectStart], fit]).toEqual(['[E1]', '[E2]', 'whole']);
  expect(ids[subjectStart]).toBe(inputs.tokenizer.id('[E1]'));
});

/** A sentence of three stretches of text around two words, all of any length. */
const anyRow = fc
  .tuple(fc.array(fc.nat(60), { minLength: 5, maxLength: 5 }), fc.boolean(), fc.constantFrom('별', '나루 ', '@', '# '))
  .map(([lengths, swap, filler]): Row => {
    const [before, first, between, second, after] = lengths.map((length) => filler.repeat(length)) as [
      ...[string, string, string, string, string],
    ];
    const words = [`가${first}`, `나${second}`] as const;
    const at = (word: string, start: number, type: string) => ({ word, start, end: start + word.length - 1, type });
    const one = at(words[0], before.length, 'ORG');
    const two = at(words[1], before.length + words[0].length + between.length, 'PER');
    const sentence = before + words[0] + between + words[1] + after;
    return swap ? { sentence, subject: two, object: one } : { sentence, subject: one, object: two };
  });

test.each(['bundled', 'wordpiece'] as const)(
  '%s: a long sentence keeps to the limit and keeps its markers',
  async (name) => {
    const tokenizer = await loadTokenizer(TOKENIZERS[name]);
    for (const marker of MARKER_NAMES) {
      const limited = createInputEncoder({ tokenizer, marker, entityTypes: ENTITY_TYPES, maxLength: 32 });
      const unlimited = createInputEncoder({ tokenizer, marker, entityTypes: ENTITY_TYPES, maxLength: Infinity });
      fc.assert(
        fc.property(anyRow, (row) => {
          const [short, whole] = [limited.encode(row), unlimited.encode(row)];
          expect(short.ids.length).toBeLessThanOrEqual(32);
          expect(whole.fit).toBe('whole');
          expect([short.ids[0], short.ids.at(-1)]).toEqual([tokenizer.clsId, tokenizer.sepId]);
          expect(short.ids[short.subjectStart]).toBe(whole.ids[whole.subjectStart]);
          expect(short.ids[short.objectStart]).toBe(whole.ids[whole.objectStart]);
          if (short.fit === 'whole') expect(short.ids).toEqual(whole.ids);
        }),
        { numRuns: 60 },
      );
    }
  },
);

test('every way to fit', async () => {
  const long = (count: number) => '하늘 '.repeat(count);
  const row = (before: number, between: number, word: number): Row => {
    const [first, second] = ['나루'.repeat(word), '가람'.repeat(word)];
    const start = long(before).length;
    const next = start + first.length + 1 + long(between).length;
    return {
      sentence: `${long(before)}${first} ${long(between)}${second} ${long(40)}`,
      subject: { word: first, start, end: start + first.length - 1, type: 'LOC' },
      object: { word: second, start: next, end: next + second.length - 1, type: 'LOC' },
    };
  };
  const { encode } = await openInputEncoder('bundled', 'typed-punct', 48);
  expect(encode(row(30, 2, 1))).toMatchObject({ fit: 'window', ids: { length: 48 } });
  expect(encode(row(30, 60, 1))).toMatchObject({ fit: 'pieces', ids: { length: 48 } });
  expect(encode(row(30, 2, 40))).toMatchObject({ fit: 'cut', ids: { length: 48 } });
});

test('errors: types that the model has no tokens for, and a limit below the markers', async () => {
  const typed = await openInputEncoder('bundled', 'typed-entity', 64);
  const strange: Row = { ...example, object: { ...example.object, type: 'DRUG' } };
  expect(() => typed.encode(strange)).toThrow('has the type "DRUG", for which the marker "typed-entity" has no token');
  const tight = await openInputEncoder('bundled', 'typed-punct', 8);
  expect(() => tight.encode(example)).toThrow('The markers of "typed-punct" alone do not fit into 8 tokens');
});
