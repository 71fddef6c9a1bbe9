import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { checkMemory, memoryLimit } from './memory.ts';

test('work that cannot fit is stopped with both sizes', () => {
  expect(() => checkMemory(3.5 * 2 ** 30, 'The weights take', 'Use less.', 2 ** 31)).toThrow(
    expect.objectContaining({
      kind: 'failed',
      message: 'The weights take 3.5 GiB of memory; at most 2.0 GiB can be had here.',
      hint: 'Use less.',
    }),
  );
  expect(() => checkMemory(2 ** 31, 'The weights take', 'Use less.', 2 ** 31)).not.toThrow();
});

test('the limit is no more than the machine has', () => {
  expect(memoryLimit()).toBeGreaterThan(0);
  expect(memoryLimit()).toBeLessThanOrEqual(totalmem());
});
