import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import { readJson } from '../../../base/core/files.ts';
import { CRITERION_NAMES } from '../../../base/core/settings.ts';

export const SELECTION_FOLDER = '04_klue_re_llm_selection';
export const selectionPath = (out: string): string => join(out, SELECTION_FOLDER, 'selection.json');

const localized = z.object({ ko: z.string(), en: z.string() });
const score = z.number();
const outcome = { order: z.array(z.string()), winner: z.string(), margin: z.number() };

/** What the report reads of `selection.json`. */
const selectionSchema = z.object({
  selected: z.string(),
  margin: z.number(),
  encoder_in_use: z.string(),
  workload: z.object({ tokens: z.number(), batch: z.number(), epochs: z.number() }),
  criteria: z.array(
    z.object({
      name: z.enum(CRITERION_NAMES),
      weight: z.number(),
      title: localized,
      why: localized,
      scale: localized,
    }),
  ),
  candidates: z.array(
    z.object({
      rank: z.number().nullable(),
      id: z.string(),
      use: z.enum(['head', 'vector', 'text']),
      licence: z.object({ name: z.string(), source: z.string() }),
      published: z.object({ micro_f1: z.number(), auprc: z.number(), source: z.string() }).nullable(),
      recipeEpochs: z.object({ value: z.number(), source: z.string() }).nullable(),
      computed: z.object({
        parameters: z.number(),
        weight_bytes: z.number(),
        training_bytes: z.number(),
        multiply_adds: z.number(),
        epochs: z.number(),
        training_multiply_adds: z.number(),
      }),
      scores: z.object({ quality: score, licence: score, fit: score, cost: score }),
      score,
      reason: localized,
      note: localized,
    }),
  ),
  sensitivity: z.array(z.object({ criterion: z.enum(CRITERION_NAMES), factor: z.number(), ...outcome })),
  assumptions: z.array(z.object({ assumption: z.string(), title: localized, ...outcome })),
});

export type SelectionFile = z.output<typeof selectionSchema>;

/** Errors: `usage`, with the path and the field, where the file is missing or not as stage 04 writes it. */
export async function readSelection(out: string): Promise<SelectionFile> {
  const path = selectionPath(out);
  const parsed = selectionSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw usageError(
    `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}.`,
    'Run `korex select --force` again.',
  );
}
