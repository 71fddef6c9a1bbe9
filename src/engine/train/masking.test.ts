import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { randomStream } from '../../base/core/random.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import { type MaskTokens, maskRow, maskTokensOf } from './masking.ts';

const TOKENS: MaskTokens = {
  mask: 3,
  special: new Set([0, 1, 2, 3]),
  others: Array.from({ length: 996 }, (_, i) => i + 4),
};
/** A sentence of `length` different tokens between two special ones. */
const sentence = (length: number) => [0, ...Array.from({ length }, (_, i) => 10 + i), 2];

test('15 % of the tokens are hidden, at least one, never a special one, and what stood there is kept', () => {
  for (const [length, hidden] of [
    [1, 1],
    [3, 1],
    [10, 2],
    [100, 15],
    [101, 15],
  ] as const) {
    const ids = sentence(length);
    const row = maskRow(ids, TOKENS, randomStream(1, 'mask', length));
    expect(row.places).toHaveLength(hidden);
    expect(row.places).toEqual([...new Set(row.places)].sort((a, b) => a - b));
    expect(row.gold).toEqual(row.places.map((place) => ids[place]));
    expect(row.gold.some((id) => TOKENS.special.has(id))).toBe(false);
    const unhidden = ids.map((id, place) => (row.places.includes(place) ? row.ids[place] : id));
    expect(row.ids).toEqual(unhidden);
  }
});

test('of the hidden ones 80 % are masks, 10 % others, 10 % themselves', () => {
  const counts = { mask: 0, other: 0, itself: 0 };
  const all = Array.from({ length: 400 }, (_, i) => maskRow(sentence(100), TOKENS, randomStream(7, 'mask', i)));
  for (const { ids, places, gold } of all)
    for (const [i, place] of places.entries()) {
      if (ids[place] === TOKENS.mask) counts.mask++;
      else if (ids[place] === gold[i]) counts.itself++;
      else counts.other++;
    }
  const total = 400 * 15;
  expect(counts.mask / total).toBeCloseTo(0.8, 1);
  expect(counts.other / total).toBeCloseTo(0.1, 1);
  expect(counts.itself / total).toBeCloseTo(0.1, 1);
  // Every place is as likely.
  const first = all.filter(({ places }) => places[0]! <= 50).length;
  expect(first).toBeGreaterThan(380);
});

test('the same stream hides the same; a sentence of special tokens alone hides nothing', () => {
  const hide = (seed: number) => maskRow(sentence(50), TOKENS, randomStream(seed, 'mask'));
  expect(hide(1)).toEqual(hide(1));
  expect(hide(1)).not.toEqual(hide(2));
  expect(maskRow([0, 1, 2], TOKENS, randomStream(1))).toEqual({ ids: [0, 1, 2], places: [], gold: [] });
});

test('a tokenizer’s mask and special tokens, marker tokens too', async () => {
  const folder = fileURLToPath(new URL('../../../models/encoder-ko', import.meta.url));
  const tokenizer = (await loadTokenizer(folder)).withSpecialTokens(['[E1]', '[/E1]']);
  const { mask, special, others } = maskTokensOf(tokenizer);
  expect(tokenizer.token(mask)).toBe('<mask>');
  for (const token of ['<s>', '</s>', '<pad>', '<unk>', '<mask>', '[E1]', '[/E1]'])
    expect(special.has(tokenizer.id(token)!), token).toBe(true);
  expect(others).toHaveLength(tokenizer.size - special.size);
  expect(() => maskTokensOf({ ...tokenizer, id: () => undefined })).toThrow('no mask token');
});
