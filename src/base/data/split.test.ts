import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../core/random.ts';
import type { LabelledExample } from '../core/types.ts';
import { rowsDigest } from './digest.ts';
import { tally } from './grouping.ts';
import { sampleRows } from './sampleRows.ts';
import { splitValidation } from './split.ts';
import { splitFacts } from './splitFacts.ts';

/** Row number `i`: only sentence, label and guid matter here. */
const row = (i: number, label: string, sentence: string): LabelledExample => ({
  guid: `row-${i}`,
  sentence,
  subject: { word: '가', start: 0, end: 0, type: null },
  object: { word: '나', start: 1, end: 1, type: null },
  label,
  source: null,
});

const LABELS = [...'abcdefgh'];
const countLabels = (rows: readonly LabelledExample[]) => tally(rows.map(({ label }) => label));

/** Rows with labels of very different frequency; `shared` of them sit in sentences of several rows. */
const rowLists = (shared: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30)), {
      minLength: 1,
      maxLength: 300,
      size: 'max',
    })
    .map((draws) =>
      draws.map(([percent, chance, group], i) => {
        const label = percent < 60 ? 'a' : percent < 85 ? 'b' : percent < 97 ? 'c' : 'd';
        return row(i, label, chance < shared ? `함께 ${group}` : `홀로 ${i}`);
      }),
    );
const seeds = fc.integer({ min: 0, max: 1000 });

test('a sample has the size asked for, each label, proportions within one row, and keeps the order', () => {
  fc.assert(
    fc.property(rowLists(0), seeds, fc.nat(300), (rows, seed, extra) => {
      const all = countLabels(rows);
      const n = Math.min(rows.length, all.size + extra);
      const sample = sampleRows(rows, n, seed);
      expect(sample).toHaveLength(n);
      const order = sample.map((item) => rows.indexOf(item));
      expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
      const counts = countLabels(sample);
      expect(counts.size).toBe(all.size);
      const ideals = [...all.values()].map((count) => (n * count) / rows.length);
      for (const [label, count] of all) {
        const ideal = (n * count) / rows.length;
        // Labels lifted to their one row take it from the others.
        const lifted = ideals.filter((other) => other < 1).length;
        expect(counts.get(label)!).toBeGreaterThanOrEqual(Math.max(1, Math.floor(ideal) - lifted));
        expect(counts.get(label)!).toBeLessThanOrEqual(Math.ceil(ideal));
      }
    }),
  );
});

test('a sample is the same for the same seed and another for another one', () => {
  const rows = Array.from({ length: 200 }, (_, i) => row(i, i % 5 === 0 ? 'b' : 'a', `${i}`));
  const digest = (seed: number) => rowsDigest(sampleRows(rows, 50, seed));
  expect(digest(1)).toBe(digest(1));
  expect(digest(1)).not.toBe(digest(2));
  expect(sampleRows(rows, 200, 1)).toBe(rows);
  expect(() => sampleRows(rows, 1, 1)).toThrow('A sample of 1 rows cannot hold one row of each of the 2 labels.');
});

test('a validation set parts the rows, shares no sentence with training and leaves every label there', () => {
  fc.assert(
    fc.property(rowLists(0.5), seeds, fc.constantFrom(0.05, 0.1, 0.3, 0.5), (rows, seed, share) => {
      const { train, validation } = splitValidation(rows, share, seed);
      expect([...train, ...validation].sort((a, b) => rows.indexOf(a) - rows.indexOf(b))).toEqual(rows);
      for (const side of [train, validation]) {
        const order = side.map((item) => rows.indexOf(item));
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
      const sentences = new Set(train.map(({ sentence }) => sentence));
      expect(validation.filter(({ sentence }) => sentences.has(sentence))).toEqual([]);
      expect(countLabels(train).size).toBe(countLabels(rows).size);
      expect(splitValidation(rows, share, seed)).toEqual({ train, validation });
    }),
  );
});

test('every label gives its share, rounded, where sentences do not tie rows together', () => {
  fc.assert(
    fc.property(rowLists(0), seeds, fc.constantFrom(0.1, 0.2), (rows, seed, share) => {
      const validation = countLabels(splitValidation(rows, share, seed).validation);
      const counts = countLabels(rows);
      const expected = new Map([...counts].map(([label, count]) => [label, Math.round(share * count)]));
      if ([...expected.values()].every((count) => count === 0)) return;
      for (const [label, count] of expected) expect(validation.get(label) ?? 0).toBe(count);
    }),
  );
});

test('where a third of the rows share sentences, labels are off their rounded share by a row or two, at most three', () => {
  for (let seed = 0; seed < 60; seed++) {
    const draw = randomStream(seed, 'rows');
    const rows = Array.from({ length: 500 }, (_, i) => {
      const sentence = draw.uniform(3 * i) < 1 / 3 ? `함께 ${draw.uint32(3 * i + 1) % 60}` : `홀로 ${i}`;
      return row(i, LABELS[Math.floor(LABELS.length * draw.uniform(3 * i + 2) ** 3)]!, sentence);
    });
    const validation = countLabels(splitValidation(rows, 0.1, seed).validation);
    const excess = [...countLabels(rows)].map(([label, n]) => (validation.get(label) ?? 0) - Math.round(0.1 * n));
    expect(Math.max(...excess.map(Math.abs))).toBeLessThanOrEqual(3);
    expect(excess.reduce((sum, rowsOff) => sum + Math.abs(rowsOff), 0)).toBeLessThanOrEqual(6);
  }
});

test('few rows still give a validation set, unless training would lose a label', () => {
  const twoOfA = [row(0, 'a', 'x'), row(1, 'a', 'y'), row(2, 'b', 'z')];
  expect(splitValidation(twoOfA, 0.1, 1).validation.map(({ label }) => label)).toEqual(['a']);
  expect(splitValidation([row(0, 'a', 'x'), row(1, 'b', 'y')], 0.1, 1).validation).toEqual([]);
  expect(splitValidation([], 0.1, 1)).toEqual({ train: [], validation: [] });
});

test('facts of a split', () => {
  const rows = [row(0, 'a', 'x'), row(1, 'b', 'x'), row(2, 'a', 'y')];
  const { parts, shared_sentences } = splitFacts(
    { train: rows.slice(0, 2), validation: rows.slice(2), test: rows },
    { labels: ['a', 'b'], noRelation: null },
  );
  expect(parts.train).toEqual({ rows: 2, sentences: 1, labels: { a: 1, b: 1 }, sha256: rowsDigest(rows.slice(0, 2)) });
  expect(parts.validation).toMatchObject({ rows: 1, sentences: 1, labels: { a: 1, b: 0 } });
  expect(shared_sentences).toEqual({ train_validation: 0, train_test: 1, validation_test: 1 });
});
