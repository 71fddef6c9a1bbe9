import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import type { Priors } from './postprocessing.ts';

const priorsSchema = z.record(z.string(), z.number());

/** Class priors of a JSON file: label → share. Errors: `usage` for a file that is none. */
export async function readPriors(path: string): Promise<Priors> {
  const parsed = priorsSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const { path: key, message } = parsed.error.issues[0]!;
  throw usageError(
    `${path} holds no class priors: ${key.join('.') || 'the file'}: ${message}.`,
    'Write a JSON object with a share for every label, e.g. {"no_relation": 0.6, "per:title": 0.1, …}.',
  );
}
