import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareWithin } from '../../../base/data/profile.ts';
import { deriveMaxLength, TARGET_SHARE } from './maxLength.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

test('the smallest length that keeps 99.9 % of the rows, rounded up to a multiple of 8', () => {
  expect(deriveMaxLength(upTo(1000), 4096)).toEqual({ exact: 999, value: 1000, powerOfTwo: 1024 });
  expect(deriveMaxLength([256], 512)).toEqual({ exact: 256, value: 256, powerOfTwo: 256 });
  expect(deriveMaxLength([257], 512)).toEqual({ exact: 257, value: 264, powerOfTwo: 512 });
});

test('never above the positions of the encoder', () => {
  expect(deriveMaxLength(upTo(1000), 512).value).toBe(512);
});

test('the exact length reaches the target and the one below does not', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 300 }), (lengths) => {
      const { exact, value } = deriveMaxLength(lengths, 10_000);
      expect(shareWithin(lengths, exact)).toBeGreaterThanOrEqual(TARGET_SHARE - 1e-9);
      expect(shareWithin(lengths, exact - 1)).toBeLessThan(TARGET_SHARE);
      expect(value % 8).toBe(0);
      expect(value - exact).toBeLessThan(8);
    }),
  );
});
