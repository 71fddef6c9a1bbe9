import type { Language, Localized } from './types.ts';

/** A text for people: in English, or in both languages where it has been translated. */
export type Words = string | Localized;

/** A text made in both languages. */
export const inBoth = (text: (lang: Language) => string): Localized => ({ en: text('en'), ko: text('ko') });

const inLanguage = (words: Words, lang: Language): string => (typeof words === 'string' ? words : words[lang]);

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
  readonly #words: { readonly message: Words; readonly hint: Words | undefined };

  constructor(kind: ErrorKind, message: Words, hint?: Words, cause?: unknown, field?: string) {
    super(inLanguage(message, 'en'), cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.hint = hint === undefined ? undefined : inLanguage(hint, 'en');
    this.field = field;
    this.#words = { message, hint };
  }

  /** Message and hint in a language, so far as they are translated; `message` and `hint` are English. */
  in(lang: Language): { readonly message: string; readonly hint: string | undefined } {
    const { message, hint } = this.#words;
    return { message: inLanguage(message, lang), hint: hint === undefined ? undefined : inLanguage(hint, lang) };
  }
}

/** `usage`: wrong options or bad input, exit code 2. `failed`: the work itself failed, exit code 1. */
export type ErrorKind = 'usage' | 'failed';

/** Bad options, bad files, bad rows: exit code 2. */
export const usageError = (message: Words, hint?: Words, cause?: unknown): KorexError =>
  new KorexError('usage', message, hint, cause);

/** A request with a wrong field, given as a JSON pointer: exit code 2. */
export const fieldError = (field: string, message: Words, hint?: Words): KorexError =>
  new KorexError('usage', message, hint, undefined, field);

/** The work could not be finished (NaN loss, full disk, unreadable checkpoint…): exit code 1. */
export const failure = (message: Words, hint?: Words, cause?: unknown): KorexError =>
  new KorexError('failed', message, hint, cause);
