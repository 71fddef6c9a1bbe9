import { z } from 'zod';
import { nearest } from '../core/nearest.ts';
import type { Entity, Example } from '../core/types.ts';
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

/** Checks one row in KLUE's layout: first its shape, then what it says. `fallbackGuid` is for a row without a guid. */
export function checkRow(value: unknown, rules: RowRules, fallbackGuid: string): CheckedRow {
  const shape = rowSchema.safeParse(value);
  if (!shape.success) return { problems: shape.error.issues.map((issue) => shapeProblem(value, issue)) };
  const { guid, sentence, subject_entity, object_entity, source } = shape.data;
  const [label, ...labelProblems] = readLabel(shape.data.label ?? null, rules);
  const example: Example = {
    guid: guid ?? fallbackGuid,
    sentence,
    subject: toEntity(subject_entity),
    object: toEntity(object_entity),
    label,
    source: source ?? null,
  };
  const problems = [
    ...labelProblems,
    ...entityProblems('subject_entity', example.subject, sentence, rules),
    ...entityProblems('object_entity', example.object, sentence, rules),
  ];
  if (problems.length === 0 && overlap(example.subject, example.object)) problems.push(overlapProblem(example));
  return problems.length === 0 ? { example } : { problems };
}

/** A value as messages show it: JSON, cut after 60 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return codePointLength(text) > 60 ? `${spanText(text, 0, 58)}…` : text;
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const wellFormed = z
  .string()
  .refine((value) => !LONE_SURROGATE.test(value), 'well-formed text (a surrogate of it lacks its other half)');
const text = wellFormed.min(1);
const offset = z.int().min(0);
const entitySchema = z.object({ word: text, start_idx: offset, end_idx: offset, type: text.nullish() });
const rowSchema = z.object({
  guid: z.union([text, z.int().transform(String)]).nullish(),
  sentence: wellFormed.refine((value) => value.trim() !== '', 'a text that is not empty or blank'),
  subject_entity: entitySchema,
  object_entity: entitySchema,
  label: z.union([text, z.int()]).nullish(),
  source: wellFormed.nullish(),
});

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
  type: 'a text that is not empty, or nothing',
  label: 'the name of a relation',
  source: 'a text, or nothing',
};

function shapeProblem(value: unknown, { path, code, message }: z.core.$ZodIssue): Problem {
  const names = path.map(String);
  const found = names.reduce<unknown>((parent, name) => (parent as Record<string, unknown> | null)?.[name], value);
  return {
    field: names.join('.') || 'row',
    found: shown(found),
    expected: code === 'custom' ? message : EXPECTED[names.at(-1) ?? 'row']!,
  };
}

const toEntity = ({ word, start_idx, end_idx, type }: z.output<typeof entitySchema>): Entity => ({
  word,
  start: start_idx,
  end: end_idx,
  type: type ?? null,
});

/** The Hub writes -1 where a label is held back. */
const NO_LABEL = -1;

/** The label's name, and what is wrong with it, if anything. */
function readLabel(raw: string | number | null, rules: RowRules): [label: string | null, ...problems: Problem[]] {
  if (rules.label === 'ignored') return [null];
  if (raw === null || raw === NO_LABEL) {
    if (rules.label === 'optional') return [null];
    return [null, { field: 'label', found: 'nothing', expected: 'the name of a relation' }];
  }
  const name = typeof raw === 'number' ? rules.labelNames?.[raw] : raw;
  if (name === undefined) return [null, { field: 'label', found: String(raw), expected: idRange(rules) }];
  if (rules.labels === null || rules.labels.has(name)) return [name];
  return [name, { field: 'label', found: shown(name), expected: oneOf(rules.labels, name) }];
}

const idRange = ({ labelNames }: RowRules): string =>
  labelNames
    ? `an id from 0 to ${labelNames.length - 1}`
    : 'the name of a relation (ids need their names in relation_list.json beside the file)';

function entityProblems(field: string, entity: Entity, sentence: string, { entityTypes }: RowRules): Problem[] {
  const problems = spanProblems(field, entity, sentence);
  if (entity.type !== null && entityTypes !== null && !entityTypes.has(entity.type))
    problems.push({ field: `${field}.type`, found: shown(entity.type), expected: oneOf(entityTypes, entity.type) });
  return problems;
}

/** At most one problem: the first thing that keeps the word from standing at its offsets. */
function spanProblems(entity: string, { word, start, end }: Entity, sentence: string): Problem[] {
  const length = codePointLength(sentence);
  const last = start + codePointLength(word) - 1;
  const wordAtStart = spanText(sentence, start, last) === word;
  if (wordAtStart && end === last) return [];
  const inside = `(the sentence has ${length} characters, counted from 0)`;
  if (start >= length)
    return [{ field: `${entity}.start_idx`, found: `${start}`, expected: `at most ${length - 1} ${inside}` }];
  if (wordAtStart)
    return [
      {
        field: `${entity}.end_idx`,
        found: `${end}`,
        expected: `${last}, where the last character of ${shown(word)} is`,
      },
    ];
  if (sentence.slice(start, end + 1) === word)
    return [
      { field: `${entity}.start_idx`, found: `${start}`, expected: 'an offset in code points, not in UTF-16 units' },
    ];
  if (end < start || end >= length)
    return [{ field: `${entity}.end_idx`, found: `${end}`, expected: `${start} to ${length - 1} ${inside}` }];
  const actual = spanText(sentence, start, end);
  return [
    { field: `${entity}.word`, found: shown(word), expected: `${shown(actual)}, the text at ${start} to ${end}` },
  ];
}

const overlapProblem = ({ subject, object }: Example): Problem => ({
  field: 'object_entity',
  found: `${shown(object.word)} at ${object.start} to ${object.end}`,
  expected: `a place outside the subject ${shown(subject.word)} at ${subject.start} to ${subject.end}`,
});

function oneOf(names: ReadonlySet<string>, found: string): string {
  const near = nearest(found, [...names]);
  if (names.size <= 8) return `one of ${[...names].map(shown).join(', ')}`;
  return near ? `one of the ${names.size} known, perhaps ${shown(near)}` : `one of the ${names.size} known`;
}
