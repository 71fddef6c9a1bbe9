import type { Context } from 'hono';
import { z } from 'zod';
import { KorexError } from '../../../base/core/errors.ts';
import { fieldProblem, problemOf, RequestProblem } from '../problem.ts';

export const notFound = (what: string): RequestProblem => new RequestProblem('not-found', `There is no ${what}.`);

/** A request's query, checked. Errors: `invalid-field` with a field for each thing that is wrong. */
export function checkedQuery<T extends z.ZodType>(c: Context, schema: T): z.output<T> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  throw fieldProblem(parsed.error);
}

/** A whole number in a query. */
export const queryCount = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number from 0 on')
    .transform(Number)
    .pipe(z.number().max(most));

/** korex's own messages about files are shown: whoever reads the page can correct the files. */
export const filesProblem = (error: Error): RequestProblem =>
  error instanceof KorexError && error.field === undefined
    ? new RequestProblem('internal', error.message, { hint: error.hint })
    : problemOf(error);
