import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readAnnotations, writeAnnotations } from '../src/base/data/convert.ts';
import { formatOfId } from '../src/base/data/formats/table.ts';
import { openRows } from '../src/base/data/openRows.ts';
import { file } from './support/dataFiles.ts';
import { lacksPython } from './support/needs.ts';
import { runPython } from './support/python.ts';

// Two invented texts as the tools themselves wrote them (tools/fixtures/annotation_tools.py), with emoji and Hanja outside the BMP.

const read = async (name: string) => {
  const opened = await openRows(fileURLToPath(new URL(`fixtures/annotations/${name}`, import.meta.url)));
  const { format, annotations, notes } = await readAnnotations(opened);
  if (annotations.kind === 'rows') throw new Error(`${name} holds rows.`);
  const named = annotations.documents.map(({ entities, relations }) => ({
    entities: entities.map(({ word, type }) => `${word}/${type}`),
    relations: relations?.map(({ subject, relation, object }) => [
      entities[subject]!.word,
      relation,
      entities[object]!.word,
    ]),
  }));
  return { format, named, note: notes.map(({ en }) => en).join('\n') };
};

const RELATIONS = [
  [
    ['나루결', 'org:founded', '2011년'],
    ['나루결', 'org:founded_by', '한세봄'],
    ['나루결', 'org:top_members/employees', '도윤서'],
  ],
  [
    ['𠮷다온', 'per:title', '작곡가'],
    ['𠮷다온', 'per:product', '봄, 그리고 비'],
  ],
];
const ENTITIES = [
  ['나루결/ORG', '2011년/DAT', '한세봄/PER', '도윤서/PER'],
  ['작곡가/POH', '𠮷다온/PER', '봄, 그리고 비/POH'],
];

test.each([
  ['brat', 'brat', 'code points, end exclusive'],
  ['doccano.jsonl', 'doccano', 'code points, end exclusive'],
  ['label-studio.json', 'label-studio', 'UTF-16 units, end exclusive'],
])('%s: entities and relations, and how its offsets count', async (name, format, how) => {
  const found = await read(name);
  expect(found.format).toBe(format);
  expect(found.note).toContain(how);
  expect(found.named.map(({ entities }) => entities)).toEqual(ENTITIES);
  expect(found.named.map(({ relations }) => relations)).toEqual(RELATIONS);
});

test('spaCy’s tokens keep particles, so that entities are whole tokens; relations as Prodigy lays them out', async () => {
  const prodigy = await read('prodigy.jsonl');
  expect(prodigy.format).toBe('spacy');
  expect(prodigy.note).toContain('code points, end exclusive (checked against 7 words)');
  expect(prodigy.named.map(({ relations }) => relations?.map(([, relation]) => relation))).toEqual(
    RELATIONS.map((list) => list.map(([, relation]) => relation)),
  );
  const spacy = await read('spacy.jsonl');
  expect(spacy.named.map(({ entities }) => entities)).toEqual(prodigy.named.map(({ entities }) => entities));
});

test.skipIf(lacksPython('spacy'))(
  'spaCy finds the spans and relations of a file that korex wrote, token by token',
  async () => {
    const opened = await openRows(fileURLToPath(new URL('fixtures/annotations/label-studio.json', import.meta.url)));
    const { annotations } = await readAnnotations(opened);
    const { files, lost } = await writeAnnotations(annotations, formatOfId('spacy', '--to'), { out: 'x.jsonl' });
    expect(lost).toEqual([]);
    const path = file('korex.jsonl', files[0]!.content);
    const read = JSON.parse(runPython('tools/fixtures/annotation_tools.py', 'read', 'spacy', path)) as {
      readonly entities: readonly (readonly string[])[];
      readonly relations: readonly (readonly string[])[];
    }[];
    expect(read.map(({ entities }) => entities.map((entity) => entity.join('/')))).toEqual(ENTITIES);
    // Prodigy ties a relation to the last token of each entity.
    const last = (words: string) => words.split(' ').at(-1);
    expect(read.map(({ relations }) => relations)).toEqual(
      RELATIONS.map((list) => list.map(([subject, relation, object]) => [last(subject!), relation, last(object!)])),
    );
  },
);
