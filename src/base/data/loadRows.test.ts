import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXPECTED, errorOf, jsonFile, ROW, ROWS } from '../../../test/support/dataFiles.ts';
import { loadRows, loadUnlabelledRows } from './loadRows.ts';

const at = (word: string, start_idx: number, end_idx: number, type: string | null = 'PER') => ({
  subject_entity: { word, start_idx, end_idx, type },
});
const length = [...ROW.sentence].length;

test.each<[name: string, row: unknown, problem: string]>([
  ['no object', null, 'row: found null; expected an object {guid, sentence, subject_entity, object_entity'],
  [
    'missing sentence',
    { ...ROW, sentence: undefined },
    'sentence: found nothing; expected a text that is not empty or blank',
  ],
  ['empty sentence', { ...ROW, sentence: '' }, 'sentence: found ""; expected a text that is not empty or blank'],
  ['blank sentence', { ...ROW, sentence: ' \n' }, 'sentence: found " \\n"; expected a text that is not empty or blank'],
  ['half a character', { ...ROW, sentence: '나\ud83c루' }, 'sentence: found "나\\ud83c루"; expected well-formed text'],
  ['no entity', { ...ROW, object_entity: null }, 'object_entity: found null; expected an object {word, start_idx'],
  [
    'offset as text',
    { ...ROW, ...at('나루결', 'eleven' as never, 13) },
    'subject_entity.start_idx: found "eleven"; expected a',
  ],
  [
    'negative offset',
    { ...ROW, ...at('나루결', -1, 13) },
    'subject_entity.start_idx: found -1; expected a whole number',
  ],
  ['broken offset', { ...ROW, ...at('나루결', 1.5, 13) }, 'subject_entity.start_idx: found 1.5; expected a whole'],
  ['exclusive end', { ...ROW, ...at('나루결', 11, 14) }, 'end_idx: found 14; expected 13, where the last character of'],
  ['UTF-16 units', { ...ROW, ...at('나루결', 12, 14) }, 'start_idx: found 12; expected 11 (offsets count code points'],
  ['start behind the end', { ...ROW, ...at('나루결', 99, 101) }, `start_idx: found 99; expected at most ${length - 1}`],
  ['end behind the end', { ...ROW, ...at('세웠', 9, 99) }, `end_idx: found 99; expected 9 to ${length - 1} (the`],
  ['end before start', { ...ROW, ...at('나루', 9, 5) }, `end_idx: found 5; expected 9 to ${length - 1}`],
  [
    'another word',
    { ...ROW, ...at('나무결', 11, 13) },
    'word: found "나무결"; expected "나루결", the text at 11 to 13',
  ],
  ['overlap', { ...ROW, ...at('세봄', 21, 22) }, 'object_entity: found "한세봄" at 20 to 22; expected a place outside'],
  ['no label', { ...ROW, label: null }, 'label: found nothing; expected the name of a relation'],
  ['a list as label', { ...ROW, label: [1] }, 'label: found [1]; expected the name of a relation'],
  ['a list as guid', { ...ROW, guid: [1] }, 'guid: found [1]; expected a text or a whole number, or nothing'],
])('%s', async (_, row, problem) => {
  const path = jsonFile([row]);
  const message = await errorOf(path);
  expect(message).toContain('rows.json: 1 of 1 rows is invalid (rows count from 1).');
  expect(message).toContain(problem);
  expect(message.split('\n')).toHaveLength(3);
});

test('labels and types must be known where a list or the caller names them', async () => {
  const list = { relations: ['no_relation', 'org:founded_by'], entity_types: ['ORG', 'PER'] };
  const typo = jsonFile(
    [{ ...ROW, label: 'org:founded_bi', subject_entity: { ...ROW.subject_entity, type: 'ORC' } }],
    list,
  );
  const message = await errorOf(typo);
  expect(message).toContain('label: found "org:founded_bi"; expected one of "no_relation", "org:founded_by"');
  expect(message).toContain('subject_entity.type: found "ORC"; expected one of "ORG", "PER"');
  const { labelSet, entityTypes } = await loadRows(jsonFile([ROW], list));
  expect({ labelSet, entityTypes }).toEqual({
    labelSet: { labels: list.relations, noRelation: 'no_relation' },
    entityTypes: list.entity_types,
  });
  const many = { labels: Array.from({ length: 20 }, (_, i) => `relation_number_${i}`), noRelation: null };
  expect(await errorOf(jsonFile([{ ...ROW, label: 'relation_numbr_7' }]), { labelSet: many })).toContain(
    'expected one of the 20 known, perhaps "relation_number_7"',
  );
  expect(await errorOf(jsonFile([ROW]), { entityTypes: [] })).toContain('type: found "ORG"; expected one of');
});

test('a type may be missing or null; guid and source too', async () => {
  const { guid: _guid, source: _source, ...row } = ROW;
  const { type: _type, ...subject_entity } = ROW.subject_entity;
  const path = jsonFile([{ ...row, subject_entity, object_entity: { ...ROW.object_entity, type: null } }]);
  const { rows, entityTypes } = await loadRows(path);
  expect(rows[0]).toMatchObject({
    guid: 'rows.json:1',
    source: null,
    subject: { type: null },
    object: { type: null },
  });
  expect(entityTypes).toEqual([]);
});

test('a guid is unique, whole numbers are text', async () => {
  const path = jsonFile([{ ...ROW, guid: 7 }, ROW, { ...ROW, guid: '7' }]);
  expect(await errorOf(path)).toContain(
    'row 3, guid: found "7"; expected a guid that no other row has (row 1 has this',
  );
});

test('unlabelled rows are for predictions', async () => {
  const { rows, labelSet } = await loadUnlabelledRows(
    jsonFile([
      { ...ROW, label: undefined },
      { ...ROW, guid: 'b' },
    ]),
  );
  expect(rows.map(({ label }) => label)).toEqual([null, 'org:founded_by']);
  expect(labelSet.labels).toEqual(['org:founded_by']);
});

test('the first 20 problems are listed, the rest counted; one of many rows once', async () => {
  const bad = Array.from({ length: 33 }, (_, i) => ({
    ...ROW,
    guid: `g${i}`,
    subject_entity: { ...ROW.subject_entity, word: '없는 말', start_idx: i, end_idx: i + 3 },
  }));
  const message = await errorOf(jsonFile([...ROWS, ...bad]));
  expect(message).toContain('33 of 37 rows are invalid');
  expect(message.match(/ {2}row \d+, subject_entity/g)).toHaveLength(20);
  expect(message).toContain('row 24, subject_entity.word: found "없는 말"');
  expect(message).toContain('  … and 13 more rows');
  const blank = await errorOf(jsonFile([...ROWS, ...bad.map((row) => ({ ...row, sentence: '' }))]));
  expect(blank).toContain(
    '  rows 5, 6, 7 and 30 more, sentence: found ""; expected a text that is not empty or blank\n',
  );
});

test('skip leaves bad rows out with reasons, unless nothing remains', async () => {
  const bad = { ...ROW, guid: 'bad', sentence: '' };
  const { rows, rejected, file } = await loadRows(jsonFile([bad, ...ROWS]), { onBadRow: 'skip' });
  expect(rows).toEqual(EXPECTED);
  expect(file.rows).toBe(ROWS.length);
  const expected = { en: 'a text that is not empty or blank', ko: '비어 있지 않은 글' };
  const problems = [{ field: 'sentence', found: { en: '""', ko: '""' }, expected }];
  expect(rejected).toEqual([{ file: 'rows.json', row: 1, problems, value: bad }]);
  expect(await errorOf(jsonFile([bad]), { onBadRow: 'skip' })).toContain('1 of 1 rows is invalid');
});

test.each([
  [{ relations: ['a'] }, 'relations: expected at least two relations'],
  [{ relations: ['a', 'a'] }, 'relations: a name occurs twice'],
  [{ labels: ['a', 'b'] }, 'relations: '],
  [{ relations: ['a', 'b'], no_relation: 'c' }, 'no_relation is "c", which is not among the relations'],
  [{ relations: ['a', 'b'], types: [] }, 'Unrecognized key: "types"'],
])('relation_list.json %j', async (list, message) => {
  expect(await errorOf(jsonFile([ROW], list))).toContain(message);
});

test('relation_list.json may name the relation that means none', async () => {
  const list = { relations: ['org:founded_by', '무관'], no_relation: '무관' };
  expect((await loadRows(jsonFile([ROW], list))).labelSet).toEqual({ labels: list.relations, noRelation: '무관' });
});

test('whatever a row is, reading ends in rows or in a usage error', async () => {
  const options = { onBadRow: 'skip' } as const;
  const mutations = fc.record({ field: fc.constantFrom(...Object.keys(ROW)), value: fc.jsonValue() });
  await fc.assert(
    fc.asyncProperty(fc.array(mutations, { minLength: 1, maxLength: 5 }), async (list) => {
      const path = jsonFile([...ROWS, ...list.map(({ field, value }) => ({ ...ROW, guid: null, [field]: value }))]);
      const { rows, rejected } = await loadRows(path, options);
      expect(rows.length + rejected.length).toBe(ROWS.length + list.length);
      for (const { sentence, subject } of rows)
        expect([...sentence].slice(subject.start, subject.end + 1).join('')).toBe(subject.word);
    }),
    { numRuns: 50 },
  );
});
