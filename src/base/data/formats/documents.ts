import { z } from 'zod';
import type { AnnotatedDocument, DocumentRelation, Entity } from '../../core/types.ts';
import { type Problem, shown, shownApart } from '../checkRow.ts';
import { normalText, placesOf } from '../normalForm.ts';
import { codePointLength, overlap, spanText } from '../span.ts';

/** A text whose entities may be left to be found; null then. */
export type TextDocument = Omit<AnnotatedDocument, 'entities'> & {
  readonly entities: AnnotatedDocument['entities'] | null;
};

/** What a document is checked against; null allows all. */
export interface DocumentRules {
  readonly labels: ReadonlySet<string> | null;
  readonly entityTypes: ReadonlySet<string> | null;
}

type Checked<Found> = { readonly document: Found } | { readonly problems: readonly Problem[] };
export type CheckedDocument = Checked<AnnotatedDocument>;

/** What a line of a file of documents looks like, for messages. */
export const DOCUMENT_LAYOUT = {
  en: 'A document is {"id": "…", "text": "…", "entities": [{"word": "…", "start": 0, "end": 2, "type": "PER"}, …], "relations": [[0, "per:title", 1], …], "unsure": []}; offsets count characters (code points), the end inclusive.',
  ko: '문서 형식: {"id": "…", "text": "…", "entities": [{"word": "…", "start": 0, "end": 2, "type": "PER"}, …], "relations": [[0, "per:title", 1], …], "unsure": []}. 위치는 글자(코드 포인트)로 세고 끝 글자를 포함한다.',
};

const LONE_SURROGATE = /\p{Surrogate}/u;
const text = z.string().refine((value) => !LONE_SURROGATE.test(value), 'well-formed text');
const index = z.int().min(0);
const relation = z.union([
  z.tuple([index, text.min(1), index]).transform(([subject, name, object]) => ({ subject, relation: name, object })),
  z
    .object({ subject_index: index, relation: text.min(1), object_index: index })
    .transform(({ subject_index: subject, relation: name, object_index: object }) => ({
      subject,
      relation: name,
      object,
    })),
]);
/** Code points with an inclusive `end`, as KLUE counts, or UTF-16 units with an exclusive one, as JavaScript. */
const offsets = z.enum(['codepoint', 'utf16']).nullish();
const entity = z.object({
  word: text.min(1),
  start: index.nullish(),
  end: index.nullish(),
  type: text.min(1).nullish(),
  offsets,
});
const layout = z.looseObject({
  id: z.union([text.min(1), z.int().transform(String)]).nullish(),
  guid: z.union([text.min(1), z.int().transform(String)]).nullish(),
  text: text.nullish(),
  sentence: text.nullish(),
  source: text.nullish(),
  entities: z.array(entity).nullish(),
  relations: z.array(relation).nullish(),
  unsure: z.array(relation).nullish(),
  offsets,
});

/** What each field takes, in words; a field is named by its last part that is no number. */
const EXPECTED: Readonly<Record<string, string>> = {
  row: 'an object {id, text, entities, relations, unsure}',
  entities: 'a list of objects {word, start, end, type}',
  relations: 'a list of [subject, relation, object], both as places in "entities"',
  unsure: 'a list of [subject, relation, object], both as places in "entities"',
  start: 'a whole number, 0 or more',
  end: 'a whole number, 0 or more',
  offsets: '"codepoint" (end inclusive) or "utf16" (end exclusive)',
};

/** Keys under which other tools keep entities. */
const ENTITY_KEYS = /^(ents|spans|mentions|ner|named_entities|개체|개체명|엔티티)$/i;

/** Whether a line is laid out as a document, and not as a row with one marked pair. */
export const isDocument = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Array.isArray((value as Readonly<Record<string, unknown>>).entities) &&
  !Object.hasOwn(value, 'subject_entity');

/**
 * Checks one document: `text` or `sentence`, its entities (KLUE's offsets: code points, the end inclusive; without offsets
 * where a word occurs once), and relations as `[subject, relation, object]` or as `korex extract` writes them. A document
 * without an id gets `fallbackId`.
 */
export function checkDocument(value: unknown, rules: DocumentRules, fallbackId: string): CheckedDocument {
  const checked = checkText(value, rules, fallbackId);
  if ('problems' in checked) return checked;
  const { entities } = checked.document;
  if (entities === null) return { problems: [{ field: 'entities', found: 'nothing', expected: EXPECTED.entities! }] };
  return { document: { ...checked.document, entities } };
}

/** The same for a text whose entities may be left to be found. */
export function checkText(value: unknown, rules: DocumentRules, fallbackId: string): Checked<TextDocument> {
  const parsed = layout.safeParse(value);
  if (!parsed.success) return { problems: parsed.error.issues.map((issue) => layoutProblem(value, issue)) };
  const { id, guid, text: given, sentence, source, entities: raw, relations, unsure, offsets } = parsed.data;
  const content = given ?? sentence ?? '';
  if (content.trim() === '')
    return { problems: [{ field: 'text', found: shown(given ?? sentence), expected: 'a text that is not blank' }] };
  const elsewhere = Object.keys(parsed.data).find((key) => ENTITY_KEYS.test(key) && Array.isArray(parsed.data[key]));
  if (raw == null && elsewhere !== undefined) {
    const found = `nothing (there is ${shown(elsewhere)})`;
    return { problems: [{ field: 'entities', found, expected: EXPECTED.entities! }] };
  }
  const found = (raw ?? []).map((entity, i) =>
    placed(`entities.${i}`, { ...entity, offsets: entity.offsets ?? offsets }, content, rules),
  );
  const problems = found.flatMap((result) => ('problems' in result ? result.problems : []));
  const entities = found.flatMap((result) => ('entity' in result ? [result.entity] : []));
  if (problems.length === 0)
    problems.push(
      ...relationProblems('relations', relations ?? [], entities, rules),
      ...relationProblems('unsure', unsure ?? [], entities, rules),
    );
  if (problems.length > 0) return { problems };
  return {
    document: {
      id: id ?? guid ?? fallbackId,
      text: content,
      source: source ?? null,
      entities: raw == null ? null : entities,
      relations: relations ?? null,
      unsure: unsure ?? [],
    },
  };
}

function layoutProblem(value: unknown, { path, message }: z.core.$ZodIssue): Problem {
  const at = path.reduce<unknown>(
    (parent, name) => (parent as Record<PropertyKey, unknown> | null | undefined)?.[name],
    value,
  );
  const name = path.filter((part) => typeof part === 'string').at(-1) ?? 'row';
  return { field: path.map(String).join('.') || 'row', found: shown(at), expected: EXPECTED[name] ?? message };
}

function placed(
  field: string,
  { word, start, end: last, type, offsets }: z.output<typeof entity>,
  text: string,
  { entityTypes }: DocumentRules,
): { readonly entity: Entity } | { readonly problems: Problem[] } {
  const wrong = (name: string, found: string, expected: string) => ({
    problems: [{ field: `${field}.${name}`, found, expected }],
  });
  if (type != null && entityTypes !== null && !entityTypes.has(type))
    return wrong('type', shown(type), `one of ${[...entityTypes].map(shown).join(', ')}`);
  if (start == null) {
    const places = placesOf(word, text);
    const [place] = places;
    if (place === undefined) return wrong('word', shown(word), 'a word of the text');
    if (places.length > 1) return wrong('word', shown(word), `offsets, as the word occurs ${places.length} times`);
    return { entity: { ...spanOf(text, place.from, place.to), type: type ?? null } };
  }
  if (offsets === 'utf16') {
    const to = last ?? start + word.length;
    const span = spanOf(text, start, to);
    if (normalText(span.word) === normalText(word)) return { entity: { ...span, type: type ?? null } };
    return wrong(
      'word',
      shownApart(word, span.word),
      `${shownApart(span.word, word)}, the text at ${start} to ${to} (utf16)`,
    );
  }
  const length = codePointLength(text);
  const end = last ?? start + codePointLength(word) - 1;
  if (end < start || end >= length)
    return wrong('end', String(end), `${start} to ${length - 1} (the text has ${length} characters, counted from 0)`);
  const actual = spanText(text, start, end);
  if (normalText(actual) !== normalText(word))
    return wrong('word', shownApart(word, actual), `${shownApart(actual, word)}, the text at ${start} to ${end}`);
  return { entity: { word: actual, start, end, type: type ?? null } };
}

/** The stretch between two UTF-16 places, the end exclusive, in code points. */
function spanOf(text: string, from: number, to: number) {
  const word = text.slice(from, to);
  const start = codePointLength(text.slice(0, from));
  return { word, start, end: start + codePointLength(word) - 1 };
}

function relationProblems(
  list: string,
  relations: readonly DocumentRelation[],
  entities: readonly Entity[],
  { labels }: DocumentRules,
): Problem[] {
  const pairs = new Map<string, string>();
  return relations.flatMap(({ subject, relation, object }, i): Problem[] => {
    const field = `${list}.${i}`;
    const problem = (found: string, expected: string) => [{ field, found, expected }];
    const outside = [subject, object].find((at) => at >= entities.length);
    if (outside !== undefined)
      return problem(String(outside), `0 to ${entities.length - 1}, the places of the ${entities.length} entities`);
    if (labels !== null && !labels.has(relation))
      return problem(shown(relation), `one of the ${labels.size} relations`);
    if (subject === object) return problem(String(object), 'another entity than the subject');
    if (overlap(entities[subject]!, entities[object]!))
      return problem(shown(entities[object]!.word), `an entity apart from ${shown(entities[subject]!.word)}`);
    const key = `${subject} ${object}`;
    const first = pairs.get(key);
    pairs.set(key, relation);
    return list === 'relations' && first !== undefined
      ? problem(shown(relation), `one relation for a pair (it has ${shown(first)} already)`)
      : [];
  });
}
