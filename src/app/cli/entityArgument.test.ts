import { expect, test } from 'vitest';
import { entityArgument } from './entityArgument.ts';

const sentence = '비틀즈는 TCP/IP와 C#을 몰랐고, 비틀즈 #2도 몰랐다.';

test.each([
  ['비틀즈', { word: '비틀즈' }],
  ['비틀즈/ORG', { word: '비틀즈', type: 'ORG' }],
  ['비틀즈#2', { word: '비틀즈', occurrence: 2 }],
  ['비틀즈/ORG#2', { word: '비틀즈', type: 'ORG', occurrence: 2 }],
  ['TCP/IP', { word: 'TCP/IP' }],
  ['TCP/IP/POH', { word: 'TCP/IP', type: 'POH' }],
  ['C#', { word: 'C#' }],
  ['C#/POH', { word: 'C#', type: 'POH' }],
  ['비틀즈 #2', { word: '비틀즈 #2' }],
  ['비틀즈#0', { word: '비틀즈#0' }],
  ['없음/PER', { word: '없음', type: 'PER' }],
])('%s', (text, expected) => {
  expect(entityArgument(text, sentence)).toEqual(expected);
});

test.each(['', '/PER', '비틀즈/'])('"%s" names no entity', (text) => {
  expect(() => entityArgument(text, sentence)).toThrow(expect.objectContaining({ kind: 'usage' }));
});
