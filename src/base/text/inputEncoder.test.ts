import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENTITY_TYPES, openInputEncoder, type Row, TOKENIZERS } from '../../../test/support/tokenizers.ts';
import { MARKER_NAMES, type MarkerName } from '../core/settings.ts';
import { createInputEncoder } from './inputEncoder.ts';
import { openTokenizer } from './loadTokenizer.ts';
import type { TokenSpan } from './window.ts';

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
    const tokenizer = await openTokenizer(TOKENIZERS[name]);
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

describe('with a question', () => {
  const open = async (name: 'bundled' | 'wordpiece' | 'uncased' | 'unigram', maxLength = 64) => {
    const tokenizer = await openTokenizer(TOKENIZERS[name]);
    const options = { tokenizer, entityTypes: ENTITY_TYPES, maxLength };
    return (marker: MarkerName, question = true) => createInputEncoder({ ...options, marker, question });
  };

  test.each([
    ['bundled', '<s>', ['</s>', '</s>'], '</s>'],
    ['unigram', '<s>', ['</s>', '</s>'], '</s>'],
    ['wordpiece', '[CLS]', ['[SEP]'], '[SEP]'],
    ['uncased', '[CLS]', ['[SEP]'], '[SEP]'],
  ] as const)(
    '%s: question and sentence are a pair, with the encoder’s own separators',
    async (name, cls, separator, sep) => {
      const inputs = (await open(name, 128))('entity');
      const { tokens, ids, question } = inputs.encode(example);
      expect(question).toBe('은하수와 나해솔의 관계는 무엇인가?');
      const alone = (text: string) => inputs.tokenizer.tokenize(text).ids.map(inputs.tokenizer.token);
      const sentence = alone('그룹 [E1]은하수[/E1]의 노래는 [E2]나해솔[/E2]이 썼다.');
      expect(tokens()).toEqual([cls, ...alone(question!), ...separator, ...sentence, sep]);
      expect(ids.length).toBe(tokens().length);
    },
  );

  test.each(['bundled', 'wordpiece'] as const)(
    '%s: every position is that of the sentence alone, shifted',
    async (name) => {
      const [short, unlimited] = [await open(name, 40), await open(name, Number.POSITIVE_INFINITY)];
      for (const marker of MARKER_NAMES) {
        const [asking, plain, limited] = [unlimited(marker), unlimited(marker, false), short(marker)];
        fc.assert(
          fc.property(anyRow, (row) => {
            const [asked, alone] = [asking.encode(row), plain.encode(row)];
            const shift = asked.ids.length - alone.ids.length;
            const { prefix, separator, tokenize } = asking.tokenizer;
            expect(shift).toBe(tokenize(asked.question!).ids.length + separator.length);
            expect(asked.ids.slice(prefix.length + shift)).toEqual(alone.ids.slice(prefix.length));
            const moved = ({ start, end }: TokenSpan) => ({ start: start + shift, end: end + shift });
            expect([asked.subjectStart, asked.objectStart]).toEqual([
              alone.subjectStart + shift,
              alone.objectStart + shift,
            ]);
            expect([asked.subjectWord, asked.objectWord]).toEqual([moved(alone.subjectWord), moved(alone.objectWord)]);
            expect(asked.markers().object.close).toEqual(moved(alone.markers().object.close));

            const cut = limited.encode(row);
            expect(cut.ids.length).toBeLessThanOrEqual(40);
            for (const role of ['subject', 'object'] as const) {
              const { open, close } = cut.markers()[role];
              const whole = asked.markers()[role];
              const tokensAt = (ids: readonly number[], span: TokenSpan) => ids.slice(span.start, span.end);
              expect(tokensAt(cut.ids, open)).toEqual(tokensAt(asked.ids, whole.open));
              expect(tokensAt(cut.ids, close)).toEqual(tokensAt(asked.ids, whole.close));
              // Beside a question, entities keep their whole words.
              if (cut.question !== null)
                expect(tokensAt(cut.ids, cut[`${role}Word`])).toEqual(tokensAt(asked.ids, asked[`${role}Word`]));
            }
            if (cut.question === null) expect(cut.ids).toEqual(short(marker, false).encode(row).ids);
          }),
          { numRuns: 8 },
        );
      }
    },
  );

  test('context goes first, then the question as a whole', async () => {
    const at = async (maxLength: number) => (await open('bundled', maxLength))('entity').encode(example);
    const whole = await at(64);
    expect(await at(whole.ids.length)).toMatchObject({ fit: 'whole', ids: whole.ids });
    const tight = await at(whole.ids.length - 2);
    expect(tight.question).toBe(whole.question);
    expect(tight).toMatchObject({ fit: 'window', ids: { length: whole.ids.length - 2 } });
    expect(await at(whole.ids.length - 15)).toMatchObject({ question: null, fit: 'whole' });
  });
});
