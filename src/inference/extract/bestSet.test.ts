import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestSet, type Choice } from './bestSet.ts';

const NOTHING: Choice = { worth: 0, uses: [] };
const choice = fc.record({
  worth: fc.integer({ min: 1, max: 9 }),
  uses: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 }),
});
const problem = fc.array(
  fc.array(choice, { maxLength: 3 }).map((choices): Choice[] => [NOTHING, ...choices]),
  { minLength: 1, maxLength: 6 },
);
const limits: Readonly<Record<string, number>> = { a: 1, b: 1, c: 2, d: 3 };
const limitOf = (resource: string) => limits[resource]!;

const worthOf = (units: readonly (readonly Choice[])[], chosen: readonly number[]): number => {
  const uses = chosen.flatMap((at, unit) => units[unit]![at]!.uses);
  const fits = Object.keys(limits).every((name) => uses.filter((use) => use === name).length <= limitOf(name));
  return fits ? chosen.reduce((sum, at, unit) => sum + units[unit]![at]!.worth, 0) : Number.NEGATIVE_INFINITY;
};

/** Every way to choose, one by one. */
const exhaustive = (units: readonly (readonly Choice[])[]): number =>
  Math.max(
    ...units
      .reduce<number[][]>((ways, choices) => ways.flatMap((way) => [...choices.keys()].map((at) => [...way, at])), [[]])
      .map((way) => worthOf(units, way)),
  );

test('no other choice within the limits is worth more', () => {
  fc.assert(
    fc.property(problem, (units) => {
      expect(worthOf(units, bestSet(units, limitOf))).toBe(exhaustive(units));
    }),
    { numRuns: 400 },
  );
});

test('of two that exclude each other the greedy first is left for the better pair', () => {
  const units = [
    [NOTHING, { worth: 5, uses: ['a', 'b'] }],
    [NOTHING, { worth: 3, uses: ['a'] }],
    [NOTHING, { worth: 4, uses: ['b'] }],
  ];
  expect(bestSet(units, limitOf)).toEqual([0, 1, 1]);
});
