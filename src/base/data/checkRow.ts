import { z } from 'zod';
import { nearest } from '../core/nearest.ts';
import type { Entity, Example } from '../core/types.ts';
import { codePointsApart, looksLike, normalText, placesOf } from './normalForm.ts';
import { codePointLength, overlap, spanText } from './span.ts';

/** What is wrong with a field of a row. `expected` is in words, `found` as it stands in the file. */
export interface Problem {
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** What a row is checked against. */
export interface RowRules {
  /** Labels that a row may have; null allows all. */
  readonly labels: ReadonlySet<string> | null;
  /** Entity types that a row may have, beside none at all; null allows all. */
  readonly entityTypes: ReadonlySet<string> | null;
  /** Names of integer labels in id order; null: labels must be names. */
  readonly labelNames: readonly string[] | null;
  readonly label: 'required' | 'optional' | 'ignored';
}

export type CheckedRow = { readonly example: Example } | { readonly problems: readonly Problem[] };

/**
 * Checks one row in KLUE's layout: first its shape, then what it says. `fallbackGuid` is for a row without a guid.
 *
 * An entity without offsets is found where its word occurs once in the sentence. Words count as the same where they look
 * the same, e.g. in another normal form; the entity then has the word as the sentence writes it.
 */
export function checkRow(value: unknown, rules: RowRules, fallbackGuid: string): CheckedRow {
  const shape = rowSchema.safeParse(value);
  if (!shape.success) return { problems: shape.error.issues.map((issue) => shapeProblem(value, issue)) };
  const { guid, sentence, subject_entity, object_entity, source } = shape.data;
  const label = labelOf(value, shape.data.label ?? null, rules);
  const subject = placed('subject_entity', subject_entity, sentence);
  const object = placed('object_entity', object_entity, sentence);
  const problems = [
    ...label.problems,
    ...[subject, object].flatMap((found) => found.problems),
    ...typeProblems('subject_entity', subject_entity, rules),
    ...typeProblems('object_entity', object_entity, rules),
  ];
  if (problems.length > 0 || !subject.entity || !object.entity) return { problems };
  const example: Example = {
    guid: guid ?? fallbackGuid,
    sentence,
    subject: subject.entity,
    object: object.entity,
    label: label.name,
    source: source ?? null,
  };
  return overlap(example.subject, example.object) ? { problems: [overlapProblem(example)] } : { example };
}

/** A value as messages show it: JSON, cut after 60 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return codePointLength(text) > 60 ? `${spanText(text, 0, 58)}…` : text;
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const wellFormed = z
  .string()
  .refine(
    (value) => !LONE_SURROGATE.test(value),
    'well-formed text (it has bytes that are no characters, or half of a surrogate pair)',
  );
const text = wellFormed.min(1);
/** Digits in quotes are numbers, too: tables turned into JSON have them so. */
const offset = z.preprocess(
  (value) => (typeof value === 'string' && /^\s*\d+(\.0*)?\s*$/.test(value) ? Number(value) : value),
  z.int().min(0).nullish(),
);
const entitySchema = z.looseObject({
  word: text,
  start_idx: offset,
  end_idx: offset,
  type: wellFormed.nullish(),
});
type RawEntity = z.output<typeof entitySchema>;
const rowSchema = z.object({
  guid: z.union([text, z.int().transform(String)]).nullish(),
  sentence: wellFormed.refine((value) => value.trim() !== '', 'a text that is not empty or blank'),
  subject_entity: entitySchema,
  object_entity: entitySchema,
  label: z.union([wellFormed, z.int()]).nullish(),
  source: wellFormed.nullish(),
});

/** Texts that pandas and others write where there is nothing. */
export const isNothing = (value: string): boolean => /^(nan|null|<na>|#?n\/a)?$/i.test(value.trim());

/** What each field takes, in words; a field is named by the last part of its path. */
const EXPECTED: Readonly<Record<string, string>> = {
  row: 'an object {guid, sentence, subject_entity, object_entity, label, source}',
  guid: 'a text or a whole number, or nothing',
  sentence: 'a text that is not empty or blank',
  subject_entity: 'an object {word, start_idx, end_idx, type}',
  object_entity: 'an object {word, start_idx, end_idx, type}',
  word: 'a text that is not empty',
  start_idx: 'a whole number, 0 or more',
  end_idx: 'a whole number, 0 or more',
  type: 'a text, or nothing',
  label: 'the name of a relation',
  source: 'a text, or nothing',
};

function shapeProblem(value: unknown, { path, code, message }: z.core.$ZodIssue): Problem {
  const names = path.map(String);
  const at = (path: readonly string[]) =>
    path.reduce<unknown>((parent, name) => (parent as Record<string, unknown> | null)?.[name], value);
  const found = at(names);
  return {
    field: names.join('.') || 'row',
    found: found === undefined ? nothingBut(at(names.slice(0, -1)), names.length > 1) : shown(found),
    expected: code === 'custom' ? message : EXPECTED[names.at(-1) ?? 'row']!,
  };
}

const ROW_KEYS = ['guid', 'id', 'sentence', 'subject_entity', 'object_entity', 'label', 'relation', 'source'];
const ENTITY_KEYS = ['word', 'start_idx', 'end_idx', 'type'];

/** Names the keys that may hold what is missing. */
function nothingBut(parent: unknown, isEntity = false): string {
  const keys = typeof parent === 'object' && parent !== null && !Array.isArray(parent) ? Object.keys(parent) : [];
  const others = keys.filter((key) => !(isEntity ? ENTITY_KEYS : ROW_KEYS).includes(key));
  return others.length === 0 ? 'nothing' : `nothing (there is ${others.slice(0, 12).map(shown).join(', ')})`;
}

/** The Hub writes -1 where a label is held back. */
const NO_LABEL = -1;

/** The label's name, and what is wrong with it, if anything. Digits are an id, also where a table or pandas made text of it. */
function labelOf(row: unknown, raw: string | number | null, rules: RowRules) {
  if (rules.label === 'ignored') return { name: null, problems: [] };
  const isName = typeof raw === 'string' && (rules.labels?.has(raw) || !/^\s*-?\d+(\.0*)?\s*$/.test(raw));
  const label = raw === null || isName ? raw : Number(raw);
  const isMissing = label === NO_LABEL || label === null || (typeof label === 'string' && isUnnamed(label, rules));
  const wrong = (found: string, expected: string) => ({ name: null, problems: [{ field: 'label', found, expected }] });
  if (isMissing && rules.label === 'optional') return { name: null, problems: [] };
  if (isMissing)
    return wrong(raw === null ? nothingBut(row) : raw === NO_LABEL ? 'nothing' : shown(raw), 'the name of a relation');
  const name = typeof label === 'number' ? rules.labelNames?.[label] : label;
  if (name === undefined) return wrong(String(label), idRange(rules));
  if (rules.labels === null || rules.labels.has(name)) return { name, problems: [] };
  return wrong(shownIn(rules.labels, name), oneOf(rules.labels, name));
}

const isUnnamed = (label: string, { labels }: RowRules): boolean => isNothing(label) && !labels?.has(label);

const idRange = ({ labelNames }: RowRules): string =>
  labelNames
    ? `an id from 0 to ${labelNames.length - 1}`
    : 'the name of a relation (ids need their names in relation_list.json beside the file)';

/** Keys under which other tools keep the type of an entity. */
const TYPE_KEYS = /^(label|entity_?type|entity_?label|ner|ner_?type|tag|category|class|유형|타입|종류|개체유형)$/i;

function typeProblems(field: string, entity: RawEntity, { entityTypes }: RowRules): Problem[] {
  const type = typeOf(entity);
  const other = Object.keys(entity).find((key) => TYPE_KEYS.test(key) && typeof entity[key] === 'string');
  if (type === null && other !== undefined && entity.type === undefined) {
    const found = `nothing (there is ${shown(other)}: ${shown(entity[other])})`;
    return [{ field: `${field}.type`, found, expected: 'the type under the key "type"' }];
  }
  if (type === null || entityTypes === null || entityTypes.has(type)) return [];
  return [{ field: `${field}.type`, found: shownIn(entityTypes, type), expected: oneOf(entityTypes, type) }];
}

const typeOf = ({ type }: RawEntity): string | null =>
  type == null || isNothing(type) || type.trim() === 'None' ? null : type;

/** The entity at its place, or what keeps it from having one. */
function placed(
  field: string,
  entity: RawEntity,
  sentence: string,
): { readonly entity?: Entity; readonly problems: readonly Problem[] } {
  const { word, start_idx: start } = entity;
  const length = codePointLength(word);
  const end = entity.end_idx === undefined && start != null ? start + length - 1 : entity.end_idx;
  if (start == null && end == null) return found(field, entity, sentence);
  const missing = start == null ? 'start_idx' : end == null ? 'end_idx' : null;
  if (missing !== null || start == null || end == null) {
    const at = `${field}.${missing}`;
    return { problems: [{ field: at, found: nothingBut(entity, true), expected: EXPECTED.start_idx! }] };
  }
  const actual = spanText(sentence, start, end);
  const isSame = actual === word || (actual !== '' && normalText(actual) === normalText(word).trim());
  if (start <= end && isSame && end < codePointLength(sentence))
    return { entity: { word: actual, start, end, type: typeOf(entity) }, problems: [] };
  return { problems: [spanProblem(field, word, start, end, sentence)] };
}

/** The entity where its word occurs once. */
function found(field: string, entity: RawEntity, sentence: string): ReturnType<typeof placed> {
  const { word } = entity;
  const elsewhere = Object.keys(entity).filter((key) => !ENTITY_KEYS.includes(key) && isOffset(entity[key]));
  if (elsewhere.length > 0) {
    const at = `nothing (there is ${elsewhere.map((key) => `${shown(key)}: ${shown(entity[key])}`).join(', ')})`;
    return { problems: [{ field: `${field}.start_idx`, found: at, expected: 'offsets under start_idx and end_idx' }] };
  }
  // Cells of spreadsheets have spaces that nobody sees.
  const [place, ...others] = isNothing(word) ? [] : placesOf(sentence.includes(word) ? word : word.trim(), sentence);
  if (place === undefined)
    return {
      problems: [
        { field: `${field}.word`, found: shown(word), expected: `a text of the sentence${nearMiss(word, sentence)}` },
      ],
    };
  if (others.length > 0) {
    const places = [place, ...others].slice(0, 6).map(({ from }) => codePointLength(sentence.slice(0, from)));
    const expected = `offsets, as the word occurs ${others.length + 1} times, at ${places.join(', ')}`;
    return { problems: [{ field: `${field}.word`, found: shown(word), expected }] };
  }
  const actual = sentence.slice(place.from, place.to);
  const start = codePointLength(sentence.slice(0, place.from));
  const end = start + codePointLength(actual) - 1;
  return { entity: { word: actual, start, end, type: typeOf(entity) }, problems: [] };
}

/** What the sentence has in the place of a word that it lacks, where only letter case differs. */
function nearMiss(word: string, sentence: string): string {
  const lower = sentence.toLowerCase();
  const at = lower.length === sentence.length ? lower.indexOf(word.trim().toLowerCase()) : -1;
  return at < 0 || isNothing(word) ? '' : `, which has ${shown(sentence.slice(at, at + word.trim().length))}`;
}

const isOffset = (value: unknown): boolean =>
  typeof value === 'number' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));

/** The first thing that keeps the word from being at its offsets. */
function spanProblem(entity: string, word: string, start: number, end: number, sentence: string): Problem {
  const length = codePointLength(sentence);
  const last = start + codePointLength(word) - 1;
  const inside = `(the sentence has ${length} characters, counted from 0)`;
  if (start >= length)
    return { field: `${entity}.start_idx`, found: `${start}`, expected: `at most ${length - 1} ${inside}` };
  if (spanText(sentence, start, last) === word)
    return {
      field: `${entity}.end_idx`,
      found: `${end}`,
      expected: `${last}, where the last character of ${shown(word)} is`,
    };
  const isUtf16 = sentence.slice(start, end + 1) === word;
  const isFromOne = spanText(sentence, start - 1, end - 1) === word;
  if (isUtf16 || isFromOne) {
    const first = isFromOne ? start - 1 : codePointLength(sentence.slice(0, start));
    const how = isUtf16 ? (isFromOne ? 'code points, from 0' : 'code points, not UTF-16 units') : 'from 0';
    return { field: `${entity}.start_idx`, found: `${start}`, expected: `${first} (offsets count ${how})` };
  }
  if (end < start || end >= length)
    return { field: `${entity}.end_idx`, found: `${end}`, expected: `${start} to ${length - 1} ${inside}` };
  const actual = spanText(sentence, start, end);
  return {
    field: `${entity}.word`,
    found: shownApart(word, actual),
    expected: `${shownApart(actual, word)}, the text at ${start} to ${end}${elsewhere(word, sentence)}`,
  };
}

/** Where the word is, if it occurs once. */
function elsewhere(word: string, sentence: string): string {
  const [place, ...others] = placesOf(word, sentence);
  if (place === undefined || others.length > 0) return '';
  const start = codePointLength(sentence.slice(0, place.from));
  return `, or the word where it is: ${start} to ${start + codePointLength(sentence.slice(place.from, place.to)) - 1}`;
}

/** A text, with the code points by which it differs where it looks like the other one. */
export function shownApart(text: string, other: string): string {
  const codes = looksLike(text, other) ? codePointsApart(text, other) : '';
  return codes === '' ? shown(text) : `${shown(text)} (${codes})`;
}

const overlapProblem = ({ subject, object }: Example): Problem => ({
  field: 'object_entity',
  found: `${shown(object.word)} at ${object.start} to ${object.end}`,
  expected: `a place outside the subject ${shown(subject.word)} at ${subject.start} to ${subject.end}`,
});

/** A name that is not among these, with what tells it from one that looks like it. */
const shownIn = (names: ReadonlySet<string>, found: string): string => shownApart(found, alikeIn(names, found) ?? '');

const alikeIn = (names: ReadonlySet<string>, found: string): string | undefined =>
  [...names].find((name) => looksLike(name, found));

function oneOf(names: ReadonlySet<string>, found: string): string {
  const alike = alikeIn(names, found);
  if (alike !== undefined) return `${shownApart(alike, found)}, which looks like it`;
  const near = nearest(found, [...names]);
  if (names.size <= 8) return `one of ${[...names].map(shown).join(', ')}`;
  return near ? `one of the ${names.size} known, perhaps ${shown(near)}` : `one of the ${names.size} known`;
}
