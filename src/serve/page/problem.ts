import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { KorexError } from '../../core/errors.ts';

/** An answer other than the one asked for. */
export class PageProblem extends Error {
  readonly status: ContentfulStatusCode;
  readonly errors: readonly { field: string; message: string }[];

  constructor(status: ContentfulStatusCode, message: string, errors: PageProblem['errors'] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

const TITLES: Readonly<Record<number, string>> = { 400: 'Bad request', 404: 'Not found', 500: 'Internal error' };

/**
 * Any error as RFC 9457 problem details. What korex says on purpose is told, without the hint for a command line; of any
 * other error the answer tells nothing.
 */
export function problemResponse(error: Error, c: Context): Response {
  const status = error instanceof PageProblem ? error.status : 500;
  const isTold = error instanceof PageProblem || error instanceof KorexError;
  const body = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: isTold ? error.message : 'The server could not answer.',
    ...(error instanceof PageProblem && error.errors.length > 0 && { errors: error.errors }),
  };
  return c.body(JSON.stringify(body), status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  });
}

/** A request's query, checked. Errors: 400 with a field for each thing that is wrong. */
export function checkedQuery<T extends z.ZodType>(c: Context, schema: T): z.output<T> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: `/${path.map(String).join('/')}`, message }));
  throw new PageProblem(400, 'The query is not valid.', errors);
}

/** A whole number in a query. */
export const queryCount = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number from 0 on')
    .transform(Number)
    .pipe(z.number().max(most));
