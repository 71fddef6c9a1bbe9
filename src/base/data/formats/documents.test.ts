import { expect, it } from 'vitest';
import { checkDocument, checkText, isDocument } from './documents.ts';

const RULES = { labels: new Set(['no_relation', 'per:title']), entityTypes: new Set(['PER', 'POH']) };
const TEXT = '가수 🎤민아와 한별';
const ENTITIES = [
  { word: '가수', start: 0, end: 1, type: 'POH' },
  { word: '민아', start: 4, end: 5, type: 'PER' },
  { word: '한별', type: 'PER' },
];
const problems = (value: object) => {
  const checked = checkDocument({ text: TEXT, entities: ENTITIES, ...value }, RULES, 'f:1');
  return 'problems' in checked ? checked.problems : [];
};

it('reads both layouts of a relation and finds entities without offsets', () => {
  const relations = [[1, 'per:title', 0], { subject_index: 2, relation: 'per:title', object_index: 0 }];
  const checked = checkDocument({ sentence: TEXT, entities: ENTITIES, relations }, RULES, 'f:1');
  expect(checked).toEqual({
    document: {
      id: 'f:1',
      text: TEXT,
      source: null,
      entities: [...ENTITIES.slice(0, 2), { word: '한별', start: 8, end: 9, type: 'PER' }],
      relations: [
        { subject: 1, relation: 'per:title', object: 0 },
        { subject: 2, relation: 'per:title', object: 0 },
      ],
      unsure: [],
    },
  });
});

it('leaves relations unknown where a document has none annotated', () => {
  expect(checkDocument({ id: 7, text: TEXT, entities: [] }, RULES, 'f:1')).toMatchObject({
    document: { id: '7', relations: null },
  });
});

it.each([
  [{ text: ' ' }, 'text', 'a text that is not blank'],
  [{ entities: [{ word: '없음' }] }, 'entities.0.word', 'a word of the text'],
  [{ entities: [{ word: '민아', start: 5, end: 6 }] }, 'entities.0.word', '"아와", the text at 5 to 6'],
  [
    { entities: [{ word: '한별', start: 8, end: 10 }] },
    'entities.0.end',
    '8 to 9 (the text has 10 characters, counted from 0)',
  ],
  [{ entities: [{ word: '민아', type: 'DOG' }] }, 'entities.0.type', 'one of "PER", "POH"'],
  [{ relations: [[0, 'per:title', 3]] }, 'relations.0', '0 to 2, the places of the 3 entities'],
  [{ relations: [[1, 'per:job', 0]] }, 'relations.0', 'one of the 2 relations'],
  [{ relations: [[1, 'per:title', 1]] }, 'relations.0', 'another entity than the subject'],
  [
    {
      relations: [
        [1, 'per:title', 0],
        [1, 'per:title', 0],
      ],
    },
    'relations.1',
    'one relation for a pair (it has "per:title" already)',
  ],
  [{ unsure: [[1]] }, 'unsure.0', 'a list of [subject, relation, object], both as places in "entities"'],
])('says what is wrong with %j', (value, field, expected) => {
  expect(problems(value)).toMatchObject([{ field, expected: { en: expected } }]);
});

it('tells a document from a row', () => {
  expect(isDocument({ text: TEXT, entities: [] })).toBe(true);
  expect(isDocument({ sentence: TEXT, subject_entity: {}, object_entity: {} })).toBe(false);
});

it('reads texts whose entities are to be found, and offsets in UTF-16 units', () => {
  const of = (value: object) => checkText({ text: TEXT, ...value }, RULES, 'f:1');
  expect(of({})).toMatchObject({ document: { entities: null, relations: null } });
  const utf16 = [{ word: '민아', start: 5, end: 7, type: 'PER' }];
  const found = { document: { entities: [ENTITIES[1]] } };
  expect(of({ entities: utf16, offsets: 'utf16' })).toMatchObject(found);
  expect(of({ entities: [{ ...utf16[0], offsets: 'utf16' }] })).toMatchObject(found);
  expect(of({ entities: utf16 })).toMatchObject({ problems: [{ field: 'entities.0.word' }] });
  expect(of({ entities: [{ ...utf16[0], start: 4 }], offsets: 'utf16' })).toMatchObject({
    problems: [{ field: 'entities.0.word' }],
  });
  expect(of({ spans: [] })).toMatchObject({
    problems: [{ field: 'entities', found: { en: 'nothing (there is "spans")', ko: '없음(있는 것: "spans")' } }],
  });
  expect(checkDocument({ text: TEXT }, RULES, 'f:1')).toMatchObject({ problems: [{ field: 'entities' }] });
});
