import { expect, test } from 'vitest';
import { checkMemory, memoryLimit } from './memory.ts';

const TAKE = { en: 'The weights take', ko: '가중치에' };
const LESS = { en: 'Use less.', ko: '덜 쓴다.' };

test('work that cannot fit is stopped with both sizes', () => {
  expect(() => checkMemory(3.5 * 2 ** 30, TAKE, LESS, 2 ** 31)).toThrow(
    expect.objectContaining({
      kind: 'failed',
      message: 'The weights take 3.5 GiB of memory; at most 2.0 GiB are available here.',
      hint: 'Use less.',
    }),
  );
  expect(() => checkMemory(2 ** 31, TAKE, LESS, 2 ** 31)).not.toThrow();
});

test('the limit is the lower one of machine and container; 0 means a container without one', () => {
  expect(memoryLimit(8, 0)).toBe(8);
  expect(memoryLimit(8, 4)).toBe(4);
  expect(memoryLimit(8, 2 ** 64)).toBe(8);
});
