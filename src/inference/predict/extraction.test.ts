import { expect, test } from 'vitest';
import type { Entity } from '../../base/core/types.ts';
import { pairsOf } from './extraction.ts';

const entity = (start: number, end: number, type: string | null): Entity => ({ word: 'x', start, end, type });
const entities = [entity(0, 3, 'ORG'), entity(5, 6, 'PER'), entity(8, 9, 'DAT')];
const knows = {
  no_relation: 'no_relation',
  type_pairs: [
    { subject: 'ORG', object: 'PER', relations: ['no_relation', 'org:founded_by'] },
    { subject: 'PER', object: 'DAT', relations: ['per:date_of_birth'] },
    { subject: 'DAT', object: 'PER', relations: ['no_relation'] },
  ],
};

test('typed: pairs whose types had a relation in training', () => {
  expect(pairsOf(entities, 'typed', knows)).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(pairsOf(entities, 'all', knows)).toHaveLength(6);
});

test('nothing is left out where types are not known, neither by the model nor of an entity', () => {
  expect(pairsOf(entities, 'typed', { ...knows, type_pairs: null })).toHaveLength(6);
  const untyped = [entities[0]!, entity(5, 6, null), entities[2]!];
  expect(pairsOf(untyped, 'typed', knows)).toEqual([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
  ]);
});

test('a name within a name makes no pair with it', () => {
  const nested = [entity(0, 3, null), entity(0, 1, null), entity(5, 6, null)];
  expect(pairsOf(nested, 'all', knows)).toEqual([
    [0, 2],
    [1, 2],
    [2, 0],
    [2, 1],
  ]);
});
