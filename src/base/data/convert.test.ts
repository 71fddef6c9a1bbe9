import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnnotatedDocument, Entity, Example } from '../core/types.ts';
import type { Annotations, WrittenFile } from './annotations.ts';
import { readAnnotations, writeAnnotations } from './convert.ts';
import { memorySource } from './formats/byteSource.ts';
import type { Format } from './formats/format.ts';
import type { Loss } from './formats/losses.ts';
import type { ReadingName } from './formats/readings.ts';
import { FORMATS } from './formats/table.ts';
import { labelSetOf } from './labelSet.ts';
import { openSource, openTogether } from './openSource.ts';
import { codePointLength, overlap, spanText } from './span.ts';

// Emoji outside the BMP and of several code points, Hanja, Hangul in parts, line breaks, tabs, quotes, what formats escape.
const PIECES = [
  '한빛전자',
  '서지우',
  '😀',
  '👨‍👩‍👧',
  '金',
  '𠮷',
  '가',
  'ㄱ',
  '\n',
  '\t',
  ' ',
  '  ',
  '"',
  "'",
  ',',
  ';',
  '|',
  '\\',
  '[',
  ']',
  '_',
  '*',
  '->',
  '#',
  '=',
  'a',
  '1',
  '.',
  'O',
  '<',
  '&',
  '\r\n',
  'é',
];
const text = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter((joined) => joined.trim() !== '');
const NAMES = ['per:title', 'org:top_members/employees', '대표', 'a b', 'x_y', 'p|q', 'founded by;', 'no way'];
const TYPES = ['PER', 'ORG', '사람', 'a b', '*', '_'];

function entityOf(content: string, at: number, length: number, type: string | null): Entity {
  const size = codePointLength(content);
  const start = at % size;
  const end = Math.min(size - 1, start + (length % 5));
  return { word: spanText(content, start, end), start, end, type };
}

const document = (id: fc.Arbitrary<string>): fc.Arbitrary<AnnotatedDocument> =>
  fc
    .tuple(
      ...([id, text] as const),
      fc.option(fc.constantFrom('wikipedia', '위키', 'a,b')),
      fc.array(fc.tuple(fc.nat(40), fc.nat(9), fc.option(fc.constantFrom(...TYPES), { freq: 6 })), { maxLength: 4 }),
      fc.option(fc.array(fc.tuple(fc.nat(9), fc.constantFrom(...NAMES), fc.nat(9)), { maxLength: 4 })),
      fc.boolean(),
    )
    .map(([id, text, source, spans, triples, isUnsure]) => {
      // White space alone is no entity: readers refuse it.
      const entities = spans
        .map(([at, length, type]) => entityOf(text, at, length, type))
        .filter(({ word }) => word.trim() !== '');
      const pairs = new Set<string>();
      const relations = (triples ?? []).flatMap(([s, relation, o]) => {
        const [subject, object] = [s % (entities.length || 1), o % (entities.length || 1)];
        const [a, b] = [entities[subject], entities[object]];
        if (!a || !b || overlap(a, b) || pairs.has(`${subject} ${object}`)) return [];
        pairs.add(`${subject} ${object}`);
        return [{ subject, relation, object }];
      });
      const unsure = isUnsure ? relations.slice(-1) : [];
      return {
        id,
        text,
        source,
        entities,
        relations: triples && relations.slice(0, relations.length - unsure.length),
        unsure,
      };
    });
const documents = fc
  .array(document(fc.constantFrom('doc', '문서-1', 'a/b', 'x~1', '7', ' c')), { minLength: 1, maxLength: 3 })
  .map((list) => list.map((one, i) => ({ ...one, id: `${one.id}${i}` })));

/** The same annotations written the same way: entities in the order of their places. */
function canonical({ id, text, source, entities, relations, unsure }: AnnotatedDocument) {
  const key = ({ start, end, type }: Entity) => JSON.stringify([start, end, type]);
  const named = (list: AnnotatedDocument['unsure']) =>
    list
      .map(({ subject, relation, object }) => `${key(entities[subject]!)} ${relation} ${key(entities[object]!)}`)
      .sort();
  return {
    id,
    text,
    source,
    entities: entities.map(key).sort(),
    relations: relations && named(relations),
    unsure: named(unsure),
  };
}

const encoder = new TextEncoder();

async function readBack(files: readonly WrittenFile[], format: Format, offsets: ReadingName | null) {
  const bytes = (content: string | Uint8Array) => (typeof content === 'string' ? encoder.encode(content) : content);
  if (format.write?.extension === '') {
    const contents = new Map(files.map(({ name, content }) => [name, content]));
    const parts = files
      .filter(({ name }) => !name.endsWith('.txt'))
      .map(({ name, content }) => ({
        ...{ name, source: memorySource(bytes(content), name) },
        beside: async (other: string) => (contents.has(other) ? String(contents.get(other)) : null),
      }));
    return readAnnotations(await openTogether(parts, 'folder', { offsets }));
  }
  const name = `file${format.write?.extension}`;
  return readAnnotations(
    await openSource(memorySource(bytes(files[0]!.content), name), name, { offsets, from: format.id }),
    { offsets },
  );
}

/** Formats whose files have no words, so that emoji may let their offsets be read in two ways. */
const WORDLESS: Readonly<Record<string, ReadingName>> = { doccano: 'codepoint-exclusive', tacred: 'token-inclusive' };
const DOCUMENTS = FORMATS.filter(({ write }) => write?.holds === 'documents');
const ROWS = FORMATS.filter(({ write }) => write?.holds === 'rows');

async function thereAndBack(
  annotations: Annotations,
  format: Format,
): Promise<{ back: Annotations; lost: readonly Loss[] }> {
  const written = await writeAnnotations(annotations, format, { out: 'x', pairs: 'all' });
  if (written.files.length === 0) return { back: annotations, lost: written.lost };
  const read = await readBack(written.files, format, WORDLESS[format.id] ?? null);
  expect(read.rejected).toEqual([]);
  return { back: read.annotations, lost: [...written.lost, ...read.lost] };
}

describe.each(DOCUMENTS.map((format) => [format.id, format] as const))('%s', (_, format) => {
  test('any texts come back as they were, or what was lost is named', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (list) => {
        const { back, lost } = await thereAndBack({ kind: 'documents', documents: list }, format);
        if (lost.length > 0) return;
        expect(back.kind === 'documents' && back.documents.map(canonical)).toEqual(list.map(canonical));
      }),
      { numRuns: 300 },
    );
  });
});

test('a word that stands where either way of counting has it comes back from Label Studio’s layout', async () => {
  const format = DOCUMENTS.find(({ id }) => id === 'label-studio')!;
  const entities = [{ word: 'a', start: 1, end: 1, type: 'ORG' }];
  const text = { id: 'x', text: '😀aaa', source: null, entities, relations: null, unsure: [] };
  const { back } = await thereAndBack({ kind: 'documents', documents: [text] }, format);
  expect(back.kind === 'documents' && back.documents[0]!.entities).toEqual(entities);
});

const row = document(fc.constant('x')).filter(
  ({ entities }) => entities.length > 1 && !overlap(entities[0]!, entities[1]!),
);
const rows = fc
  .array(fc.tuple(row, fc.option(fc.constantFrom('no_relation', ...NAMES), { freq: 5 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list): Example[] =>
    list.map(([{ text: sentence, source, entities }, label], i) => ({
      ...{ guid: `row-${i}`, sentence, subject: entities[0]!, object: entities[1]!, label, source },
    })),
  );

describe.each(ROWS.map((format) => [format.id, format] as const))('%s', (_, format) => {
  test('any rows come back as they were, or what was lost is named', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        // A workbook has no carriage returns; writing one is refused.
        fc.pre(format.id !== 'xlsx' || list.every(({ sentence }) => !sentence.includes('\r')));
        const labelSet = labelSetOf(list.flatMap(({ label }) => label ?? []));
        const { back, lost } = await thereAndBack({ kind: 'rows', rows: list, labelSet }, format);
        if (lost.length > 0) return;
        expect(back.kind === 'rows' && back.rows).toEqual(list);
      }),
      { numRuns: 300 },
    );
  });
});

test('texts as rows and back: all pairs, each once, or what was lost is named', async () => {
  const klue = FORMATS.find(({ id }) => id === 'klue')!;
  await fc.assert(
    fc.asyncProperty(documents, async (list) => {
      const there = await thereAndBack({ kind: 'documents', documents: list }, klue).catch(() => null);
      if (there === null) return;
      const back = await thereAndBack(there.back, FORMATS.find(({ id }) => id === 'documents')!);
      if (there.lost.length + back.lost.length > 0) return;
      expect(back.back.kind === 'documents' && back.back.documents.map(canonical)).toEqual(list.map(canonical));
    }),
    { numRuns: 40 },
  );
});
