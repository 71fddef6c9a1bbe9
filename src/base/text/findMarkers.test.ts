import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fixtureRows,
  openInputEncoder,
  type Row,
  randomRows,
  TOKENIZER_NAMES,
} from '../../../test/support/tokenizers.ts';
import { MARKER_NAMES } from '../core/settings.ts';
import type { Entity } from '../core/types.ts';
import { findMarkers } from './findMarkers.ts';
import type { InputEncoder } from './inputEncoder.ts';
import { markExample } from './markers.ts';
import type { Tokenized } from './tokenizer.ts';

/** Ids and marker positions of a row, as the fixtures state them. */
function encode({ tokenizer, encode }: InputEncoder, row: Row) {
  const { ids, marked } = encode(row);
  const { subject, object } = findMarkers(tokenizer, marked, tokenizer.tokenize(marked.text));
  const shift = tokenizer.prefix.length;
  const positions = [subject.open, subject.close, object.open, object.close].flatMap(({ start, end }) => [
    start + shift,
    end - 1 + shift,
  ]);
  return { ids, positions };
}

describe.each(TOKENIZER_NAMES)('%s', (name) => {
  test.each(MARKER_NAMES)('%s: texts, ids and positions are those of Python', async (marker) => {
    const inputs = await openInputEncoder(name, marker);
    for (const { row, expected } of fixtureRows) {
      const { text, [name]: python } = expected[marker];
      expect(markExample(row, marker).text).toBe(text);
      expect(encode(inputs, row), text).toEqual(python);
      const { subjectStart, objectStart, fit } = inputs.encode(row);
      expect([subjectStart, objectStart, fit]).toEqual([python.positions[0], python.positions[4], 'whole']);
    }
  });

  test('random texts: the same ids and positions', async () => {
    for (const marker of MARKER_NAMES) {
      const inputs = await openInputEncoder(name, marker);
      for (const { row, digests } of randomRows.filter((random) => random.marker === marker)) {
        const { ids, positions } = encode(inputs, row);
        const digest = createHash('sha256')
          .update(JSON.stringify([ids, positions]))
          .digest('hex');
        expect(digest.slice(0, 12), row.sentence).toBe(digests[name]);
      }
    }
  });
});

/** Sentences of characters that every vocabulary of the test knows, so that pieces add up to the text. */
const anyRow = fc
  .tuple(
    fc.array(fc.constantFrom(...'가나다abc12 @#*^＠＃,.()'), { minLength: 4, maxLength: 40 }),
    fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
  )
  .map(([characters, cuts]): Row => {
    const [a, b, c, d] = cuts.map((cut, i) => (cut % (characters.length - 3)) + i).sort((x, y) => x - y) as [
      number,
      number,
      number,
      number,
    ];
    const entity = (start: number, end: number): Entity => ({
      word: characters.slice(start, end).join(''),
      start,
      end: end - 1,
      type: 'ORG',
    });
    const spans = [
      entity(a, Math.max(b, a + 1)),
      entity(Math.max(c, b, a + 1), Math.max(d, c + 1, b + 1, a + 2)),
    ] as const;
    return { sentence: characters.join(''), subject: spans[cuts[0]! % 2]!, object: spans[1 - (cuts[0]! % 2)]! };
  })
  .filter(({ sentence, subject, object }) =>
    [subject, object].every(({ word, start, end }) => word !== '' && sentence.slice(start, end + 1) === word),
  );

const bare = (text: string): string => text.replace(/[\s▁]/gu, '');

test.each(['bundled', 'unigram'] as const)('%s: a position is where the text before the marker ends', async (name) => {
  for (const marker of ['entity-punct', 'typed-punct'] as const) {
    const { tokenizer } = await openInputEncoder(name, marker);
    fc.assert(
      fc.property(anyRow, (row) => {
        const marked = markExample(row, marker);
        const tokenized: Tokenized = tokenizer.tokenize(marked.text);
        const found = findMarkers(tokenizer, marked, tokenized);
        for (const role of ['subject', 'object'] as const) {
          const before = bare(tokenizer.normalize(marked.text.slice(0, marked[role].openStart)));
          const pieces = (end: number) => bare(tokenized.pieces.slice(0, end).join(''));
          const { start } = found[role].open;
          expect(before.startsWith(pieces(start))).toBe(true);
          expect(pieces(start + 1).length).toBeGreaterThan(before.length);
        }
      }),
      { numRuns: 300 },
    );
  }
});

test('a vocabulary without the marker’s character', async () => {
  const { tokenizer } = await openInputEncoder('wordpiece', 'entity-punct');
  const marked = markExample(fixtureRows[0]!.row, 'entity-punct');
  const unknown: Tokenized = { ids: [3], pieces: ['[UNK]'] };
  expect(() => findMarkers(tokenizer, marked, unknown)).toThrow('has no token for "@"');
  const wrong: Tokenized = { ids: [3, 4], pieces: ['@', '@', '@', '#', '#'] };
  expect(() => findMarkers(tokenizer, marked, wrong)).toThrow('the text has it 2 times, its tokens 3 times');
});
