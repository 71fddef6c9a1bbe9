import { expect, it } from 'vitest';
import type { AnnotatedDocument, Entity } from '../core/types.ts';
import { documentRows, relatedTypes } from './documentRows.ts';

const entity = (word: string, start: number, type: string): Entity => ({
  word,
  start,
  end: start + word.length - 1,
  type,
});
const DOCUMENT: AnnotatedDocument = {
  id: 'd1',
  text: '가람은 미르의 대표로 2001년 나루를 만났다.',
  source: 'news',
  entities: [
    entity('가람', 0, 'PER'),
    entity('미르', 4, 'ORG'),
    entity('2001년', 12, 'DAT'),
    entity('나루', 18, 'PER'),
  ],
  relations: [
    { subject: 0, relation: 'per:employee_of', object: 1 },
    { subject: 2, relation: 'odd', object: 0 },
  ],
  unsure: [{ subject: 3, relation: 'per:colleagues', object: 0 }],
};
const pairs = (isPossible: (subject: string | null, object: string | null) => boolean) =>
  documentRows(DOCUMENT, 'no_relation', { isPossible }).map(({ guid, label }) => `${guid} ${label}`);

it('gives every possible pair a row, and none where annotators could not decide', () => {
  const rows = documentRows(DOCUMENT, 'no_relation', { isPossible: () => true });
  expect(rows).toHaveLength(11);
  expect(rows[0]).toEqual({
    guid: 'd1~0-1',
    sentence: DOCUMENT.text,
    subject: DOCUMENT.entities[0],
    object: DOCUMENT.entities[1],
    label: 'per:employee_of',
    source: 'news',
  });
  expect(rows.map(({ guid }) => guid)).not.toContain('d1~3-0');
});

it('keeps a relation between types that other rows never relate', () => {
  expect(pairs((subject, object) => subject === 'PER' && object === 'ORG')).toEqual([
    'd1~0-1 per:employee_of',
    'd1~2-0 odd',
    'd1~3-1 no_relation',
  ]);
});

it('learns from rows between which types relations hold', () => {
  const rows = documentRows(DOCUMENT, 'no_relation', { isPossible: () => true });
  const related = relatedTypes(rows, 'no_relation');
  expect(related('PER', 'ORG')).toBe(true);
  expect(related('ORG', 'PER')).toBe(false);
  expect(related(null, 'PER')).toBe(true);
});

it('leaves out pairs of which one lies within the other', () => {
  const nested = {
    ...DOCUMENT,
    entities: [entity('가람은 미르', 0, 'ORG'), ...DOCUMENT.entities.slice(0, 2)],
    relations: [],
    unsure: [],
  };
  expect(documentRows(nested, 'none', { isPossible: () => true }).map(({ guid }) => guid)).toEqual([
    'd1~1-2',
    'd1~2-1',
  ]);
});
