import { z } from 'zod';
import { CRITERION_NAMES } from '../../../base/core/settings.ts';
import { localizedSchema } from '../../../base/core/validate.ts';
import { stageFile } from '../stageFile.ts';

export const SELECTION_FOLDER = '04_klue_re_llm_selection';
export const SELECTION_FIGURES = { scores: 'candidate_scores', quality: 'quality_cost' } as const;

const score = z.number();
const outcome = { order: z.array(z.string()).readonly(), winner: z.string(), margin: z.number() };

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
      title: localizedSchema,
      why: localizedSchema,
      scale: localizedSchema,
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
      reason: localizedSchema,
      note: localizedSchema,
    }),
  ),
  sensitivity: z.array(z.object({ criterion: z.enum(CRITERION_NAMES), factor: z.number(), ...outcome })),
  assumptions: z.array(z.object({ assumption: z.string(), title: localizedSchema, ...outcome })),
});

export type SelectionFile = z.output<typeof selectionSchema>;

export const selectionFile = stageFile('select', SELECTION_FOLDER, 'selection.json', selectionSchema);
