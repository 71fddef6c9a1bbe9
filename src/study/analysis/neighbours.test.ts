import { expect, test } from 'vitest';
import { madeAnalyzed, madeRow } from '../../../test/support/analysisRows.ts';
import { errorNeighbours, nearest, unit } from './neighbours.ts';

const vector = (...values: number[]) => Float32Array.from(values);

test('the nearest by cosine, whatever the lengths', () => {
  const vectors = [vector(5, 5), vector(0.1, 0), vector(0, 3), vector(-1, 0), vector(0, 0)].map(unit);
  const found = nearest(unit(vector(2, 0.1)), vectors, 3);
  expect(found.map(({ index }) => index)).toEqual([1, 0, 2]);
  expect(found[0]!.similarity).toBeCloseTo(2 / Math.hypot(2, 0.1), 6);
  expect(nearest(vector(1, 0), vectors.slice(0, 2), 3)).toHaveLength(2);
});

test('errors by whose label most of their neighbours carry', () => {
  const error = (guid: string) => madeAnalyzed({ guid, label: 'per:origin' }, 'per:title');
  const labels = ['per:title', 'per:title', 'per:origin', 'per:origin', 'no_relation', 'no_relation'];
  const result = errorNeighbours(
    {
      rows: [error('like-predicted'), error('like-gold'), error('like-another')],
      states: [vector(1, 0, 0.1), vector(0, 1, 0), vector(0, 0, 1)],
    },
    {
      rows: labels.map((label, i) => madeRow({ guid: `t${i}`, label })),
      states: [
        [1, 0, 0],
        [0.9, 0.1, 0],
        [0, 1, 0],
        [0.1, 1, 0],
        [0, 0, 1],
        [0, 0.1, 1],
      ].map((row) => vector(...row)),
      sampled: false,
    },
    new Set(['like-gold']),
  );
  expect(result).toMatchObject({ encoded: 6, errors: 3, per_case: 3, carry: { predicted: 1, gold: 1, other: 1 } });
  expect(result.cases.map(({ guid }) => guid)).toEqual(['like-gold']);
  expect(result.cases[0]!.neighbours.map(({ guid }) => guid)).toEqual(['t2', 't3', 't1']);
});
