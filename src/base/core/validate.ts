import { z } from 'zod';
import { type KorexError, usageError } from './errors.ts';
import { readJson } from './files.ts';

/** A text in both languages. */
export const localizedSchema = z.object({ ko: z.string(), en: z.string() });

/** The error for a value that does not fit its schema: "`PATH` is no calibration of a model: FIELD: …", and the hint. */
export interface Refusal {
  /** Follows the path, e.g. `is no calibration of a model`. */
  readonly says: string;
  readonly hint: string;
  /** The error to raise; default `usageError`. */
  readonly error?: (message: string, hint: string, cause: unknown) => KorexError;
}

/** Where a value first differs from its schema, and how: `best.step: expected number, received string`. */
export function firstIssue({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return `${path.map(String).join('.') || 'the file'}: ${message}`;
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
  throw error(`${path} ${says}: ${firstIssue(parsed.error)}.`, hint, parsed.error);
}

/** A JSON file held to a schema. Errors: `usage` where it cannot be read or is no JSON, else those of `validated`. */
export const readValidated = async <T extends z.ZodType>(
  path: string,
  schema: T,
  refusal: Refusal,
): Promise<z.output<T>> => validated(path, await readJson(path), schema, refusal);
