import { expect, test } from 'vitest';
import { checkDocument, isDocumentRow } from './document.ts';

const text = '😀 한빛전자는 서지우가 세웠다.';
const entities = [
  { word: '한빛전자', start: 2, end: 5, type: 'ORG' },
  { word: '서지우', start: 8, end: 10, type: 'PER' },
];

test('a row of documents: entities in code points, triples of their indices', () => {
  expect(checkDocument({ id: 7, text, entities, relations: [[0, 'org:founded_by', 1]] }, 'f:1')).toEqual({
    document: { id: '7', text, entities, relations: [[0, 'org:founded_by', 1]], unsure: [], source: null },
  });
  expect(checkDocument({ sentence: text }, 'f:1')).toEqual({
    document: { id: 'f:1', text, entities: null, relations: null, unsure: [], source: null },
  });
});

test('entities in UTF-16 units, by their word alone, and in another normal form', () => {
  const of = (entity: object, offsets?: string) => checkDocument({ text, entities: [entity], offsets }, 'f:1');
  const found = { document: expect.objectContaining({ entities: [entities[0]] }) };
  expect(of({ start: 3, end: 7, type: 'ORG' }, 'utf16')).toEqual(found);
  expect(of({ word: '한빛전자', type: 'ORG' })).toEqual(found);
  expect(of({ word: '한빛전자'.normalize('NFD'), start: 2, end: 5, type: 'ORG' })).toEqual(found);
});

test.each([
  [{ id: 1 }, 'text', 'nothing (there is "id")'],
  [{ text, entities: [{ word: '가온', start: 2, end: 5 }] }, 'entities.0.word', '"가온"'],
  [{ text, entities: [{ word: '없음' }] }, 'entities.0.word', '"없음"'],
  [{ text, entities: [{ start: 2, end: 99 }] }, 'entities.0.end', '99'],
  [{ text, entities: [{ start: 2 }] }, 'entities.0.end', 'nothing'],
  [{ text, entities: [{ start: 1, end: 2 }], offsets: 'utf16' }, 'entities.0.start', '1'],
  [{ text, entities, relations: [[0, 'x', 2]] }, 'relations.0', '2'],
  [{ text, entities, unsure: [[1, 'x', 1]] }, 'unsure.0', '1 twice'],
  [{ text, spans: [] }, 'entities', 'nothing (there is "spans")'],
  ['가온', 'row', '"가온"'],
])('%j is refused for %s', (row, field, found) => {
  expect(checkDocument(row, 'f:1')).toEqual({ problems: [expect.objectContaining({ field, found })] });
});

test('documents are told from rows of two marked entities', () => {
  expect(isDocumentRow({ sentence: text, entities })).toBe(true);
  expect(isDocumentRow({ text })).toBe(true);
  expect(isDocumentRow({ sentence: text, subject_entity: {}, object_entity: {} })).toBe(false);
  expect(isDocumentRow({ sentence: text, subject: 'a', object: 'b', label: 'c' })).toBe(false);
  expect(isDocumentRow([text])).toBe(false);
});
