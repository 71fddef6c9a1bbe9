import { expect, test } from 'vitest';
import type { AnnotatedDocument } from '../core/types.ts';
import { KLUE_LABELS } from './relations.ts';
import { inverseOf, learnedTraits, traitsOf } from './relationTraits.ts';

test('the table has every relation of KLUE, inverses in pairs and between types that both have', () => {
  for (const label of KLUE_LABELS.filter((name) => name !== 'no_relation')) {
    const { inverse, types } = traitsOf(label)!;
    if (inverse === null) continue;
    expect(traitsOf(inverse)!.inverse).toBe(label);
    const swapped = types!.map((pair) => pair.split('>').toReversed().join('>'));
    expect(traitsOf(inverse)!.types!.some((pair) => swapped.includes(pair))).toBe(true);
  }
  expect(traitsOf('own:relation')).toBeNull();
});

test('rows are inverted only where most rows of KLUE agree', () => {
  expect(inverseOf('per:parents')).toBe('per:children');
  expect(traitsOf('per:colleagues')!.inverse).toBe('per:colleagues');
  expect(inverseOf('per:colleagues')).toBeNull();
});

const document = (id: number): AnnotatedDocument => ({
  ...{ id: `${id}`, text: '', source: null, unsure: [] },
  entities: ['DRUG', 'ILLNESS', 'ILLNESS'].map((type, at) => ({ word: `${at}`, start: at, end: at, type })),
  relations: [
    { subject: 0, relation: 'treats', object: 1 },
    { subject: 1, relation: 'treated_by', object: 0 },
    ...(id % 2 === 0 ? [{ subject: 0, relation: 'causes', object: 2 }] : []),
    ...(id === 0 ? [{ subject: 1, relation: 'rare', object: 2 }] : []),
  ],
});

test('learns types, inverse and a single object of relations with support', () => {
  expect(learnedTraits(Array.from({ length: 20 }, (_, id) => document(id)))).toEqual({
    treats: { types: ['DRUG>ILLNESS'], inverse: 'treated_by', inverseInRows: false, maxObjects: 1 },
    treated_by: { types: ['ILLNESS>DRUG'], inverse: 'treats', inverseInRows: false, maxObjects: 1 },
    causes: { types: ['DRUG>ILLNESS'], inverse: null, inverseInRows: false, maxObjects: 1 },
  });
});
