import { expect, test } from 'vitest';
import { type Candidate, chooseNext, type Known, RANDOM_FIRST } from './whatComesNext.ts';

const A = { start: 0, end: 1 };
const B = { start: 3, end: 4 };
const pair = (forth: Record<string, number>, isBack = false) => ({
  subject: isBack ? B : A,
  object: isBack ? A : B,
  top: Object.entries(forth).map(([relation, probability]) => ({ relation, probability })),
});
const candidate = (id: number, pairs: Candidate['pairs'], more: Partial<Candidate> = {}): Candidate => ({
  ...{ id, text: `문장 ${id}`, pairs, otherPairs: null },
  ...more,
});
const known = (labelled: number, more: Partial<Known> = {}): Known => ({
  labelled,
  counts: new Map(),
  texts: [],
  noRelation: 'no_relation',
  inverseOf: (relation) => ({ parents: 'children', children: 'parents' })[relation] ?? null,
  random: (_, id) => 1 / (id + 1),
  isCalibrated: true,
  ...more,
});
const sure = pair({ spouse: 0.99, no_relation: 0.01 });
const unsure = pair({ spouse: 0.5, no_relation: 0.48 });

test('random until enough is labelled and the model is calibrated, and every fifth for good', () => {
  const all = [candidate(1, [sure]), candidate(2, [unsure]), candidate(3, [sure])];
  for (const [labelled, more] of [
    [0, {}],
    [RANDOM_FIRST - 1, {}],
    [100, { isCalibrated: false }],
    [104, {}],
  ] as const)
    expect(chooseNext(all, known(labelled, more))).toEqual({ id: 3, reason: 'random', value: null });
  expect(chooseNext(all, known(100))).toMatchObject({ id: 2, reason: 'uncertain' });
  expect(chooseNext([], known(0))).toBeNull();
});

test('directions that do not go together', () => {
  const agree = [pair({ parents: 0.9 }), pair({ children: 0.9 }, true)];
  const differ = [pair({ parents: 0.9 }), pair({ parents: 0.8 }, true)];
  expect(chooseNext([candidate(1, agree), candidate(2, differ)], known(101))).toEqual({
    id: 2,
    reason: 'directions',
    value: 0.9 * 0.8,
  });
});

test('models that differ, rare relations, sentences unlike the others', () => {
  const other = [pair({ no_relation: 0.9 })];
  expect(
    chooseNext([candidate(1, [sure], { otherPairs: [sure] }), candidate(2, [sure], { otherPairs: other })], known(106)),
  ).toMatchObject({ id: 2, reason: 'models' });
  const rare = pair({ no_relation: 0.6, dissolved: 0.3 });
  expect(
    chooseNext([candidate(1, [sure]), candidate(2, [rare])], known(103, { counts: new Map([['spouse', 40]]) })),
  ).toMatchObject({ id: 2, reason: 'rare' });
  const texts = ['한빛전자는 가람시에 있다.'];
  expect(
    chooseNext(
      [
        candidate(1, [sure], { text: '한빛전자는 나루시에 있다.' }),
        candidate(2, [sure], { text: '바다는 넓고 깊다.' }),
      ],
      known(102, { texts }),
    ),
  ).toMatchObject({ id: 2, reason: 'different' });
});

test('where nothing speaks for the reason whose turn it is, another one is found and named', () => {
  expect(chooseNext([candidate(1, [sure]), candidate(2, [unsure])], known(101))).toMatchObject({
    id: 2,
    reason: 'uncertain',
  });
  expect(chooseNext([candidate(1, null), candidate(2, null)], known(101))).toMatchObject({ reason: 'random' });
});
