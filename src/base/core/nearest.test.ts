import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test('the nearest name within three edits, in any case; of equally near ones the first', () => {
  expect(nearest('trainRow', ['seed', 'trainRows', 'evalRows'])).toBe('trainRows');
  expect(nearest('TRAINROWS', ['trainRows'])).toBe('trainRows');
  expect(nearest('abc', ['abcdef', 'abcxyz'])).toBe('abcdef');
  expect(nearest('abc', ['abcdefg'])).toBeUndefined();
  expect(nearest('ab', ['abc', 'abd'])).toBe('abc');
  expect(nearest('ab', [])).toBeUndefined();
});
