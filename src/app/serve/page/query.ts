import type { Context } from 'hono';
import { z } from 'zod';
import { KorexError } from '../../../base/core/errors.ts';
import type { Language } from '../../../base/core/types.ts';
import { problemOf, RequestProblem, WrongFields } from '../problem.ts';

export const notFound = (what: string): RequestProblem => new RequestProblem('not-found', `There is no ${what}.`);

/** A request's query, checked. Errors: `invalid-field` with a field for each thing that is wrong. */
export function checkedQuery<T extends z.ZodType>(c: Context, schema: T): z.output<T> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  throw new WrongFields(parsed.error);
}

/** A whole number in a query. */
export const queryCount = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number from 0 on')
    .transform(Number)
    .pipe(z.number().max(most));

/** korex's own messages about files are shown: whoever reads the page can correct the files. */
export function filesProblem(error: Error, lang: Language): RequestProblem {
  if (!(error instanceof KorexError) || error.field !== undefined) return problemOf(error, lang);
  const { message, hint } = error.in(lang);
  return new RequestProblem('internal', message, { hint });
}
