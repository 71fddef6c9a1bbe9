import { expect, test } from 'vitest';
import { stepParts } from './maskedStep.ts';

const row = (tokens: number, masked: number) => ({
  ids: new Array<number>(tokens).fill(5),
  places: Array.from({ length: masked }, (_, i) => i),
});
const sizes = (parts: readonly (readonly unknown[])[]) => parts.map((part) => part.length);

test('a batch is parted where its logits or tokens are too many, padding included', () => {
  const rows = [row(10, 3), row(10, 2), row(8, 2), row(4, 1)];
  expect(sizes(stepParts(rows, 100, { logits: 10_000, tokens: 1000 }))).toEqual([4]);
  // 3 tokens to tell a row, padded: two rows make 600 logits.
  expect(sizes(stepParts(rows, 100, { logits: 600, tokens: 1000 }))).toEqual([2, 2]);
  expect(sizes(stepParts(rows, 100, { logits: 10_000, tokens: 30 }))).toEqual([3, 1]);
  expect(stepParts(rows, 100, { logits: 600, tokens: 1000 }).flat()).toEqual(rows);
});

test('a row that is too much by itself stands alone', () => {
  expect(sizes(stepParts([row(10, 3), row(10, 3)], 100, { logits: 10, tokens: 5 }))).toEqual([1, 1]);
});
