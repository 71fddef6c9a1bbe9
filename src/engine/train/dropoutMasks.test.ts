import { expect, test } from 'vitest';
import { DropoutMasks } from './dropoutMasks.ts';

const inputs = [
  { name: 'a', shape: ['n', 64], keep: 230 / 256 },
  { name: 'b', shape: ['b', 2, 'l', 'l'], keep: 0.5 },
];
const DIMS = { b: 4, l: 30, n: 120 };
const bytes = (masks: DropoutMasks, seed: number, draw: number, name: string) =>
  Uint8Array.from(masks.draw(seed, draw, DIMS)[name]!.data as Uint8Array);

test('masks are bytes 0 and 1 of the input’s shape, kept at the asked rate', () => {
  const masks = new DropoutMasks(inputs);
  const drawn = masks.draw(1, 0, DIMS);
  expect(drawn.a!.dims).toEqual([120, 64]);
  expect(drawn.b!.dims).toEqual([4, 2, 30, 30]);
  for (const { name, keep } of inputs) {
    const mask = bytes(masks, 1, 0, name);
    expect(new Set(mask)).toEqual(new Set([0, 1]));
    const kept = mask.reduce((sum, bit) => sum + bit, 0);
    // Five standard deviations of a binomial draw.
    expect(Math.abs(kept - keep * mask.length)).toBeLessThan(5 * Math.sqrt(mask.length * keep * (1 - keep)));
  }
});

test('a mask depends on seed, draw and place alone', () => {
  const masks = new DropoutMasks(inputs);
  const mask = bytes(masks, 1, 7, 'a');
  expect(bytes(new DropoutMasks(inputs), 1, 7, 'a')).toEqual(mask);
  expect(bytes(masks, 2, 7, 'a')).not.toEqual(mask);
  expect(bytes(masks, 1, 8, 'a')).not.toEqual(mask);
});

test('neighbouring elements and draws are uncorrelated', () => {
  const masks = new DropoutMasks([{ name: 'b', shape: ['n', 1024], keep: 0.5 }]);
  const [first, second] = [bytes(masks, 1, 0, 'b'), bytes(masks, 1, 1, 'b')];
  const agreement = (shift: number, other: Uint8Array) =>
    first.reduce((sum, bit, i) => sum + (bit === other[(i + shift) % other.length] ? 1 : 0), 0) / first.length;
  const tolerance = 5 / (2 * Math.sqrt(first.length));
  for (const shift of [1, 2, 3, 4, 8, 64]) expect(Math.abs(agreement(shift, first) - 0.5)).toBeLessThan(tolerance);
  for (const shift of [0, 1, 4]) expect(Math.abs(agreement(shift, second) - 0.5)).toBeLessThan(tolerance);
});
