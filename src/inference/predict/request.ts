import type { z } from 'zod';
import { fieldError } from '../../base/core/errors.ts';
import { issueWords } from '../../base/core/issueWords.ts';
import type { Entity, Example } from '../../base/core/types.ts';
import { A_GUID, foundValue, type Problem, problemAt, type RowRules } from '../../base/data/checkRow.ts';
import { codePointLength, overlap } from '../../base/data/span.ts';
import { MARKERS } from '../../base/text/markers.ts';
import type { TaskSpec } from '../../engine/nn/relationModel.ts';
import { MAX_PAIR_CHARACTERS } from './api/limits.ts';
import { resolveEntity } from './entities.ts';
import { API_SCHEMAS, type PredictRequest } from './schema.ts';

// What comes in, made into rows that can be answered. Whoever takes requests checks them once against their schema, here or
// by its own means; a row of a data file was checked by its reader.

/** What an answer is to be like. */
export interface AnswerOptions extends Pick<PredictRequest, 'top_k' | 'threshold'> {
  /** Whether the answer has the probability of every label, too. */
  readonly probabilities?: boolean | undefined;
}

/** A row to be answered: a request whose entities were found in the sentence, or a row of a data file. */
export interface AskedRow extends Pick<Example, 'sentence' | 'subject' | 'object'>, AnswerOptions {}

/** A place in a request as a JSON pointer (RFC 6901). */
export const pointerOf = (path: readonly PropertyKey[], at = ''): string =>
  at + path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * A request as its schema has it.
 *
 * @param at JSON pointer of the request itself, where it is one of a list
 * Errors: `usage` with the field.
 */
export function checkedRequest<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ''): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = pointerOf(path, at);
  throw fieldError(field, {
    en: `${field === '' ? 'The request' : field}: ${message}.`,
    ko: `${field === '' ? '요청' : field}: ${message}.`,
  });
}

/**
 * The row that a request asks about; the request fits its schema.
 *
 * @param at JSON pointer of the request itself, where it is one of a list
 * Errors: `usage` with the field where an entity cannot be found.
 */
export function resolveRequest(request: PredictRequest & AnswerOptions, at = ''): AskedRow {
  const subject = resolveEntity(request.subject, request.sentence, `${at}/subject`);
  const object = resolveEntity(request.object, request.sentence, `${at}/object`);
  return { ...request, subject, object };
}

/** What rows that are to be answered are checked against: labels do not matter, types are the model's business. */
export const UNLABELLED_RULES: RowRules = { labels: null, entityTypes: null, labelNames: null, label: 'ignored' };

type Fields = Readonly<Record<string, unknown>>;

/** Whether a row of a file is a request as the REST API takes it; KLUE's layout shares no name of an entity with that. */
export const isRequestRow = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && (Object.hasOwn(value, 'subject') || Object.hasOwn(value, 'object'));

export type RequestRow =
  | { readonly guid: string; readonly request: PredictRequest }
  | { readonly problems: readonly Problem[] };

/** A request in a row of a file, with `guid` or `id` beside it; fields are named by JSON pointers. */
export function requestRow({ id, guid = id, ...request }: Fields, fallbackGuid: string): RequestRow {
  const problems: Problem[] = [];
  const name = guid ?? fallbackGuid;
  if (!(typeof name === 'string' && name !== '') && !Number.isSafeInteger(name))
    problems.push(problemAt('guid', foundValue(name), A_GUID));
  const parsed = API_SCHEMAS.PredictRequest.safeParse(request);
  for (const issue of parsed.error?.issues ?? [])
    problems.push(
      problemAt(pointerOf(issue.path) || 'row', foundValue(valueAt(request, issue.path)), issueWords(issue)),
    );
  return parsed.success && problems.length === 0 ? { guid: String(name), request: parsed.data } : { problems };
}

/** A row of a data file as a request. */
export function requestOf({
  sentence,
  subject,
  object,
}: Pick<Example, 'sentence' | 'subject' | 'object'>): PredictRequest {
  const entity = ({ word, start, end, type }: Entity) => ({ word, start, end, type, offsets: 'codepoint' as const });
  return { sentence, subject: entity(subject), object: entity(object) };
}

/** The value at a path; undefined where the path leads nowhere. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((parent, key) => (parent as Record<PropertyKey, unknown> | null | undefined)?.[key], value);

/** Errors: `usage` with the field where a type is unknown to the model, or missing where its marker shows types. */
export function checkType({ word, type }: Entity, task: TaskSpec, field: string): void {
  const { marker, entityTypes } = task;
  if (type === null) {
    if (!MARKERS[marker].typed) return;
    throw fieldError(
      `${field}/type`,
      {
        en: `The model shows entity types (marker ${marker}), but "${word}" has none.`,
        ko: `모델이 엔티티 유형을 보는데(마커 ${marker}), "${word}"에 유형이 없다.`,
      },
      { en: `Give one of ${entityTypes.join(', ')}.`, ko: `이 가운데 하나를 준다: ${entityTypes.join(', ')}.` },
    );
  }
  if (entityTypes.length > 0 && !entityTypes.includes(type))
    throw fieldError(
      `${field}/type`,
      {
        en: `"${word}" has the type "${type}", which the model does not know.`,
        ko: `"${word}"의 유형 "${type}": 모델이 모르는 유형이다.`,
      },
      { en: `It knows ${entityTypes.join(', ')}.`, ko: `아는 것: ${entityTypes.join(', ')}.` },
    );
}

/** Errors: `usage` with the field where reading a sentence once for each of its pairs would take too long. */
export function checkPairs(pairs: number, sentence: string): void {
  const length = codePointLength(sentence);
  if (pairs * length <= MAX_PAIR_CHARACTERS) return;
  throw fieldError(
    '/entities',
    {
      en: `The entities make ${pairs} pairs, and the sentence has ${length} characters: more than ${MAX_PAIR_CHARACTERS} in all.`,
      ko: `엔티티가 ${pairs}쌍이고 문장이 ${length}자여서, 모두 ${MAX_PAIR_CHARACTERS}자를 넘는다.`,
    },
    { en: 'Name fewer entities, or a shorter stretch of the text.', ko: '엔티티를 줄이거나 글을 더 짧게 자른다.' },
  );
}

/** Errors: `usage` with the field where both entities share a character. */
export function checkApart(subject: Entity, object: Entity, field: string): void {
  if (overlap(subject, object))
    throw fieldError(
      field,
      {
        en: `The object "${object.word}" (${object.start} to ${object.end}) overlaps the subject "${subject.word}" (${subject.start} to ${subject.end}).`,
        ko: `목적어 "${object.word}"(${object.start}~${object.end})이(가) 주어 "${subject.word}"(${subject.start}~${subject.end})과(와) 겹친다.`,
      },
      {
        en: 'Subject and object are two separate places of the sentence.',
        ko: '주어와 목적어는 문장에서 서로 떨어진 두 자리이다.',
      },
    );
}
