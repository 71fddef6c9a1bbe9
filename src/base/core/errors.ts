/**
 * The only error that korex raises on purpose. Any other that reaches the top is a bug.
 *
 * `message` says what was wrong and where (file, row, field), what was found and what was expected;
 * `hint` says what to do about it. Only `cli/main.ts` turns one into an exit code.
 */
export class KorexError extends Error {
  override readonly name = 'KorexError';
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  /** Where in a request the error is, as a JSON pointer (RFC 6901), e.g. `/subject/word`; undefined for all else. */
  readonly field: string | undefined;

  constructor(kind: ErrorKind, message: string, hint?: string, cause?: unknown, field?: string) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.hint = hint;
    this.field = field;
  }
}

/** `usage`: wrong options or bad input, exit code 2. `failed`: the work itself failed, exit code 1. */
export type ErrorKind = 'usage' | 'failed';

/** Bad options, bad files, bad rows: exit code 2. */
export const usageError = (message: string, hint?: string, cause?: unknown): KorexError =>
  new KorexError('usage', message, hint, cause);

/** A request with a wrong field, given as a JSON pointer: exit code 2. */
export const fieldError = (field: string, message: string, hint?: string): KorexError =>
  new KorexError('usage', message, hint, undefined, field);

/** The work could not be finished (NaN loss, full disk, unreadable checkpoint…): exit code 1. */
export const failure = (message: string, hint?: string, cause?: unknown): KorexError =>
  new KorexError('failed', message, hint, cause);
