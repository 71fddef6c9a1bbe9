import { z } from 'zod';
import { inBoth } from '../../core/errors.ts';
import { issueWords } from '../../core/issueWords.ts';
import type { AnnotatedDocument, DocumentRelation, Entity, Localized } from '../../core/types.ts';
import {
  AN_OFFSET,
  foundValue,
  nothingBeside,
  oneOf,
  type Problem,
  problemAt,
  shown,
  shownApart,
  textAt,
} from '../checkRow.ts';
import { normalText, placesOf } from '../normalForm.ts';
import { codePointLength, codePointsBefore, overlap, spanText } from '../span.ts';

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
const TRIPLES: Localized = {
  en: 'a list of [subject, relation, object], both as places in "entities"',
  ko: '[주어, 관계, 목적어]의 목록(주어와 목적어는 "entities"에서의 차례)',
};
const ENTITIES: Localized = {
  en: 'a list of objects {word, start, end, type}',
  ko: '객체 {word, start, end, type}의 목록',
};
const EXPECTED: Readonly<Record<string, Localized>> = {
  row: { en: 'an object {id, text, entities, relations, unsure}', ko: '객체 {id, text, entities, relations, unsure}' },
  entities: ENTITIES,
  relations: TRIPLES,
  unsure: TRIPLES,
  start: AN_OFFSET,
  end: AN_OFFSET,
  offsets: {
    en: '"codepoint" (end inclusive) or "utf16" (end exclusive)',
    ko: '"codepoint"(end 포함)나 "utf16"(end 제외)',
  },
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
  if (entities === null) return { problems: [problemAt('entities', foundValue(undefined), ENTITIES)] };
  return { document: { ...checked.document, entities } };
}

/** The same for a text whose entities may be left to be found. */
export function checkText(value: unknown, rules: DocumentRules, fallbackId: string): Checked<TextDocument> {
  const parsed = layout.safeParse(value);
  if (!parsed.success) return { problems: parsed.error.issues.map((issue) => layoutProblem(value, issue)) };
  const { id, guid, text: given, sentence, source, entities: raw, relations, unsure, offsets } = parsed.data;
  const content = given ?? sentence ?? '';
  if (content.trim() === '')
    return {
      problems: [
        problemAt('text', foundValue(given ?? sentence), { en: 'a text that is not blank', ko: '비어 있지 않은 글' }),
      ],
    };
  const elsewhere = Object.keys(parsed.data).find((key) => ENTITY_KEYS.test(key) && Array.isArray(parsed.data[key]));
  if (raw == null && elsewhere !== undefined) {
    return { problems: [problemAt('entities', nothingBeside(shown(elsewhere)), ENTITIES)] };
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

function layoutProblem(value: unknown, issue: z.core.$ZodIssue): Problem {
  const { path } = issue;
  const at = path.reduce<unknown>(
    (parent, name) => (parent as Record<PropertyKey, unknown> | null | undefined)?.[name],
    value,
  );
  const name = path.filter((part) => typeof part === 'string').at(-1) ?? 'row';
  return problemAt(path.map(String).join('.') || 'row', foundValue(at), EXPECTED[name] ?? issueWords(issue));
}

function placed(
  field: string,
  { word, start, end: last, type, offsets }: z.output<typeof entity>,
  text: string,
  { entityTypes }: DocumentRules,
): { readonly entity: Entity } | { readonly problems: Problem[] } {
  const wrong = (name: string, found: string, expected: Localized) => ({
    problems: [problemAt(`${field}.${name}`, found, expected)],
  });
  if (type != null && entityTypes !== null && !entityTypes.has(type))
    return wrong('type', shown(type), oneOf(entityTypes, type));
  if (start == null) {
    const places = placesOf(word, text);
    const [place] = places;
    if (place === undefined) return wrong('word', shown(word), { en: 'a word of the text', ko: '글에 있는 단어' });
    if (places.length > 1)
      return wrong('word', shown(word), {
        en: `offsets, as the word occurs ${places.length} times`,
        ko: `위치(단어가 ${places.length}번 나온다)`,
      });
    return { entity: { ...spanOf(text, place.from, place.to), type: type ?? null } };
  }
  if (offsets === 'utf16') {
    const to = last ?? start + word.length;
    const span = spanOf(text, start, to);
    if (normalText(span.word) === normalText(word)) return { entity: { ...span, type: type ?? null } };
    const counted = textAt(shownApart(span.word, word), start, to);
    return wrong(
      'word',
      shownApart(word, span.word),
      inBoth((lang) => `${counted[lang]} (utf16)`),
    );
  }
  const length = codePointsBefore(text, text.length);
  const end = last ?? start + codePointLength(word) - 1;
  if (end < start || end >= length)
    return wrong('end', String(end), {
      en: `${start} to ${length - 1} (the text has ${length} characters, counted from 0)`,
      ko: `${start}부터 ${length - 1}까지(글은 ${length}자이고 0부터 센다)`,
    });
  const actual = spanText(text, start, end);
  if (normalText(actual) !== normalText(word))
    return wrong('word', shownApart(word, actual), textAt(shownApart(actual, word), start, end));
  return { entity: { word: actual, start, end, type: type ?? null } };
}

/** The stretch between two UTF-16 places, the end exclusive, in code points. */
function spanOf(text: string, from: number, to: number) {
  const word = text.slice(from, to);
  const start = codePointsBefore(text, from);
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
    const problem = (found: string, en: string, ko: string) => [problemAt(field, found, { en, ko })];
    const outside = [subject, object].find((at) => at >= entities.length);
    if (outside !== undefined)
      return problem(
        String(outside),
        `0 to ${entities.length - 1}, the places of the ${entities.length} entities`,
        `0부터 ${entities.length - 1}까지(엔티티 ${entities.length}개의 차례)`,
      );
    if (labels !== null && !labels.has(relation))
      return problem(shown(relation), `one of the ${labels.size} relations`, `관계 ${labels.size}개 가운데 하나`);
    if (subject === object) return problem(String(object), 'another entity than the subject', '주어와 다른 엔티티');
    if (overlap(entities[subject]!, entities[object]!))
      return problem(
        shown(entities[object]!.word),
        `an entity apart from ${shown(entities[subject]!.word)}`,
        `${shown(entities[subject]!.word)} 밖의 엔티티`,
      );
    const key = `${subject} ${object}`;
    const first = pairs.get(key);
    pairs.set(key, relation);
    return list === 'relations' && first !== undefined
      ? problem(
          shown(relation),
          `one relation for a pair (it has ${shown(first)} already)`,
          `한 쌍에 관계 하나(이미 ${shown(first)}이 있다)`,
        )
      : [];
  });
}
