import { expect, test } from 'vitest';
import { hrefOf, parseHash } from './hash.ts';

test('an address keeps its view and its state, whatever the state holds', () => {
  const params = new URLSearchParams({ s: '“가&나” = 100 % ? #', e: '0-1-ORG~2-3' });
  const { view, params: read } = parseHash(hrefOf('try', params));
  expect([view, read.get('s'), read.get('e')]).toEqual(['try', '“가&나” = 100 % ? #', '0-1-ORG~2-3']);
});

test('without a view or a state', () => {
  expect(parseHash('').view).toBe('');
  expect(parseHash('#/data/').view).toBe('data');
  expect(hrefOf('try')).toBe('#/try');
});
