import { z } from 'zod';
import { asGiven, inBoth, KorexError, usageError } from './errors.ts';
import { readJson } from './files.ts';
import { issueWords } from './issueWords.ts';
import type { Localized } from './types.ts';

/** A text in both languages. */
export const localizedSchema = z.object({ ko: z.string(), en: z.string() });

/** The error for a value that does not fit its schema: "`PATH` is no calibration of a model: FIELD: …", and the hint. */
export interface Refusal {
  /** Follows the path, e.g. `is no calibration of a model`; in Korean after a colon, e.g. `모델의 보정이 아니다`. */
  readonly says: Localized;
  readonly hint: Localized;
  /** The error to raise; default `usageError`. */
  readonly error?: (message: Localized, hint: Localized, cause: unknown) => KorexError;
}

const THE_FILE: Localized = { en: 'the file', ko: '파일' };

/** Where a value first differs from its schema, and how: `best.step: expected number, received string`. */
export function firstIssue({ issues }: z.ZodError): Localized {
  const issue = issues[0]!;
  const words = issueWords(issue);
  return inBoth((lang) => `${issue.path.map(String).join('.') || THE_FILE[lang]}: ${words[lang]}`);
}

/** What an error says: the first issue of a schema's, both languages of korex's own, another's as it is. */
export function reasonOf(error: unknown): Localized {
  if (error instanceof z.ZodError) return firstIssue(error);
  if (error instanceof KorexError) return error.words.message;
  return asGiven(error instanceof Error ? error.message : String(error));
}

/** A value from `path`, held to a schema. Errors: what `refusal` makes of the first thing that does not fit. */
export function validated<T extends z.ZodType>(
  path: string,
  value: unknown,
  schema: T,
  { says, hint, error = usageError }: Refusal,
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = firstIssue(parsed.error);
  throw error({ en: `${path} ${says.en}: ${issue.en}.`, ko: `${path}: ${says.ko}: ${issue.ko}.` }, hint, parsed.error);
}

/** A JSON file held to a schema. Errors: `usage` where it cannot be read or is no JSON, else those of `validated`. */
export const readValidated = async <T extends z.ZodType>(
  path: string,
  schema: T,
  refusal: Refusal,
): Promise<z.output<T>> => validated(path, await readJson(path), schema, refusal);
