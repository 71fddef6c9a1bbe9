import { expect, test } from 'vitest';
import { silentReporter } from '../../base/core/reporter.ts';
import { alternate, figuresOf, ratioTable, type Side } from './alternate.ts';

const watch = { title: 'test', reporter: silentReporter, signal: new AbortController().signal };

/** A side that takes the given seconds, call by call, and notes each call. */
const fake = (system: string, seconds: readonly number[], calls: string[]): Side => ({
  system,
  run: async (index) => {
    calls.push(`${system}${index}`);
    return seconds[index]!;
  },
});

test('sides take turns in blocks, after their warm-up, each with its own count of calls', async () => {
  const calls: string[] = [];
  const sides = [fake('a', [9, 1, 3, 2, 2], calls), fake('b', [9, 4, 4, 6, 6], calls)];
  const timings = await alternate(sides, { warmup: 1, rounds: 2, block: 2 }, watch);
  expect(calls).toEqual(['a0', 'b0', 'a1', 'a2', 'b1', 'b2', 'a3', 'a4', 'b3', 'b4']);
  expect(timings).toEqual([
    [
      [1, 3],
      [2, 2],
    ],
    [
      [4, 4],
      [6, 6],
    ],
  ]);
});

test('figures are medians with their range; ratios compare medians of the same round', () => {
  const sides = [{ system: 'korex' }, { system: 'other' }];
  const timings = [
    [
      [1, 3],
      [2, 2],
    ],
    [
      [4, 4],
      [6, 6],
    ],
  ];
  const [ours, other] = figuresOf(sides, timings, { unit: 's/step' });
  expect(ours).toEqual({
    system: 'korex',
    unit: 's/step',
    value: { median: 2, min: 1, max: 3, samples: [1, 3, 2, 2] },
    ratio: null,
  });
  expect(other!.ratio).toEqual({ median: 2.5, min: 2, max: 3, samples: [2, 3] });
  expect(figuresOf(sides, timings, { rows: 12 })[1]).toMatchObject({ unit: 'rows/s', value: { median: 2.5, max: 3 } });
  expect(ratioTable('t', sides, timings, 1).rows).toEqual([{ system: 'korex', other: '2.50 ×' }]);
});

test('an interrupt stops before the next call', async () => {
  const interrupts = new AbortController();
  const calls: string[] = [];
  const stopping: Side = {
    system: 'a',
    run: async () => {
      calls.push('a');
      interrupts.abort(new Error('stop'));
      return 1;
    },
  };
  const watched = { ...watch, signal: interrupts.signal };
  await expect(alternate([stopping], { warmup: 0, rounds: 3, block: 1 }, watched)).rejects.toThrow('stop');
  expect(calls).toEqual(['a']);
});
