import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spanText } from '../span.ts';
import type { EntitySentence } from './entitySentence.ts';
import { entityTypesOf, splitSentences } from './loadEntities.ts';
import { readEntityFile } from './readEntities.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-entities-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (name: string, content: string): Promise<EntitySentence[]> => {
  await writeFile(join(folder, name), content);
  return readEntityFile(join(folder, name));
};
const named = ({ entities }: EntitySentence) => entities.map(({ word, type }) => `${word}/${type}`);

// The same invented sentence in each layout.
const SENTENCE = '🙂 한빛전자 이도현 대표는 9시에 왔다.';
const characters = [...SENTENCE].map((character, i) => {
  const tag = i === 2 ? 'B-OG' : i < 6 && i > 2 ? 'I-OG' : i === 7 ? 'B-PS' : i === 8 || i === 9 ? 'I-PS' : 'O';
  return `${character}\t${i === 15 ? 'B-TI' : i === 16 ? 'I-TI' : tag}`;
});

test('KLUE-NER: characters with their tags, white space too; types as those of KLUE-RE, times left out', async () => {
  const block = `## id-1\t<${SENTENCE}>\n${characters.join('\n')}\n`;
  const [first, second] = await read('ner.tsv', `${block}\n${block.replace('id-1', 'id-2')}`);
  expect(first).toMatchObject({ id: 'id-1', sentence: SENTENCE, partial: false, weight: 1 });
  expect(second!.id).toBe('id-2');
  expect(named(first!)).toEqual(['한빛전자/ORG', '이도현/PER']);
  expect(first!.entities[0]).toMatchObject({ start: 2, end: 5 });
});

test('konne: the classes that are types of KLUE-RE, and of nested ones the longest', async () => {
  const label = [
    [2, 4, 'LC_OTHERS'],
    [2, 6, 'OGG_ECONOMY'],
    [7, 10, 'PS_NAME'],
    [11, 13, 'CV_POSITION'],
    [15, 17, 'TI_HOUR'],
    [0, 1, 'CV_FOOD'],
  ];
  const [row] = await read('konne.jsonl', JSON.stringify({ id: 3, klue_id: 'k-3', text: SENTENCE, label }));
  expect(row!.id).toBe('k-3');
  expect(named(row!)).toEqual(['한빛전자/ORG', '이도현/PER', '대표/POH']);
});

test('CoNLL: a token a line, the tag last; tokens are joined by spaces', async () => {
  const text = '-DOCSTART- -X- O\n\n한빛전자 NNP B-ORG\n이도현 NNP B-PER\n왔다 VV O\n\n서울 NNP I-LOC\n';
  const [first, second] = await read('c.conll', text);
  expect(first!.sentence).toBe('한빛전자 이도현 왔다');
  expect(named(first!)).toEqual(['한빛전자/ORG', '이도현/PER']);
  expect(named(second!)).toEqual(['서울/LOC']);
});

test('documents: entities with types; a weight, and whether there may be other entities', async () => {
  const entity = { word: '한빛전자', start: 2, end: 5, type: 'ORG' };
  const rows = await read(
    'd.jsonl',
    [
      { id: 'a', sentence: SENTENCE, entities: [entity], weight: 2 },
      { text: SENTENCE },
      { text: SENTENCE, entities: [], partial: true },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n'),
  );
  expect(rows.map(({ id, partial, weight }) => [id, partial, weight])).toEqual([
    ['a', false, 2],
    ['d.jsonl:2', true, 1],
    ['d.jsonl:3', true, 1],
  ]);
});

test('KLUE-RE: the two entities of each row are known, rows of a sentence are put together', async () => {
  const entity = (word: string, type: string) => {
    const start = [...SENTENCE.slice(0, SENTENCE.indexOf(word))].length;
    return { word, start_idx: start, end_idx: start + [...word].length - 1, type };
  };
  const row = (guid: string, object: object) => ({
    ...{ guid, sentence: SENTENCE, subject_entity: entity('한빛전자', 'ORG'), object_entity: object, label: 'x' },
  });
  const rows = await read(
    'train.json',
    JSON.stringify([row('r-1', entity('이도현', 'PER')), row('r-2', entity('대표', 'POH'))]),
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ id: 'r-1', partial: true });
  expect(named(rows[0]!)).toEqual(['한빛전자/ORG', '이도현/PER', '대표/POH']);
  for (const { word, start, end } of rows[0]!.entities) expect(spanText(SENTENCE, start, end)).toBe(word);
});

describe('what cannot be read is named with its place', () => {
  const overlapping = [
    { word: '한빛전자', start: 2, end: 5, type: 'ORG' },
    { word: '전자', start: 4, end: 5, type: 'ORG' },
  ];
  test.each([
    ['bad.tsv', '## id\n가\tO\n나\tX-PS\n', 'line 3: tag is "X-PS"'],
    ['bad.conll', '가 O\n나\n', 'line 2: tag is "나"'],
    ['bad.jsonl', '{"text": "가나", "entities": []}\n{"text": ', 'line 2 is no JSON'],
    [
      'typeless.jsonl',
      '{"text": "가나", "entities": [{"word": "가", "start": 0, "end": 0}]}',
      'entities.0.type is missing',
    ],
    ['twice.jsonl', JSON.stringify({ text: SENTENCE, entities: overlapping }), 'a list with overlapping ones'],
    ['konne2.jsonl', '{"id": 1, "text": "가", "label": [[0, "x", "PS"]]}', 'label.0.1'],
    ['other.txt', 'just a text without tags\n', 'no format of entities'],
  ])('%s', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });
});

test('validation sentences stay so whatever is added, and stand on one side only', () => {
  const sentence = (i: number, partial = false): EntitySentence => ({
    ...{ id: `${i}`, sentence: `문장 ${i}`, partial, weight: 1 },
    entities: [{ word: '문장', start: 0, end: 1, type: i % 2 ? 'WORK' : 'PER' }],
  });
  const rows = Array.from({ length: 400 }, (_, i) => sentence(i, i >= 300));
  const { train, validation } = splitSentences([...rows, ...rows.slice(0, 50)], 0.1, 1);
  expect(validation.length).toBeGreaterThan(15);
  expect(validation.length).toBeLessThan(60);
  expect(validation.every(({ partial }) => !partial)).toBe(true);
  const texts = new Set(train.map((row) => row.sentence));
  expect(validation.some((row) => texts.has(row.sentence))).toBe(false);
  const again = splitSentences(rows.slice(0, 200), 0.1, 1).validation;
  expect(again.map(({ id }) => id)).toEqual(
    splitSentences(rows, 0.1, 1)
      .validation.filter(({ id }) => Number(id) < 200)
      .map(({ id }) => id),
  );
  expect(entityTypesOf(rows)).toEqual(['PER', 'WORK']);
});
