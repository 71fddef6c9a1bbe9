import { expect, test } from 'vitest';
import { LABEL_SET, madeAnalyzed, TRAIN } from '../../../test/support/analysisRows.ts';
import { SLICINGS, sliceName } from './kinds.ts';
import { sliceFigures } from './sliceFigures.ts';
import { slicesOf } from './slices.ts';
import { trainingFacts } from './trainingFacts.ts';

const right = (count: number, made: Parameters<typeof madeAnalyzed>[0]) =>
  Array.from({ length: count }, () => madeAnalyzed(made, made.label));
const wrong = (count: number, made: Parameters<typeof madeAnalyzed>[0]) =>
  Array.from({ length: count }, () => madeAnalyzed(made, 'no_relation'));

const rows = [
  ...right(30, { label: 'per:title', words: ['사람1', '나루1'] }),
  ...right(2, { label: 'per:title', words: ['사람1', '나루2'] }),
  ...right(10, { label: 'per:title', words: ['처음', '나루1'], source: 'web' }),
  ...wrong(25, { label: 'org:members', types: ['ORG', 'ORG'], words: ['처음', '다음'], before: '가'.repeat(50) }),
  ...wrong(3, { label: 'per:religion', types: ['PER', 'LOC'], words: ['사람1', '처음'], before: '😀'.repeat(120) }),
];
const training = trainingFacts(TRAIN)!;

test('each way to divide the rows holds every row once', () => {
  const slices = slicesOf(rows, 'no_relation', training);
  for (const slicing of SLICINGS) {
    const own = slices.filter((slice) => slice.slicing === slicing);
    expect(own.flatMap((slice) => slice.rows)).toHaveLength(rows.length);
    expect(new Set(own.flatMap((slice) => slice.rows)).size).toBe(rows.length);
    expect(new Set(own.map(({ value }) => value)).size).toBe(own.length);
  }
});

test('parts have the right rows, in the order of their meaning', () => {
  const sizes = (slicing: string) =>
    slicesOf(rows, 'no_relation', training).flatMap((slice) =>
      slice.slicing === slicing ? [[slice.value, slice.rows.length]] : [],
    );
  // Three rows of PER→LOC and ten of another source are too few for parts of their own.
  expect(sizes('type_pair')).toEqual([
    ['PER→POH', 42],
    ['ORG→ORG', 25],
    ['others', 3],
  ]);
  expect(sizes('source')).toEqual([
    ['news', 60],
    ['others', 10],
  ]);
  expect(sizes('length')).toEqual([
    ['0–50', 42],
    ['51–80', 25],
    ['121–', 3],
  ]);
  expect(sizes('novelty')).toEqual([
    ['pair_known', 30],
    ['words_known', 2],
    ['subject_new', 10],
    ['object_new', 3],
    ['both_new', 25],
  ]);
  expect(sizes('frequency')).toEqual([
    ['frequent', 67],
    ['rare', 3],
  ]);
});

test('without training rows there are no slices by what training showed', () => {
  const slicings = new Set(slicesOf(rows, 'no_relation', null).map(({ slicing }) => slicing));
  expect([...slicings]).toEqual(['type_pair', 'length', 'distance', 'order', 'source']);
});

test('a slice is tested against all other rows', () => {
  const figures = sliceFigures(slicesOf(rows, 'no_relation', training), rows, LABEL_SET, 42);
  const of = (value: string) => figures.find((slice) => slice.value === value)!;
  expect(of('PER→POH')).toMatchObject({ n: 42, accuracy: 1, difference: 1, differs: true, macro_f1: 1, micro_f1: 1 });
  expect(of('PER→POH').accuracy_interval[0]).toBeCloseTo(0.916, 3);
  expect(of('ORG→ORG')).toMatchObject({ accuracy: 0, macro_f1: 0, micro_f1: 0, differs: true });
  expect(of('ORG→ORG').difference).toBeCloseTo(-42 / 45, 12);
  // All rows have the subject first: there is nothing to compare with.
  expect(of('subject_first')).toMatchObject({ n: 70, difference: null, p: 1, differs: false });
  for (const { p, p_corrected } of figures) expect(p_corrected).toBeGreaterThanOrEqual(p);
  const { macro_f1, macro_f1_interval, accuracy } = of('frequent');
  // per:title is always right, org:members never: over the labels that are there, (1 + 0) / 2.
  expect([macro_f1, accuracy]).toEqual([0.5, 42 / 67]);
  expect(macro_f1_interval).toEqual([0.5, 0.5]);
});

test('slices have names in both languages', () => {
  expect(sliceName('type_pair', 'PER→LOC', 'ko')).toBe('사람→장소');
  expect(sliceName('novelty', 'both_new', 'en')).toBe('both new');
  expect(sliceName('source', 'rare', 'ko')).toBe('rare');
});
