import { expect, test } from 'vitest';
import { grouped, percent, percentNearOne } from './format.ts';

test('numbers for people', () => {
  expect([0, 999, 1000, 32437, 1234567.8].map(grouped)).toEqual(['0', '999', '1,000', '32,437', '1,234,568']);
  expect(percent(0.2934)).toBe('29.3%');
  expect(percent(0.0012, 2)).toBe('0.12%');
});

test('only a complete share reads 100%', () => {
  expect([1, 0.99954, 0.9999383, 0.99999, 0.9665, 0.5].map(percentNearOne)).toEqual([
    '100%',
    '99.95%',
    '99.99%',
    '99.999%',
    '96.65%',
    '50.00%',
  ]);
});
