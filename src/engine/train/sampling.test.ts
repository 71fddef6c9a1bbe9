import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SAMPLING_NAMES } from '../../base/core/settings.ts';
import { epochRows, epochSize, labelShares } from './sampling.ts';

const cases = fc.record({
  labels: fc.array(
    fc.integer({ min: 0, max: 7 }).map((label) => `label-${label ** 2 % 5}`),
    {
      minLength: 1,
      maxLength: 200,
    },
  ),
  sampling: fc.constantFrom(...SAMPLING_NAMES),
  seed: fc.nat(),
  epoch: fc.nat(10),
});

const countBy = <T>(values: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

test('an epoch has its size; each label has its share but for a row, none vanishes, its rows occur equally often but for one', () => {
  fc.assert(
    fc.property(cases, ({ labels, sampling, seed, epoch }) => {
      const rows = epochRows(sampling, labels, seed, epoch);
      expect(rows.length).toBe(epochSize(sampling, labels));
      const drawn = countBy(rows.map((row) => labels[row]!));
      for (const [label, share] of labelShares(sampling, labels)) {
        expect(Math.abs((drawn.get(label) ?? 0) - share)).toBeLessThan(1 + 1e-9);
        expect(drawn.get(label)).toBeGreaterThan(0);
        const often = labels.flatMap((other, row) =>
          other === label ? rows.filter((drawnRow) => drawnRow === row).length : [],
        );
        expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(1);
      }
      expect(epochRows(sampling, labels, seed, epoch)).toEqual(rows);
    }),
  );
});

// 8, 4, 2 and 1 rows.
const LABELS = ['a', 'a', 'b', 'a', 'a', 'c', 'a', 'b', 'a', 'd', 'a', 'b', 'a', 'c', 'b'];

test.each([
  ['none', [8, 4, 2, 1], 15],
  ['over', [8, 8, 8, 8], 32],
  ['under', [2, 2, 2, 1], 7],
  ['balanced', [15 / 4, 15 / 4, 15 / 4, 15 / 4], 15],
  ['sqrt', [Math.sqrt(8), 2, Math.SQRT2, 1].map((root) => (15 * root) / (Math.sqrt(8) + 2 + Math.SQRT2 + 1)), 15],
] as const)('%s: %j rows of each label', (sampling, shares, size) => {
  const actual = labelShares(sampling, LABELS);
  for (const [index, label] of ['a', 'b', 'c', 'd'].entries())
    expect(actual.get(label)).toBeCloseTo(shares[index]!, 10);
  expect(epochSize(sampling, LABELS)).toBe(size);
});

test('without sampling the rows are all rows, in order', () => {
  expect(epochRows('none', LABELS, 1, 0)).toEqual(LABELS.map((_, row) => row));
});

test('fractions of rows are drawn: over many epochs, labels are equally frequent', () => {
  const drawn = countBy(
    Array.from({ length: 400 }, (_, epoch) =>
      epochRows('balanced', LABELS, 7, epoch).map((row) => LABELS[row]!),
    ).flat(),
  );
  for (const count of drawn.values()) expect(count / 400).toBeCloseTo(15 / 4, 1);
});

test('epochs differ, so that over them a frequent label shows all its rows', () => {
  const epochs = Array.from({ length: 40 }, (_, epoch) => epochRows('under', LABELS, 7, epoch));
  expect(epochs[0]).not.toEqual(epochs[1]);
  expect(new Set(epochs.flat()).size).toBe(LABELS.length);
});
