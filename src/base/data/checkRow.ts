import { z } from 'zod';
import { asGiven } from '../core/errors.ts';
import { issueWords, refusal } from '../core/issueWords.ts';
import { nearest } from '../core/nearest.ts';
import type { Entity, Example, Localized } from '../core/types.ts';
import { codePointsApart, looksLike, normalText, placesOf } from './normalForm.ts';
import { codePointLength, overlap, spanText } from './span.ts';

/** What is wrong with a field of a row. `expected` is in words, `found` as it stands in the file or, where it says nothing, in words. */
export interface Problem {
  readonly field: string;
  readonly found: Localized;
  readonly expected: Localized;
}

/** A problem; a value as it stands in the file reads the same in both languages. */
export const problemAt = (field: string, found: string | Localized, expected: Localized): Problem => ({
  field,
  found: typeof found === 'string' ? asGiven(found) : found,
  expected,
});

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

const NOTHING: Localized = { en: 'nothing', ko: '없음' };

/** A value as problems show it; where there is none, in words. */
export const foundValue = (value: unknown): Localized => (value === undefined ? NOTHING : asGiven(shown(value)));

/** A value as messages show it: JSON, cut after 60 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? NOTHING.en : JSON.stringify(value);
  return codePointLength(text) > 60 ? `${spanText(text, 0, 58)}…` : text;
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const WELL_FORMED: Localized = {
  en: 'well-formed text (it has bytes that are no characters, or half of a surrogate pair)',
  ko: '올바른 글(글자가 아닌 바이트나 서러게이트 쌍의 반쪽이 있다)',
};
const NOT_BLANK: Localized = { en: 'a text that is not empty or blank', ko: '비어 있지 않은 글' };
const wellFormed = z.string().refine((value) => !LONE_SURROGATE.test(value), refusal(WELL_FORMED));
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
  sentence: wellFormed.refine((value) => value.trim() !== '', refusal(NOT_BLANK)),
  subject_entity: entitySchema,
  object_entity: entitySchema,
  label: z.union([wellFormed, z.int()]).nullish(),
  source: wellFormed.nullish(),
});

/** Texts that pandas and others write where there is nothing. */
export const isNothing = (value: string): boolean => /^(nan|null|<na>|#?n\/a)?$/i.test(value.trim());

/** What each field takes, in words; a field is named by the last part of its path. */
const ROW_FIELDS = '{guid, sentence, subject_entity, object_entity, label, source}';
const ENTITY_FIELDS = '{word, start_idx, end_idx, type}';
const AN_ENTITY: Localized = { en: `an object ${ENTITY_FIELDS}`, ko: `객체 ${ENTITY_FIELDS}` };
export const AN_OFFSET: Localized = { en: 'a whole number, 0 or more', ko: '0 이상의 정수' };
const A_RELATION: Localized = { en: 'the name of a relation', ko: '관계의 이름' };
const TEXT_OR_NOTHING: Localized = { en: 'a text, or nothing', ko: '글, 또는 없음' };
export const A_GUID: Localized = { en: 'a text or a whole number, or nothing', ko: '글이나 정수, 또는 없음' };
const EXPECTED: Readonly<Record<string, Localized>> = {
  row: { en: `an object ${ROW_FIELDS}`, ko: `객체 ${ROW_FIELDS}` },
  guid: A_GUID,
  sentence: NOT_BLANK,
  subject_entity: AN_ENTITY,
  object_entity: AN_ENTITY,
  word: { en: 'a text that is not empty', ko: '비어 있지 않은 글' },
  start_idx: AN_OFFSET,
  end_idx: AN_OFFSET,
  type: TEXT_OR_NOTHING,
  label: A_RELATION,
  source: TEXT_OR_NOTHING,
};

function shapeProblem(value: unknown, issue: z.core.$ZodIssue): Problem {
  const { path, code } = issue;
  const names = path.map(String);
  const at = (path: readonly string[]) =>
    path.reduce<unknown>((parent, name) => (parent as Record<string, unknown> | null)?.[name], value);
  const found = at(names);
  return problemAt(
    names.join('.') || 'row',
    found === undefined ? nothingBut(at(names.slice(0, -1)), names.length > 1) : shown(found),
    code === 'custom' ? issueWords(issue) : EXPECTED[names.at(-1) ?? 'row']!,
  );
}

const ROW_KEYS = ['guid', 'id', 'sentence', 'subject_entity', 'object_entity', 'label', 'relation', 'source'];
const ENTITY_KEYS = ['word', 'start_idx', 'end_idx', 'type'];

/** Names the keys that may hold what is missing. */
function nothingBut(parent: unknown, isEntity = false): Localized {
  const keys = typeof parent === 'object' && parent !== null && !Array.isArray(parent) ? Object.keys(parent) : [];
  const others = keys.filter((key) => !(isEntity ? ENTITY_KEYS : ROW_KEYS).includes(key));
  return others.length === 0 ? NOTHING : nothingBeside(others.slice(0, 12).map(shown).join(', '));
}

export const nothingBeside = (others: string): Localized => ({
  en: `nothing (there is ${others})`,
  ko: `없음(있는 것: ${others})`,
});

/** The Hub writes -1 where a label is held back. */
const NO_LABEL = -1;

/** The label's name, and what is wrong with it, if anything. Digits are an id, also where a table or pandas made text of it. */
function labelOf(row: unknown, raw: string | number | null, rules: RowRules) {
  if (rules.label === 'ignored') return { name: null, problems: [] };
  const isName = typeof raw === 'string' && (rules.labels?.has(raw) || !/^\s*-?\d+(\.0*)?\s*$/.test(raw));
  const label = raw === null || isName ? raw : Number(raw);
  const isMissing = label === NO_LABEL || label === null || (typeof label === 'string' && isUnnamed(label, rules));
  const wrong = (found: string | Localized, expected: Localized) => ({
    name: null,
    problems: [problemAt('label', found, expected)],
  });
  if (isMissing && rules.label === 'optional') return { name: null, problems: [] };
  if (isMissing) return wrong(raw === null ? nothingBut(row) : raw === NO_LABEL ? NOTHING : shown(raw), A_RELATION);
  const name = typeof label === 'number' ? rules.labelNames?.[label] : label;
  if (name === undefined) return wrong(String(label), idRange(rules));
  if (rules.labels === null || rules.labels.has(name)) return { name, problems: [] };
  return wrong(shownIn(rules.labels, name), oneOf(rules.labels, name));
}

const isUnnamed = (label: string, { labels }: RowRules): boolean => isNothing(label) && !labels?.has(label);

const idRange = ({ labelNames }: RowRules): Localized =>
  labelNames
    ? { en: `an id from 0 to ${labelNames.length - 1}`, ko: `0부터 ${labelNames.length - 1}까지의 번호` }
    : {
        en: 'the name of a relation (ids need their names in relation_list.json beside the file)',
        ko: '관계의 이름(번호를 쓰려면 파일 옆의 relation_list.json에 이름이 있어야 한다)',
      };

/** Keys under which other tools keep the type of an entity. */
const TYPE_KEYS = /^(label|entity_?type|entity_?label|ner|ner_?type|tag|category|class|유형|타입|종류|개체유형)$/i;

function typeProblems(field: string, entity: RawEntity, { entityTypes }: RowRules): Problem[] {
  const type = typeOf(entity);
  const other = Object.keys(entity).find((key) => TYPE_KEYS.test(key) && typeof entity[key] === 'string');
  if (type === null && other !== undefined && entity.type === undefined) {
    const found = nothingBeside(`${shown(other)}: ${shown(entity[other])}`);
    return [problemAt(`${field}.type`, found, { en: 'the type under the key "type"', ko: '"type" 키의 유형' })];
  }
  if (type === null || entityTypes === null || entityTypes.has(type)) return [];
  return [problemAt(`${field}.type`, shownIn(entityTypes, type), oneOf(entityTypes, type))];
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
    return { problems: [problemAt(at, nothingBut(entity, true), AN_OFFSET)] };
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
    const at = nothingBeside(elsewhere.map((key) => `${shown(key)}: ${shown(entity[key])}`).join(', '));
    const expected = { en: 'offsets under start_idx and end_idx', ko: 'start_idx와 end_idx 키의 위치' };
    return { problems: [problemAt(`${field}.start_idx`, at, expected)] };
  }
  // Cells of spreadsheets have spaces that nobody sees.
  const [place, ...others] = isNothing(word) ? [] : placesOf(sentence.includes(word) ? word : word.trim(), sentence);
  if (place === undefined)
    return {
      problems: [problemAt(`${field}.word`, shown(word), nearMiss(word, sentence) ?? OF_THE_SENTENCE)],
    };
  if (others.length > 0) {
    const places = [place, ...others].slice(0, 6).map(({ from }) => codePointLength(sentence.slice(0, from)));
    const expected = {
      en: `offsets, as the word occurs ${others.length + 1} times, at ${places.join(', ')}`,
      ko: `위치(단어가 ${others.length + 1}번 나온다: ${places.join(', ')})`,
    };
    return { problems: [problemAt(`${field}.word`, shown(word), expected)] };
  }
  const actual = sentence.slice(place.from, place.to);
  const start = codePointLength(sentence.slice(0, place.from));
  const end = start + codePointLength(actual) - 1;
  return { entity: { word: actual, start, end, type: typeOf(entity) }, problems: [] };
}

const OF_THE_SENTENCE: Localized = { en: 'a text of the sentence', ko: '문장에 있는 글' };

/** What the sentence has in the place of a word that it lacks, where only letter case differs; null where it has nothing. */
function nearMiss(word: string, sentence: string): Localized | null {
  const lower = sentence.toLowerCase();
  const at = lower.length === sentence.length ? lower.indexOf(word.trim().toLowerCase()) : -1;
  if (at < 0 || isNothing(word)) return null;
  const has = shown(sentence.slice(at, at + word.trim().length));
  return { en: `${OF_THE_SENTENCE.en}, which has ${has}`, ko: `${OF_THE_SENTENCE.ko}(${has}은(는) 있다)` };
}

const isOffset = (value: unknown): boolean =>
  typeof value === 'number' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));

/** How offsets count, where they were counted otherwise. */
const COUNTING = {
  en: { both: 'code points, from 0', codePoints: 'code points, not UTF-16 units', fromZero: 'from 0' },
  ko: { both: '코드 포인트로 0부터', codePoints: 'UTF-16 단위가 아니라 코드 포인트로', fromZero: '0부터' },
} as const;

/** The first thing that keeps the word from being at its offsets. */
function spanProblem(entity: string, word: string, start: number, end: number, sentence: string): Problem {
  const length = codePointLength(sentence);
  const last = start + codePointLength(word) - 1;
  const inside = {
    en: `(the sentence has ${length} characters, counted from 0)`,
    ko: `(문장은 ${length}자이고 0부터 센다)`,
  };
  if (start >= length)
    return problemAt(`${entity}.start_idx`, `${start}`, {
      en: `at most ${length - 1} ${inside.en}`,
      ko: `${length - 1} 이하 ${inside.ko}`,
    });
  if (spanText(sentence, start, last) === word)
    return problemAt(`${entity}.end_idx`, `${end}`, {
      en: `${last}, where the last character of ${shown(word)} is`,
      ko: `${last}(${shown(word)}의 마지막 글자)`,
    });
  const isUtf16 = sentence.slice(start, end + 1) === word;
  const isFromOne = spanText(sentence, start - 1, end - 1) === word;
  if (isUtf16 || isFromOne) {
    const first = isFromOne ? start - 1 : codePointLength(sentence.slice(0, start));
    const how = isUtf16 ? (isFromOne ? 'both' : 'codePoints') : 'fromZero';
    return problemAt(`${entity}.start_idx`, `${start}`, {
      en: `${first} (offsets count ${COUNTING.en[how]})`,
      ko: `${first}(위치는 ${COUNTING.ko[how]} 센다)`,
    });
  }
  if (end < start || end >= length)
    return problemAt(`${entity}.end_idx`, `${end}`, {
      en: `${start} to ${length - 1} ${inside.en}`,
      ko: `${start}부터 ${length - 1}까지 ${inside.ko}`,
    });
  const actual = spanText(sentence, start, end);
  const at = textAt(shownApart(actual, word), start, end);
  const other = elsewhere(word, sentence);
  return problemAt(
    `${entity}.word`,
    shownApart(word, actual),
    other === null
      ? at
      : { en: `${at.en}, or the word where it is: ${other.en}`, ko: `${at.ko}, 또는 단어가 있는 자리: ${other.ko}` },
  );
}

/** Where the word is, if it occurs once. */
function elsewhere(word: string, sentence: string): Localized | null {
  const [place, ...others] = placesOf(word, sentence);
  if (place === undefined || others.length > 0) return null;
  const start = codePointLength(sentence.slice(0, place.from));
  const end = start + codePointLength(sentence.slice(place.from, place.to)) - 1;
  return { en: `${start} to ${end}`, ko: `${start}부터 ${end}까지` };
}

/** What a text says at offsets. */
export const textAt = (actual: string, start: number, end: number): Localized => ({
  en: `${actual}, the text at ${start} to ${end}`,
  ko: `${actual}(${start}부터 ${end}까지의 글)`,
});

/** A text, with the code points by which it differs where it looks like the other one. */
export function shownApart(text: string, other: string): string {
  const codes = looksLike(text, other) ? codePointsApart(text, other) : '';
  return codes === '' ? shown(text) : `${shown(text)} (${codes})`;
}

const overlapProblem = ({ subject, object }: Example): Problem => ({
  field: 'object_entity',
  found: {
    en: `${shown(object.word)} at ${object.start} to ${object.end}`,
    ko: `${shown(object.word)}(${object.start}~${object.end})`,
  },
  expected: {
    en: `a place outside the subject ${shown(subject.word)} at ${subject.start} to ${subject.end}`,
    ko: `주어 ${shown(subject.word)}(${subject.start}~${subject.end}) 밖의 자리`,
  },
});

/** A name that is not among these, with what tells it from one that looks like it. */
const shownIn = (names: ReadonlySet<string>, found: string): string => shownApart(found, alikeIn(names, found) ?? '');

const alikeIn = (names: ReadonlySet<string>, found: string): string | undefined =>
  [...names].find((name) => looksLike(name, found));

export function oneOf(names: ReadonlySet<string>, found: string): Localized {
  const alike = alikeIn(names, found);
  if (alike !== undefined) {
    const other = shownApart(alike, found);
    return { en: `${other}, which looks like it`, ko: `${other}(똑같아 보이는 것)` };
  }
  const near = nearest(found, [...names]);
  if (names.size <= 8) {
    const all = [...names].map(shown).join(', ');
    return { en: `one of ${all}`, ko: `${all} 가운데 하나` };
  }
  return {
    en: `one of the ${names.size} known${near ? `, perhaps ${shown(near)}` : ''}`,
    ko: `아는 ${names.size}개 가운데 하나${near ? `, 혹시 ${shown(near)}` : ''}`,
  };
}
