import { expect, test } from 'vitest';
import { counted, giga, grouped, percent, percentNearOne, pText, pValue, score, signed, times } from './format.ts';

test('numbers for people', () => {
  expect([0, 999, 1000, 32437, 1234567.8].map(grouped)).toEqual(['0', '999', '1,000', '32,437', '1,234,568']);
  expect(percent(0.2934)).toBe('29.3%');
  expect(percent(0.0012, 2)).toBe('0.12%');
  expect([score(0.60243), giga(1.25e9), times(9.94), times(81.4)]).toEqual(['0.6024', '1.3', '9.9', '81']);
  expect([signed(-0.01234), signed(0, 2), signed(0.5, 1)]).toEqual(['−0.0123', '+0.00', '+0.5']);
  expect([0.012, 0.0004].flatMap((p) => [pText(p), pValue(p)])).toEqual(['p = 0.012', '0.012', 'p < 0.001', '< 0.001']);
  expect([counted(1, 'row'), counted(1234, 'row'), counted(0, 'class', 'classes')]).toEqual([
    '1 row',
    '1,234 rows',
    '0 classes',
  ]);
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
