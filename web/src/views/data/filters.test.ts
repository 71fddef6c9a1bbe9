import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RowColumns } from '../../../../src/app/serve/page/shapes.ts';
import { inquiryOf, tryParams } from '../../marking/address.ts';
import { binningOf, countRows } from './counts.ts';
import { applyFilters, type Filters, fromParams, NO_FILTERS, regexProblem, toggledRange, toParams } from './filters.ts';
import { rowAt, rowTable } from './rowTable.ts';

const LABELS = ['no_relation', 'per:title', 'org:founded'];

/** Rows with an emoji now and then, so that code points and UTF-16 units differ. */
const columns = (count: number, trainRows: number): RowColumns => {
  const ids = Array.from({ length: count }, (_, i) => i);
  const before = ids.map((i) => `${i % 4 === 0 ? '😀' : ''}${'가'.repeat(i % 7)}`);
  const lead = before.map((text) => [...text].length);
  return {
    ...{ id: 'x', name: 'x', digest: 'd', labels: LABELS, no_relation: 'no_relation', rejected: 0 },
    ...{ types: ['ORG', 'PER'], sources: ['news', 'wiki'], train_rows: trainRows },
    guid: ids.map((i) => `row-${i}`),
    sentence: ids.map(
      (i) => `${before[i]}비틀즈는 ${'나'.repeat(i % 3)}해리슨이다.${i % 5 === 0 ? ' Abbey Road' : ''}`,
    ),
    label: ids.map((i) => i % 3),
    source: ids.map((i) => (i % 6 === 5 ? -1 : i % 2)),
    subject_start: lead,
    subject_end: lead.map((start) => start + 2),
    subject_type: ids.map((i) => (i % 4 === 3 ? -1 : 0)),
    object_start: ids.map((i) => lead[i]! + 5 + (i % 3)),
    object_end: ids.map((i) => lead[i]! + 7 + (i % 3)),
    object_type: ids.map(() => 1),
  };
};
const table = rowTable(columns(120, 80));
const all = Array.from({ length: table.count }, (_, i) => rowAt(table, i));
const found = (filters: Partial<Filters>) => [...applyFilters(table, { ...NO_FILTERS, ...filters }).rows];

test('rows are read back from their columns, offsets in code points', () => {
  const first = rowAt(table, 0);
  expect(first).toMatchObject({
    sentence: '😀비틀즈는 해리슨이다. Abbey Road',
    side: 'train',
    source: 'news',
    distance: 2,
  });
  expect([first.subject, first.object]).toEqual([
    { word: '비틀즈', start: 1, end: 3, type: 'ORG' },
    { word: '해리슨', start: 6, end: 8, type: 'PER' },
  ]);
  expect(first.length).toBe([...first.sentence].length);
  expect(rowAt(table, 80).side).toBe('test');
  expect(table.pairs.map(({ name }) => name)).toEqual(['ORG→PER', '–→PER']);
});

test('each filter alone, and all joined', () => {
  const where = (fits: (row: (typeof all)[number]) => boolean) => all.filter(fits).map(({ index }) => index);
  expect(found({})).toHaveLength(120);
  expect(found({ labels: ['per:title'] })).toEqual(where(({ label }) => label === 'per:title'));
  expect(found({ pairs: ['–→PER'] })).toEqual(where(({ subject }) => subject.type === null));
  expect(found({ sources: ['wiki'] })).toEqual(where(({ source }) => source === 'wiki'));
  expect(found({ side: 'test' })).toEqual(where(({ side }) => side === 'test'));
  expect(found({ length: { min: 15, max: 18 } })).toEqual(where(({ length }) => length >= 15 && length <= 18));
  expect(found({ distance: { min: null, max: 2 } })).toEqual(where(({ distance }) => distance <= 2));
  expect(found({ text: 'ABBEY road' })).toEqual(where(({ sentence }) => sentence.includes('Abbey')));
  expect(found({ text: 'row-119' })).toEqual([119]);
  expect(found({ text: '해리슨'.normalize('NFD') })).toHaveLength(120);
  expect(found({ text: '^가{6}비', isRegex: true })).toEqual(where(({ sentence }) => /^가{6}비/.test(sentence)));
  expect(found({ labels: ['no label of these rows'] })).toEqual([]);
});

test('a chart counts what passes all filters but its own', () => {
  const filters: Filters = { ...NO_FILTERS, labels: ['per:title'], side: 'test', length: { min: 15, max: null } };
  const counts = countRows(table, applyFilters(table, filters), binningOf(table));
  const long = all.filter(({ length }) => length >= 15);
  expect(counts.labels).toEqual(
    LABELS.map((name) => ({
      train: 0,
      test: long.filter(({ label, side }) => label === name && side === 'test').length,
    })),
  );
  expect(counts.sides).toEqual({
    train: long.filter(({ label, side }) => label === 'per:title' && side === 'train').length,
    test: long.filter(({ label, side }) => label === 'per:title' && side === 'test').length,
  });
  const inBins = counts.length.bins.reduce((sum, bin) => sum + bin.train + bin.test, 0);
  expect(inBins).toBe(all.filter(({ label, side }) => label === 'per:title' && side === 'test').length);
  expect(counts.cells.map((row) => row.reduce((a, b) => a + b))).toEqual(
    counts.labels.map(({ train, test }) => train + test),
  );
});

test('clicked bars join to a range, and one within it takes it back', () => {
  const one = toggledRange({ min: null, max: null }, 10, 15);
  expect(one).toEqual({ min: 10, max: 14 });
  expect(toggledRange(one, 20, 25)).toEqual({ min: 10, max: 24 });
  expect(toggledRange(one, 30, null)).toEqual({ min: 10, max: null });
  expect(toggledRange({ min: 10, max: 24 }, 15, 20)).toEqual({ min: null, max: null });
  expect(toggledRange({ min: null, max: 14 }, 20, 25)).toEqual({ min: 0, max: 24 });
});

test('any filters come back from their address, and a broken one gives none', () => {
  const bound = fc.option(fc.nat(999_999), { nil: null });
  const range = fc.record({ min: bound, max: bound });
  const names = fc.uniqueArray(fc.string({ minLength: 1 }));
  const side = fc.constantFrom('train' as const, 'test' as const, null);
  const filters = fc.record({
    ...{ text: fc.string(), isRegex: fc.boolean(), labels: names, pairs: names, sources: names },
    ...{ side, length: range, distance: range },
  });
  fc.assert(
    fc.property(filters, (value) => {
      expect(fromParams(new URLSearchParams(toParams('x', value).toString()))).toEqual(value);
    }),
  );
  expect(fromParams(new URLSearchParams('length=a-9&side=both'))).toEqual(NO_FILTERS);
});

test('what is no regular expression is told, not thrown', () => {
  expect(regexProblem({ ...NO_FILTERS, text: '(', isRegex: true })).toContain('(');
  expect(regexProblem({ ...NO_FILTERS, text: '(', isRegex: false })).toBeNull();
});

test('a row opens in Try with its entities and their roles', () => {
  const { sentence, subject, object } = rowAt(table, 0);
  const there = inquiryOf(tryParams({ sentence, subject, object }));
  expect(there.marks.map(({ start, end }) => sentence.slice(start, end))).toEqual(['비틀즈', '해리슨']);
  expect(there.marks.map(({ type }) => type)).toEqual(['ORG', 'PER']);
  const swapped = inquiryOf(tryParams({ sentence, subject: object, object: subject }));
  expect([swapped.subject, swapped.object]).toEqual([1, 0]);
});
