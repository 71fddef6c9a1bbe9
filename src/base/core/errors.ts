import type { Language, Localized } from './types.ts';

/** A text that somebody else wrote (the system, a library), the same in both languages. */
export const asGiven = (text: string): Localized => ({ en: text, ko: text });

/** A text made in both languages. */
export const inBoth = (text: (lang: Language) => string): Localized => ({ en: text('en'), ko: text('ko') });

/**
 * The only error that korex raises on purpose. Any other that reaches the top is a bug.
 *
 * `message` says what was wrong and where (file, row, field), what was found and what was expected;
 * `hint` says what to do about it, both in English; `words` has them in both languages, so that whoever shows the error
 * chooses. Only `cli/main.ts` turns one into an exit code.
 */
export class KorexError extends Error {
  override readonly name = 'KorexError';
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  /** Where in a request the error is, as a JSON pointer (RFC 6901), e.g. `/subject/word`; undefined for all else. */
  readonly field: string | undefined;
  readonly words: { readonly message: Localized; readonly hint: Localized | undefined };

  constructor(kind: ErrorKind, message: Localized, hint?: Localized, cause?: unknown, field?: string) {
    super(message.en, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.hint = hint?.en;
    this.field = field;
    this.words = { message, hint };
  }

  /** Message and hint in a language. */
  in(lang: Language): { readonly message: string; readonly hint: string | undefined } {
    const { message, hint } = this.words;
    return { message: message[lang], hint: hint?.[lang] };
  }
}

/**
 * `usage`: wrong options or bad input, exit code 2. `failed`: the work itself failed, exit code 1. `temporary`: the same may
 * go well later, exit code 75 (EX_TEMPFAIL of sysexits.h), by which schedulers know to try again.
 */
export type ErrorKind = 'usage' | 'failed' | 'temporary';

/** Bad options, bad files, bad rows: exit code 2. */
export const usageError = (message: Localized, hint?: Localized, cause?: unknown): KorexError =>
  new KorexError('usage', message, hint, cause);

/** A request with a wrong field, given as a JSON pointer: exit code 2. */
export const fieldError = (field: string, message: Localized, hint?: Localized): KorexError =>
  new KorexError('usage', message, hint, undefined, field);

/** The work could not be finished (NaN loss, full disk, unreadable checkpoint…): exit code 1. */
export const failure = (message: Localized, hint?: Localized, cause?: unknown): KorexError =>
  new KorexError('failed', message, hint, cause);

/** What has nothing to do with the work itself (no connection, a busy server, a process that was killed): exit code 75, try again. */
export const temporary = (message: Localized, hint?: Localized, cause?: unknown): KorexError =>
  new KorexError('temporary', message, hint, cause);
