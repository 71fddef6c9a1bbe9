import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SharedPair } from '../../base/text/sharedEncoder.ts';
import { answersOf } from '../nn/packedBatch.ts';
import type { PackedAnswers, SharedRows } from '../nn/sharedRows.ts';
import { batchesOf } from './epochPlan.ts';
import { sentencePacking } from './sharedBatches.ts';

const PAIR: SharedPair = {
  ...{ ids: [5, 6, 7, 8], positions: [1, 1, 3, 3], objectAt: 2 },
  ...{ subjectWord: { start: 1, end: 2 }, objectWord: { start: 3, end: 4 } },
};
const counts = { tokens: 0, unknown: 0 };

/** Sentences of so many pairs each; of the last ones, so many rows are in none. */
function rowsOf(pairs: readonly number[], alone: number): { lengths: number[]; shared: SharedRows[] } {
  const lengths: number[] = [];
  const shared = pairs.map((count, sentence): SharedRows => {
    const rows = Array.from({ length: count }, (_, i) => lengths.length + i);
    const text = 6 + (sentence % 7);
    lengths.push(...rows.map(() => text + 4));
    return { rows, sentence: { ids: new Array<number>(text).fill(9), pairs: rows.map(() => PAIR), counts } };
  });
  lengths.push(...new Array<number>(alone).fill(30));
  return { lengths, shared };
}

const single = (row: number): PackedAnswers => ({
  row: { ids: [9], ...{ subjectStart: 0, objectStart: 0 }, subjectWord: PAIR.subjectWord, objectWord: PAIR.objectWord },
  answers: [row],
});
const isPacked = ({ row }: PackedAnswers) => 'pairs' in row;
const sorted = (rows: readonly number[]) => [...rows].sort((a, b) => a - b);

test('each epoch has every chosen row once, in as many batches as its steps count', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      fc.nat(10),
      fc.integer({ min: 1, max: 16 }),
      fc.nat(3),
      fc.constantFrom('none', 'over', 'sqrt'),
      fc.constantFrom('mixed', 'last'),
      (pairs, alone, batchSize, epoch, sampling, textOrder) => {
        const { lengths, shared } = rowsOf(pairs, alone);
        const plan = { batchSize, seed: 1, sampling, textOrder } as const;
        const packing = sentencePacking(shared, lengths, plan);
        const groups = lengths.map((_, row) => (row % 5 === 0 ? 'a' : 'b'));
        const rows = { groups, lengths, packing, isText: (row: number) => row % 4 === 0 };
        const batches = batchesOf(plan, rows, epoch);
        const expected = batchesOf(plan, { ...rows, packing: null }, epoch);
        expect(batches).toHaveLength(expected.length);
        expect(sorted(batches.flat())).toEqual(sorted(expected.flat()));
        expect(batchesOf(plan, rows, epoch)).toEqual(batches);
        for (const batch of batches) {
          const packed = packing.pack(epoch, batch, single);
          expect(sorted(packed.flatMap(({ answers }) => answers))).toEqual(sorted(batch));
          for (const { row, answers } of packed) expect(answersOf(row)).toBe(answers.length);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a sentence is packed in every other epoch, its pairs side by side', () => {
  const { lengths, shared } = rowsOf([3, 3, 3, 3, 3, 3, 3, 3], 2);
  const plan = { batchSize: 6, seed: 1 };
  const packing = sentencePacking(shared, lengths, plan);
  const chosen = lengths.map((_, row) => row);
  const packedIn = (epoch: number) => packing.pack(epoch, chosen, single).filter(isPacked);
  expect(packedIn(0).map(({ answers }) => answers.length)).toEqual([3, 3, 3, 3]);
  const rows = (epoch: number) => packedIn(epoch).flatMap(({ answers }) => answers);
  expect(sorted([...rows(0), ...rows(1)])).toEqual(chosen.slice(0, 24));
  expect(rows(2)).toEqual(rows(0));
  expect(packing.unitsOf(0, chosen).filter((unit) => unit.isPacked)).toHaveLength(4);
});

test('a row that is drawn several times is packed as often', () => {
  const { lengths, shared } = rowsOf([2], 0);
  const packing = sentencePacking(shared, lengths, { batchSize: 8, seed: 1 });
  const epoch = packing.unitsOf(0, [0])[0]!.isPacked ? 0 : 1;
  expect(packing.pack(epoch, [0, 1, 1], single).map(({ answers }) => answers)).toEqual([[0, 1], [1]]);
});
