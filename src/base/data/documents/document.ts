import { z } from 'zod';
import type { Entity } from '../../core/types.ts';
import { type Problem, shown, shownApart } from '../checkRow.ts';
import { normalText, placesOf } from '../normalForm.ts';
import { codePointLength, spanText } from '../span.ts';

/** Subject and object as indices into a document's entities. */
export type Triple = readonly [subject: number, relation: string, object: number];

/** A text with what is known of it. */
export interface Document {
  readonly id: string;
  readonly text: string;
  /** Null where the row brings none, so that they are to be found. */
  readonly entities: readonly Entity[] | null;
  /** Null where the row is not labelled. */
  readonly relations: readonly Triple[] | null;
  /** Triples that are neither right nor wrong. */
  readonly unsure: readonly Triple[];
  readonly source: string | null;
}

/** A document whose entities and relations are known. */
export type LabelledDocument = Document & {
  readonly entities: readonly Entity[];
  readonly relations: readonly Triple[];
};

export type CheckedDocument = { readonly document: Document } | { readonly problems: readonly Problem[] };

const LONE_SURROGATE = /\p{Surrogate}/u;
const wellFormed = z
  .string()
  .refine((value) => !LONE_SURROGATE.test(value), 'well-formed text (it has half of a surrogate pair)');
const offset = z.int().min(0);
/** How offsets count: code points with an inclusive `end`, as KLUE; UTF-16 units with an exclusive `end`, as JavaScript. */
const offsets = z.enum(['codepoint', 'utf16']);
const entitySchema = z.looseObject({
  word: wellFormed.min(1).nullish(),
  start: offset.nullish(),
  end: offset.nullish(),
  type: wellFormed.nullish(),
  offsets: offsets.nullish(),
});
type RawEntity = z.output<typeof entitySchema>;
const tripleSchema = z.tuple([offset, wellFormed.min(1), offset]);
const documentSchema = z.looseObject({
  id: z.union([wellFormed.min(1), z.int().transform(String)]).nullish(),
  guid: z.union([wellFormed.min(1), z.int().transform(String)]).nullish(),
  text: wellFormed.nullish(),
  sentence: wellFormed.nullish(),
  entities: z.array(entitySchema).nullish(),
  relations: z.array(tripleSchema).nullish(),
  unsure: z.array(tripleSchema).nullish(),
  offsets: offsets.nullish(),
  source: wellFormed.nullish(),
});

/** What each field takes, in words; a field is named by the last part of its path that is no index. */
const EXPECTED: Readonly<Record<string, string>> = {
  row: 'an object {id, text, entities, relations, unsure}',
  id: 'a text or a whole number, or nothing',
  guid: 'a text or a whole number, or nothing',
  text: 'a text',
  sentence: 'a text',
  entities: 'objects {word, start, end, type}',
  relations: 'triples [subject, name, object] of indices into entities',
  unsure: 'triples [subject, name, object] of indices into entities',
  word: 'a text that is not empty',
  start: 'a whole number, 0 or more',
  end: 'a whole number, 0 or more',
  type: 'a text, or nothing',
  offsets: '"codepoint" (end inclusive) or "utf16" (end exclusive)',
  source: 'a text, or nothing',
};

/** Keys under which other tools keep entities. */
const ENTITY_KEYS = /^(ents|spans|mentions|ner|named_entities|ne|개체|개체명|엔티티)$/i;

/** Whether a row of a file is a document rather than a row of two marked entities. */
export const isDocumentRow = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const has = (key: string) => Object.hasOwn(value, key);
  const marked = ['subject_entity', 'object_entity', 'subject', 'object'].some(has);
  return !marked && (has('text') || (has('sentence') && (has('entities') || has('relations'))));
};

/**
 * Checks one row of documents: first its shape, then that its entities are where it says and its triples name them.
 *
 * An entity without offsets is found where its word occurs once; words count as the same where they look the same, e.g.
 * in another normal form. The entity has the word as the text writes it.
 */
export function checkDocument(value: unknown, fallbackId: string): CheckedDocument {
  const shape = documentSchema.safeParse(value);
  if (!shape.success) return { problems: shape.error.issues.map((issue) => shapeProblem(value, issue)) };
  const row = shape.data;
  const text = row.text ?? row.sentence;
  if (text == null) return { problems: [{ field: 'text', found: keysOf(row), expected: EXPECTED.text! }] };
  const problems: Problem[] = [];
  const elsewhere = Object.keys(row).find((key) => ENTITY_KEYS.test(key) && Array.isArray(row[key]));
  if (row.entities == null && elsewhere !== undefined)
    problems.push({
      field: 'entities',
      found: `nothing (there is ${shown(elsewhere)})`,
      expected: EXPECTED.entities!,
    });
  const entities = row.entities?.map((entity, i) => {
    const place = placed(`entities.${i}`, entity, text, entity.offsets ?? row.offsets ?? 'codepoint');
    if ('entity' in place) return place.entity;
    problems.push(place.problem);
    return null;
  });
  for (const name of ['relations', 'unsure'] as const)
    for (const [i, [subject, , object]] of (row[name] ?? []).entries()) {
      const last = (entities?.length ?? 0) - 1;
      if (Math.max(subject, object) > last)
        problems.push({
          field: `${name}.${i}`,
          found: `${Math.max(subject, object)}`,
          expected: last < 0 ? 'entities for it to name' : `an index into entities, 0 to ${last}`,
        });
      else if (subject === object)
        problems.push({ field: `${name}.${i}`, found: `${subject} twice`, expected: 'two entities' });
    }
  if (problems.length > 0) return { problems };
  return {
    document: {
      id: row.id ?? row.guid ?? fallbackId,
      text,
      entities: entities === undefined ? null : entities.filter((entity) => entity !== null),
      relations: row.relations ?? null,
      unsure: row.unsure ?? [],
      source: row.source ?? null,
    },
  };
}

type Placed = { readonly entity: Entity } | { readonly problem: Problem };

function placed(field: string, raw: RawEntity, text: string, offsets: 'codepoint' | 'utf16'): Placed {
  const { word, start, end } = raw;
  const type = raw.type == null || raw.type.trim() === '' ? null : raw.type;
  const wrong = (name: string, found: string, expected: string): Placed => ({
    problem: { field: `${field}.${name}`, found, expected },
  });
  if (start == null && end == null) {
    if (word == null) return wrong('word', 'nothing', 'the word, or start and end');
    const [place, ...others] = placesOf(word, text);
    if (place === undefined) return wrong('word', shown(word), 'a word of the text');
    if (others.length > 0) return wrong('word', shown(word), `start and end, as it occurs ${others.length + 1} times`);
    return { entity: { ...spanOf(text, place.from, place.to), type } };
  }
  if (start == null) return wrong('start', 'nothing', EXPECTED.start!);
  if (end == null) return wrong('end', 'nothing', EXPECTED.end!);
  const length = offsets === 'utf16' ? text.length : codePointLength(text);
  const last = offsets === 'utf16' ? end - 1 : end;
  if (start >= length) return wrong('start', `${start}`, `at most ${length - 1}, where the text ends`);
  if (last < start || last >= length) return wrong('end', `${end}`, `a place from ${start} to the end of the text`);
  const entity = offsets === 'utf16' ? spanOf(text, start, end) : { word: spanText(text, start, end), start, end };
  if (LONE_SURROGATE.test(entity.word)) return wrong('start', `${start}`, 'a place between two characters');
  if (word != null && normalText(word) !== normalText(entity.word))
    return wrong(
      'word',
      shownApart(word, entity.word),
      `${shownApart(entity.word, word)}, the text at ${start} to ${end}`,
    );
  return { entity: { ...entity, type } };
}

/** The stretch between two UTF-16 places, the end exclusive, in code points. */
function spanOf(text: string, from: number, to: number) {
  const word = text.slice(from, to);
  const start = codePointLength(text.slice(0, from));
  return { word, start, end: start + codePointLength(word) - 1 };
}

function shapeProblem(value: unknown, { path, code, message }: z.core.$ZodIssue): Problem {
  const found = path.reduce<unknown>((parent, key) => (parent as Record<PropertyKey, unknown> | null)?.[key], value);
  const name = path.findLast((key) => typeof key === 'string');
  return {
    field: path.map(String).join('.') || 'row',
    found: shown(found),
    expected: code === 'custom' ? message : EXPECTED[String(name ?? 'row')]!,
  };
}

function keysOf(row: object): string {
  const keys = Object.keys(row);
  return keys.length === 0 ? 'nothing' : `nothing (there is ${keys.slice(0, 12).map(shown).join(', ')})`;
}
