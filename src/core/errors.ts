/**
 * The one error that korex raises on purpose. Whatever else reaches the top is a bug.
 *
 * `message` says what was wrong and where (file, row, field), what was found and what was expected;
 * `hint` says how to mend it. Only `cli/main.ts` turns one into an exit code.
 */
export class KorexError extends Error {
  override readonly name = 'KorexError';
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.hint = hint;
  }
}

/** `usage`: wrong options or bad input, exit code 2. `failed`: the work itself failed, exit code 1. */
export type ErrorKind = 'usage' | 'failed';

/** Bad options, bad files, bad rows: exit code 2. */
export const usageError = (message: string, hint?: string, cause?: unknown): KorexError =>
  new KorexError('usage', message, hint, cause);

/** The work could not be finished (NaN loss, full disk, unreadable checkpoint…): exit code 1. */
export const failure = (message: string, hint?: string, cause?: unknown): KorexError =>
  new KorexError('failed', message, hint, cause);
