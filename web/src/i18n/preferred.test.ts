import { expect, test } from 'vitest';
import { preferred } from './preferred.ts';

test.each([
  [['ko-KR', 'en'], 'ko'],
  [['en-GB', 'ko'], 'en'],
  [['fr', 'EN-us'], 'en'],
  [['fr'], 'ko'],
  [[], 'ko'],
])('%j → %s', (languages, expected) => expect(preferred(languages)).toBe(expected));
