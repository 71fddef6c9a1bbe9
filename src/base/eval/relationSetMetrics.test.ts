import { expect, test } from 'vitest';
import { type RelationSet, relationReport, relationReportSchema } from './relationSetMetrics.ts';

const text = (gold: string[], asserted: [string, number][], unsure: string[] = []): RelationSet => ({
  gold: gold.map((key) => ({ key, relation: key[0]! })),
  unsure: new Set(unsure),
  asserted: asserted.map(([key, confidence]) => ({ key, relation: key[0]!, confidence })),
});
const options = { seed: 1, resamples: 200 };

test('relations are counted over texts; unsure ones count neither way, nor their texts as free of relations, repeated ones once', () => {
  const report = relationReport(
    [
      text(
        ['a1', 'b1'],
        [
          ['a1', 0.9],
          ['a1', 0.9],
          ['b2', 0.5],
        ],
        ['c1'],
      ),
      text([], [['c1', 0.8]], ['c1']),
      text([], [['a9', 0.7]]),
      text([], []),
      text(['a3'], []),
    ],
    options,
  );
  expect(relationReportSchema.parse(report)).toEqual(report);
  expect(report).toMatchObject({
    texts: 5,
    gold: 3,
    asserted: 3,
    right: 1,
    precision: 1 / 3,
    recall: 1 / 3,
    f1: 1 / 3,
  });
  expect(report.relation_free).toEqual({ texts: 2, asserted: 1, share: 0.5 });
  // Bins of their own: (|1 − 0.9| + |0 − 0.5| + |0 − 0.7|) / 3.
  expect(report.ece).toBeCloseTo(1.3 / 3, 12);
  expect(report.relations).toMatchObject({ a: { gold: 2, asserted: 2, right: 1, f1: 0.5 }, b: { gold: 1, right: 0 } });
  expect(report.intervals.f1[0]).toBeLessThanOrEqual(1 / 3);
  expect(report.intervals.f1[1]).toBeGreaterThanOrEqual(1 / 3);
});

test('where nothing is asserted, and no text is free of relations, there are no such figures', () => {
  const report = relationReport([text(['a1'], [])], options);
  expect(report).toMatchObject({ precision: 0, recall: 0, f1: 0, ece: null, relation_free: { share: null } });
  expect(report.intervals).toMatchObject({ ece: null, relation_free: null });
});

test('the same seed gives the same intervals', () => {
  const texts = Array.from({ length: 20 }, (_, i) => text([`a${i % 7}`], [[`a${i % 3}`, (i % 10) / 10]]));
  expect(relationReport(texts, options)).toEqual(relationReport(texts, options));
});
