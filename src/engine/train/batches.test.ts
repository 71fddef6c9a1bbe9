import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochBatches, orderedBatches } from './batches.ts';

const cases = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 400 }),
  batchSize: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
  epoch: fc.nat(10),
});

test('an epoch sees every row once, in batches that are full but for one, the same for the same seed', () => {
  fc.assert(
    fc.property(cases, ({ lengths, batchSize, seed, epoch }) => {
      const batches = epochBatches(lengths, batchSize, seed, epoch);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
      expect(batches.filter((batch) => batch.length !== batchSize).length).toBeLessThanOrEqual(1);
      expect(epochBatches(lengths, batchSize, seed, epoch)).toEqual(batches);
    }),
  );
});

test('an epoch of chosen rows has them as often as they were chosen', () => {
  const lengths = [5, 9, 7, 3];
  const rows = [3, 0, 0, 2, 0, 3, 3];
  const batches = epochBatches(lengths, 3, 1, 0, rows);
  expect(batches.map((batch) => batch.length).sort()).toEqual([1, 3, 3]);
  expect(batches.flat().sort()).toEqual([...rows].sort());
});

test('copies of a row go to different batches', () => {
  const lengths = Array.from({ length: 30 }, (_, row) => 10 + row);
  const rows = [...lengths.keys(), ...new Array<number>(6).fill(20), ...new Array<number>(6).fill(21)];
  for (const batch of epochBatches(lengths, 4, 1, 0, rows)) expect(new Set(batch).size).toBe(batch.length);
  // Where there are too few others, copies share a batch.
  expect(epochBatches([5, 5], 2, 1, 0, [0, 0, 0, 1]).map((batch) => batch.length)).toEqual([2, 2]);
});

test('rows of a batch are of similar length: little is padded', () => {
  const lengths = Array.from({ length: 640 }, (_, row) => 10 + ((row * 37) % 190));
  const padded = (batches: readonly (readonly number[])[]) =>
    batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((row) => lengths[row]!)), 0);
  const inFileOrder = Array.from({ length: 40 }, (_, batch) => Array.from({ length: 16 }, (_, i) => batch * 16 + i));
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  expect(padded(epochBatches(lengths, 16, 1, 0)) / tokens).toBeLessThan(1.05);
  expect(padded(inFileOrder) / tokens).toBeGreaterThan(1.5);
});

test('epochs differ', () => {
  const lengths = new Array<number>(64).fill(10);
  expect(epochBatches(lengths, 8, 1, 0)).not.toEqual(epochBatches(lengths, 8, 1, 1));
});

test('parts follow each other, every row once, in no more batches than without parts', () => {
  fc.assert(
    fc.property(cases, fc.nat(400), ({ lengths, batchSize, seed, epoch }, cut) => {
      const rows = lengths.map((_, row) => row);
      const parts = [rows.slice(0, cut), rows.slice(cut)];
      const batches = orderedBatches(lengths, batchSize, seed, epoch, parts);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(rows);
      expect(batches).toHaveLength(Math.ceil(lengths.length / batchSize));
      const first = batches.slice(0, Math.floor(Math.min(cut, lengths.length) / batchSize)).flat();
      expect(first.every((row) => row < cut)).toBe(true);
      expect(orderedBatches(lengths, batchSize, seed, epoch, [rows])).toEqual(
        epochBatches(lengths, batchSize, seed, epoch),
      );
    }),
  );
});
