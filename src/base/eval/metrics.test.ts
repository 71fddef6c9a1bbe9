import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { LabelSet, Prediction } from '../core/types.ts';
import { codeRows } from './codedRows.ts';
import { confusionMatrix, normalizeRows, topConfusions } from './confusion.ts';
import { computeMetrics, METRIC_NAMES, metricsOf } from './metrics.ts';
import { perClassMetrics } from './perClass.ts';

const numbers = z.array(z.number());
const fixture = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        labels: z.number(),
        noRelation: z.number().nullable(),
        gold: numbers,
        predicted: numbers,
        probabilities: z.array(numbers).nullable(),
        expected: z.object({
          metrics: z.record(z.string(), z.number().nullable()),
          precision: numbers,
          recall: numbers,
          f1: numbers,
          support: numbers,
          auprc: z.array(z.number().nullable()),
          confusion: z.array(numbers),
        }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../test/fixtures/metrics.json', import.meta.url), 'utf8')));

const labelSetOf = (labels: number, noRelation: number | null): LabelSet => ({
  labels: Array.from({ length: labels }, (_, id) => `r${id}`),
  noRelation: noRelation === null ? null : `r${noRelation}`,
});

const predictionsOf = (predicted: readonly number[], probabilities: readonly number[][] | null): Prediction[] =>
  predicted.map((label, row) => ({
    guid: `row-${row}`,
    predicted: `r${label}`,
    probabilities: probabilities?.[row] ?? null,
  }));

/** Largest difference of two lists, null equal to null only. */
const difference = (actual: readonly (number | null)[], expected: readonly (number | null)[]): number =>
  actual.length !== expected.length
    ? Number.POSITIVE_INFINITY
    : Math.max(
        0,
        ...actual.map((value, i) => {
          const other = expected[i] ?? null;
          if (value === null || other === null) return value === other ? 0 : Number.POSITIVE_INFINITY;
          return Math.abs(value - other);
        }),
      );

test.each(fixture.cases)('agrees with scikit-learn: $name', (row) => {
  const labelSet = labelSetOf(row.labels, row.noRelation);
  const gold = row.gold.map((label) => `r${label}`);
  const predictions = predictionsOf(row.predicted, row.probabilities);
  const metrics = computeMetrics(gold, predictions, labelSet);
  expect(
    difference(
      METRIC_NAMES.map((name) => metrics[name]),
      METRIC_NAMES.map((name) => row.expected.metrics[name] ?? null),
    ),
  ).toBeLessThan(1e-9);
  expect(metrics.n).toBe(row.gold.length);

  const classes = perClassMetrics(gold, predictions, labelSet);
  for (const name of ['precision', 'recall', 'f1', 'support', 'auprc'] as const)
    expect(
      difference(
        classes.map((entry) => entry[name]),
        row.expected[name],
      ),
      name,
    ).toBeLessThan(1e-9);
  expect(confusionMatrix(gold, predictions, labelSet)).toEqual(row.expected.confusion);
});

test('without rows every figure is 0 and AUPRC is null', () => {
  expect(computeMetrics([], [], labelSetOf(3, 0))).toEqual({
    n: 0,
    accuracy: 0,
    macro_f1: 0,
    micro_f1: 0,
    auprc: null,
  });
});

test('AUPRC is null as soon as one prediction has no probabilities', () => {
  const [first, second] = predictionsOf(
    [0, 1],
    [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
  );
  expect(
    computeMetrics(['r0', 'r1'], [first!, { ...second!, probabilities: null }], labelSetOf(2, 0)).auprc,
  ).toBeNull();
});

test('refuses labels outside the label set and lists of unequal length', () => {
  expect(() => computeMetrics(['r9'], predictionsOf([0], null), labelSetOf(2, 0))).toThrow(
    '"r9" is not in the label set',
  );
  expect(() => computeMetrics(['r0'], [], labelSetOf(2, 0))).toThrow('0 predictions for 1 gold labels');
});

const rowsOfThree = fc.array(
  fc.record({
    gold: fc.nat(2),
    scores: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
    weight: fc.nat(3),
  }),
  { minLength: 1, maxLength: 30 },
);

test('a row of weight w counts like w copies of it', () => {
  fc.assert(
    fc.property(rowsOfThree, (rows) => {
      fc.pre(rows.some(({ weight }) => weight > 0));
      const labelSet = labelSetOf(3, 0);
      const code = (list: typeof rows) =>
        codeRows(
          list.map(({ gold }) => `r${gold}`),
          predictionsOf(
            list.map(({ scores }) => scores.indexOf(Math.max(...scores))),
            list.map(({ scores }) => scores),
          ),
          labelSet,
        );
      const copies = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const weighted = metricsOf(
        code(rows),
        Uint32Array.from(rows, ({ weight }) => weight),
      );
      const copied = metricsOf(code(copies), new Uint32Array(copies.length).fill(1));
      expect(
        difference(
          METRIC_NAMES.map((name) => weighted[name]),
          METRIC_NAMES.map((name) => copied[name]),
        ),
      ).toBeLessThan(1e-12);
    }),
  );
});

test('confusions: shares of the gold label, largest counts first, ties in label order', () => {
  const labelSet = labelSetOf(3, 0);
  const matrix = confusionMatrix(
    ['r0', 'r0', 'r0', 'r1', 'r1', 'r2'],
    predictionsOf([0, 1, 1, 0, 2, 2], null),
    labelSet,
  );
  expect(matrix).toEqual([
    [1, 2, 0],
    [1, 0, 1],
    [0, 0, 1],
  ]);
  expect(
    normalizeRows([
      [2, 2],
      [0, 0],
    ]),
  ).toEqual([
    [0.5, 0.5],
    [0, 0],
  ]);
  expect(topConfusions(matrix, labelSet, 2)).toEqual([
    { gold: 'r0', predicted: 'r1', count: 2, share: 2 / 3 },
    { gold: 'r1', predicted: 'r0', count: 1, share: 0.5 },
  ]);
});
