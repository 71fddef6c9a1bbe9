import { expect, test } from 'vitest';
import { waitOf } from './request.ts';

test('how long a server asks to wait', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const wait = (headers: Record<string, string>) => waitOf(new Headers(headers), now);
  expect(wait({ 'retry-after': '3' })).toBe(3000);
  expect(wait({ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' })).toBe(10_000);
  expect(wait({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' })).toBe(0);
  expect(wait({ ratelimit: '"api";r=0;t=55' })).toBe(55_000);
  expect(wait({})).toBeNull();
  expect(wait({ 'retry-after': 'soon' })).toBeNull();
});
