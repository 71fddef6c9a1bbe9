import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codePointsBefore } from '../data/span.ts';
import { utf16Index } from './codePoints.ts';

test('counts a character outside the BMP as one code point and two UTF-16 units', () => {
  expect(utf16Index('가😀나', 1)).toBe(1);
  expect(utf16Index('가😀나', 2)).toBe(3);
  expect(utf16Index('가😀나', 9)).toBe(4);
  expect(codePointsBefore('가😀나', 3)).toBe(2);
});

test('the two directions are inverse', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const characters = Array.from(text);
      for (let i = 0; i <= characters.length; i++) {
        const index = utf16Index(text, i);
        expect(text.slice(0, index)).toBe(characters.slice(0, i).join(''));
        expect(codePointsBefore(text, index)).toBe(i);
      }
    }),
  );
});
