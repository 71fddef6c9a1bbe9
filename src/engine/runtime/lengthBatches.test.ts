import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthBatches } from './lengthBatches.ts';

const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 200 });
const limits = fc.record({ rows: fc.integer({ min: 1, max: 40 }), tokens: fc.integer({ min: 1, max: 2000 }) });

test('every row once, within the limits, by length', () => {
  fc.assert(
    fc.property(lengths, limits, (rows, limit) => {
      const batches = lengthBatches(rows, limit);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(rows.map((_, index) => index));
      const sorted = batches.flat().map((row) => rows[row]!);
      expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(limit.rows);
        const padded = batch.length * Math.max(...batch.map((row) => rows[row]!));
        if (batch.length > 1) expect(padded).toBeLessThanOrEqual(limit.tokens);
      }
    }),
  );
});

test('a batch closes where its next row would not fit', () => {
  expect(lengthBatches([10, 30, 20, 10], { rows: 8, tokens: 60 })).toEqual([[0, 3, 2], [1]]);
  expect(lengthBatches([5, 5, 5], { rows: 2, tokens: 60 })).toEqual([[0, 1], [2]]);
});
