import type { z } from 'zod';
import { fieldError } from '../../base/core/errors.ts';
import type { Entity } from '../../base/core/types.ts';
import { codePointLength, overlap } from '../../base/data/span.ts';
import { MARKERS } from '../../base/text/markers.ts';
import type { TaskSpec } from '../../engine/nn/relationModel.ts';
import { MAX_PAIR_CHARACTERS } from './api/limits.ts';

/** A place in a request as a JSON pointer (RFC 6901). */
export const pointerOf = (path: readonly PropertyKey[], at = ''): string =>
  at + path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * A request as its schema has it.
 *
 * @param at JSON pointer of the request itself, where it stands in a list
 * Errors: `usage` with the field.
 */
export function checkedRequest<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ''): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = pointerOf(path, at);
  throw fieldError(field, `${field === '' ? 'The request' : field}: ${message}.`);
}

/** Errors: `usage` with the field where a type is unknown to the model, or missing where its marker shows types. */
export function checkType({ word, type }: Entity, task: TaskSpec, field: string): void {
  const { marker, entityTypes } = task;
  if (type === null) {
    if (!MARKERS[marker].typed) return;
    throw fieldError(
      `${field}/type`,
      `The model shows entity types (marker ${marker}), but "${word}" has none.`,
      `Give one of ${entityTypes.join(', ')}.`,
    );
  }
  if (entityTypes.length > 0 && !entityTypes.includes(type))
    throw fieldError(
      `${field}/type`,
      `"${word}" has the type "${type}", which the model does not know.`,
      `It knows ${entityTypes.join(', ')}.`,
    );
}

/** Errors: `usage` with the field where reading a sentence once for each of its pairs would take too long. */
export function checkPairs(pairs: number, sentence: string): void {
  const length = codePointLength(sentence);
  if (pairs * length <= MAX_PAIR_CHARACTERS) return;
  throw fieldError(
    '/entities',
    `The entities make ${pairs} pairs, and the sentence has ${length} characters: more than ${MAX_PAIR_CHARACTERS} in all.`,
    'Name fewer entities, or a shorter stretch of the text.',
  );
}

/** Errors: `usage` with the field where both entities share a character. */
export function checkApart(subject: Entity, object: Entity, field: string): void {
  if (overlap(subject, object))
    throw fieldError(
      field,
      `The object "${object.word}" (${object.start} to ${object.end}) overlaps the subject "${subject.word}" (${subject.start} to ${subject.end}).`,
      'Subject and object are two separate places of the sentence.',
    );
}
