import type { z } from 'zod';
import { KorexError } from '../../base/core/errors.ts';
import { issueWords } from '../../base/core/issueWords.ts';
import type { Language, Localized } from '../../base/core/types.ts';
import { settleParticles } from '../../base/text/particles.ts';
import { PROBLEM_TYPE } from '../../inference/predict/api/operations.ts';
import { pointerOf } from '../../inference/predict/request.ts';
import type { Problem } from '../../inference/predict/schema.ts';
import { QueueClosed, QueueFull } from './queue.ts';

/** Every kind of problem that the server answers with: its status and what it is called. */
const KINDS = {
  'invalid-json': [400, 'The body cannot be read'],
  'invalid-request': [400, 'The request cannot be read'],
  unauthorized: [401, 'An API key is needed'],
  'wrong-origin': [403, 'The page is of another site'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  timeout: [408, 'The request took too long to arrive'],
  conflict: [409, 'It cannot be done now'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The body is of another kind'],
  'wrong-host': [421, 'The host is not served here'],
  'invalid-field': [422, 'A field is wrong'],
  busy: [429, 'Too many requests are waiting'],
  gone: [499, 'The client is gone'],
  internal: [500, 'The server failed'],
  'not-installed': [501, 'The server lacks a package for this'],
  ending: [503, 'The server is ending'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof KINDS;
export type FieldErrors = NonNullable<Problem['errors']>;

/** A request that gets a problem for an answer (RFC 9457). */
export class RequestProblem extends Error {
  readonly kind: ProblemKind;
  readonly hint: string | undefined;
  readonly errors: FieldErrors | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: { hint?: string | undefined; errors?: FieldErrors; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.kind = kind;
    this.hint = more.hint;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** A request with fields that do not fit; told in the client's language once it is answered. */
export class WrongFields extends Error {
  readonly fields: z.ZodError;

  constructor(fields: z.ZodError) {
    super(fields.message);
    this.fields = fields;
  }
}

/** The language that a client asks for (`Accept-Language`): Korean where it comes first, else English. */
export const languageOf = (headers: Headers): Language =>
  /^[^,;]*?\b(ko|en)\b/i.exec(headers.get('accept-language') ?? '')?.[1]?.toLowerCase() === 'ko' ? 'ko' : 'en';

/** What went wrong as a problem; an unexpected error reveals nothing of the inside. */
export function problemOf(error: unknown, lang: Language = 'en'): RequestProblem {
  if (error instanceof RequestProblem) return error;
  if (error instanceof WrongFields) return fieldProblem(error.fields, lang);
  if (error instanceof KorexError && error.field !== undefined) {
    const { message, hint } = wordsOf(error, lang);
    return new RequestProblem('invalid-field', message, { hint, errors: [{ field: error.field, message }] });
  }
  if (error instanceof QueueFull)
    return new RequestProblem('busy', 'Too many rows are waiting for the model.', {
      hint: `Try again in ${error.retryAfterS} s.`,
      headers: { 'Retry-After': String(error.retryAfterS) },
    });
  if (error instanceof QueueClosed) return endingProblem();
  return new RequestProblem('internal', 'An unexpected error; the server’s log has it under the request’s id.');
}

/** What an error says, in Korean with the particles that its names need. */
export function wordsOf(error: KorexError, lang: Language): ReturnType<KorexError['in']> {
  const { message, hint } = error.in(lang);
  return lang === 'ko' ? { message: settleParticles(message), hint: hint && settleParticles(hint) } : { message, hint };
}

export const endingProblem = (): RequestProblem =>
  new RequestProblem('ending', 'The server takes no more requests.', {
    hint: 'Try again; another server may answer.',
    headers: { 'Retry-After': '1', Connection: 'close' },
  });

/** For logs and metrics alone, since the client has left: no failure of the server. */
export const goneProblem = (): RequestProblem => new RequestProblem('gone', 'The client went away before its answer.');

/** All wrong fields of a value at once, each by its JSON pointer. */
function fieldProblem(error: z.ZodError, lang: Language): RequestProblem {
  const errors = error.issues.flatMap((issue): FieldErrors => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ field: pointerOf([...issue.path, key]), message: NO_FIELD[lang] }));
    return [{ field: pointerOf(issue.path), message: issueWords(issue)[lang] }];
  });
  const [first] = errors as [FieldErrors[number]];
  const others = errors.length - 1;
  const more = others === 0 ? '' : { en: ` (and ${others} more)`, ko: ` (그 밖에 ${others}개)` }[lang];
  const place = first.field || { en: 'The request', ko: '요청' }[lang];
  return new RequestProblem('invalid-field', `${place}: ${first.message}${more}.`, { errors });
}

const NO_FIELD: Localized = { en: 'is not a known field', ko: '모르는 항목이다' };

export const statusOf = ({ kind }: RequestProblem): number => KINDS[kind][0];

/** The problem as the answer's body. */
export function problemBody(problem: RequestProblem, requestId: string): Problem {
  const [status, title] = KINDS[problem.kind];
  return {
    type: `urn:korex:problem:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    ...(problem.hint !== undefined && { hint: problem.hint }),
    ...(problem.errors && { errors: problem.errors }),
    request_id: requestId,
  };
}

export const problemResponse = (problem: RequestProblem, requestId: string): Response =>
  new Response(JSON.stringify(problemBody(problem, requestId)), {
    status: statusOf(problem),
    headers: { 'Content-Type': PROBLEM_TYPE, 'Cache-Control': 'no-store', ...problem.headers },
  });
