import fc from 'fast-check';
import { expect, test } from 'vitest';
import { against, cohensKappa, krippendorffsAlpha, type Ratings, ratedByBoth, withInterval } from './agreement.ts';

/** Ratings of people, one string each; a dot where somebody said nothing. */
const units = (...people: readonly string[]): Ratings[] =>
  Array.from(
    people[0]!,
    (_, unit) => new Map(people.flatMap((said, person) => (said[unit] === '.' ? [] : [[`${person}`, said[unit]!]]))),
  );

test('Krippendorff’s own examples (2011): two people, then four with gaps', () => {
  expect(krippendorffsAlpha(units('0100000010', '1110010000'))).toBeCloseTo(0.095, 3);
  expect(krippendorffsAlpha(units('123321412...', '1233224125.3', '.3332342251.', '12332441251.'))).toBeCloseTo(
    0.743,
    3,
  );
});

test('Cohen’s κ of the textbook’s fifty proposals, and of one answer alone', () => {
  const times = (n: number, a: string, b: string) => Array.from({ length: n }, () => [a, b] as const);
  const proposals = [
    ...times(20, 'yes', 'yes'),
    ...times(5, 'yes', 'no'),
    ...times(10, 'no', 'yes'),
    ...times(15, 'no', 'no'),
  ];
  expect(cohensKappa(proposals)).toBeCloseTo(0.4, 12);
  // Three categories, 200 cases: (0.7 − 0.41) / (1 − 0.41).
  const cohen = [
    [88, 10, 2],
    [14, 40, 6],
    [18, 10, 12],
  ].flatMap((row, a) => row.flatMap((n, b) => times(n, `${a}`, `${b}`)));
  expect(cohensKappa(cohen)).toBeCloseTo(0.29 / 0.59, 12);
  expect(cohensKappa(times(5, 'a', 'a'))).toBeNull();
  expect(cohensKappa([])).toBeNull();
});

test('both are 1 where all agree on more than one label, and near 0 where they guess', () => {
  const agreed = units('abcabc', 'abcabc');
  expect([krippendorffsAlpha(agreed), cohensKappa(ratedByBoth(agreed, '0', '1'))]).toEqual([1, 1]);
  expect(krippendorffsAlpha(against(agreed, 'a'))).toBe(1);
  expect(krippendorffsAlpha(units('aaaa', 'aaaa'))).toBeNull();
  expect(krippendorffsAlpha(units('ab..', '..ab'))).toBeNull();
});

test('neither is ever above 1, and the order of things does not matter', () => {
  const said = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(said, (pairs) => {
      const rated = pairs.map(
        ([a, b]): Ratings =>
          new Map([
            ['0', a],
            ['1', b],
          ]),
      );
      for (const [one, other] of [
        [cohensKappa(pairs), cohensKappa(pairs.toReversed())],
        [krippendorffsAlpha(rated), krippendorffsAlpha(rated.toReversed())],
      ] as const) {
        expect(other === null).toBe(one === null);
        if (one === null || other === null) continue;
        expect(one).toBeLessThanOrEqual(1 + 1e-12);
        expect(other).toBeCloseTo(one, 10);
      }
    }),
  );
});

test('intervals hold the figure, are the same for a seed, and need two groups', () => {
  const groups = units('aabbccaabb', 'aabbcabbba').map((unit) => [unit]);
  const found = withInterval(groups, krippendorffsAlpha, { seed: 1, resamples: 200 });
  expect(found.interval![0]).toBeLessThan(found.value!);
  expect(found.interval![1]).toBeGreaterThan(found.value!);
  expect(withInterval(groups, krippendorffsAlpha, { seed: 1, resamples: 200 })).toEqual(found);
  expect(withInterval(groups.slice(0, 1), krippendorffsAlpha, { seed: 1 }).interval).toBeNull();
});
