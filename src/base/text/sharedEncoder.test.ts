import { describe, expect, test } from 'vitest';
import { openInputEncoder } from '../../../test/support/tokenizers.ts';
import { MARKER_NAMES } from '../core/settings.ts';
import type { Entity } from '../core/types.ts';
import type { EntityPair } from './sharedEncoder.ts';
import type { TokenSpan } from './window.ts';

const entity = (sentence: string, word: string, type: string): Entity => {
  const start = [...sentence.slice(0, sentence.indexOf(word))].length;
  return { word, start, end: start + [...word].length - 1, type };
};
const everyPair = (entities: readonly Entity[]): EntityPair[] =>
  entities.flatMap((subject) =>
    entities.flatMap((object) =>
      subject.end < object.start || object.end < subject.start ? [{ subject, object }] : [],
    ),
  );

const SENTENCE = '그룹 은하수의 노래 @별은 2019년에 나해솔이 썼다.';
const ENTITIES = [
  entity(SENTENCE, '은하수', 'ORG'),
  entity(SENTENCE, '2019년', 'DAT'),
  entity(SENTENCE, '나해솔', 'PER'),
];

describe.each(['bundled', 'wordpiece'] as const)('%s', (tokenizer) => {
  test.each(MARKER_NAMES)('%s: words have the tokens that they have between markers', async (marker) => {
    const inputs = await openInputEncoder(tokenizer, marker, 64);
    const pairs = everyPair(ENTITIES);
    const shared = inputs.encodeShared(SENTENCE, pairs)!;
    expect([shared.ids[0], shared.ids.at(-1)]).toEqual([inputs.tokenizer.clsId, inputs.tokenizer.sepId]);
    for (const [index, pair] of pairs.entries()) {
      const inline = inputs.encode({ sentence: SENTENCE, ...pair });
      const { subjectWord, objectWord, ids, positions, objectAt } = shared.pairs[index]!;
      const word = (of: readonly number[], { start, end }: TokenSpan) => of.slice(start, end);
      expect(word(shared.ids, subjectWord)).toEqual(word(inline.ids, inline.subjectWord));
      expect(word(shared.ids, objectWord)).toEqual(word(inline.ids, inline.objectWord));
      // Both begin with the token that the inline marker begins with, and lie over the word's ends.
      expect(ids[0]).toBe(inline.ids[inline.subjectStart]);
      expect(ids[objectAt]).toBe(inline.ids[inline.objectStart]);
      expect([positions[0], positions[objectAt - 1]]).toEqual([subjectWord.start, subjectWord.end - 1]);
      expect([positions[objectAt], positions.at(-1)]).toEqual([objectWord.start, objectWord.end - 1]);
    }
  });

  test('with one pair, the text is that of the inline encoding without its markers', async () => {
    const inputs = await openInputEncoder(tokenizer, 'typed-punct', 64);
    const [subject, , object] = ENTITIES as [Entity, Entity, Entity];
    const { ids, markers } = inputs.encode({ sentence: SENTENCE, subject, object });
    const { subject: one, object: two } = markers();
    const isMarker = (at: number) =>
      [one.open, one.close, two.open, two.close].some(({ start, end }) => at >= start && at < end);
    expect(inputs.encodeShared(SENTENCE, [{ subject, object }])!.ids).toEqual(ids.filter((_, at) => !isMarker(at)));
  });
});

test('entities within others have tokens of their own', async () => {
  const sentence = '한국은행의 총재 🙂 이도현 씨';
  const entities = ['한국은행', '한국', '총재', '이도현'].map((word) => entity(sentence, word, 'ORG'));
  const inputs = await openInputEncoder('bundled', 'typed-punct', 64);
  const pairs = everyPair(entities);
  const { ids, pairs: encoded } = inputs.encodeShared(sentence, pairs)!;
  const text = ({ start, end }: TokenSpan) =>
    ids
      .slice(start, end)
      .map((id) => inputs.tokenizer.piece(id)!.replaceAll('▁', ''))
      .join('');
  for (const [index, { subject, object }] of pairs.entries()) {
    expect(text(encoded[index]!.subjectWord)).toBe(subject.word);
    expect(text(encoded[index]!.objectWord)).toBe(object.word);
  }
});

test('texts that are too long are left to be encoded pair by pair; unknown types are named', async () => {
  const pairs = everyPair(ENTITIES);
  const short = await openInputEncoder('bundled', 'typed-punct', 16);
  expect(short.encodeShared(SENTENCE, pairs)).toBeNull();
  const typed = await openInputEncoder('bundled', 'typed-entity', 64);
  const strange = pairs.map(({ subject, object }) => ({ subject, object: { ...object, type: 'STAR' } }));
  expect(() => typed.encodeShared(SENTENCE, strange)).toThrow('STAR');
});
