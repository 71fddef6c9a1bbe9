import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readJson } from '../../base/core/files.ts';
import { entityReportSchema } from '../../base/eval/entityMetrics.ts';
import { eachMetric, metricsSchema } from '../../base/eval/metrics.ts';
import { RECIPE_SETTINGS, trainingPlanSchema } from './plan.ts';
import { readRunFile } from './readRunFile.ts';
import { RUN_FILES } from './runFolder.ts';

const count = z.number().int().min(0);
const interval = z.tuple([z.number(), z.number()]).nullable();

/** A gold label that was often predicted as another one. */
export const confusionSchema = z.object({ gold: z.string(), predicted: z.string(), count, share: z.number() });

/** How a run came by its hyper-parameters: the reason of the recipe that `auto` takes, and the settings that were given instead. */
const choiceSchema = z.object({
  recipe: z.object({ ko: z.string(), en: z.string() }),
  given: z.array(z.enum(RECIPE_SETTINGS)),
});

/** `RUN_FILES.summary`: what an evaluation measured, then how the run came about, as far as its kind has it. */
export const summarySchema = z.object({
  metrics: metricsSchema,
  intervals: z.object(eachMetric(() => interval)),
  /** Figures on the validation rows; null where there are none. */
  validation: metricsSchema.nullable(),
  errors: count,
  top_confusions: z.array(confusionSchema),
  bootstrap: z.object({ resamples: count, level: z.number(), seed: count }),
  /** Name of the data; summaries of older versions lack it. */
  dataset: z.string().optional(),
  trained_rows: count,
  /** Pairs of documents that were trained on beside the rows. */
  text_rows: count.optional(),
  /** How rows were chosen, where not by the defaults; files by their names. */
  row_settings: z
    .object({ trainRows: count, textData: z.string(), textPairs: z.string(), textNegatives: z.number() })
    .partial()
    .optional(),
  /** Rows made from these, by technique. */
  augmented_rows: z.record(z.string(), count).optional(),
  /** Share of the tokens of the rows, trained on or evaluated, that the vocabulary lacks. */
  unknown_tokens: z.number().min(0).max(1).optional(),
  /** Runs that share it were trained and validated on the same rows. */
  split: z.string().optional(),
  best_epoch: count.optional(),
  best_step: count.optional(),
  steps: count.optional(),
  stopped_early: z.boolean().optional(),
  plan: trainingPlanSchema.optional(),
  choice: choiceSchema.optional(),
  /** Of a model that finds entities: precision, recall and F1 on its test sentences; null without any. */
  entities: entityReportSchema.nullable().optional(),
  /** Names of the models that it learned from. */
  teachers: z.array(z.string()).optional(),
  /** Names of the runs that an ensemble is made of. */
  ensemble: z.array(z.string()).optional(),
});

/** The summary of a run that was fine-tuned. */
const fineTunedSchema = summarySchema.extend({
  best_epoch: count,
  steps: count,
  plan: trainingPlanSchema,
  choice: choiceSchema,
});

export type RunSummary = z.output<typeof summarySchema>;
export type FineTunedSummary = z.output<typeof fineTunedSchema>;
/** How a run came about: what its summary has beside the evaluation. */
export type RunFacts = Partial<
  Omit<RunSummary, 'metrics' | 'intervals' | 'validation' | 'errors' | 'top_confusions' | 'bootstrap'>
>;

/** The summary of a run's folder. Errors: `usage` where there is none, `failed` where it is not one of stage 06. */
export const readSummary = (out: string, name: string): Promise<RunSummary> =>
  readRunFile(out, name, RUN_FILES.summary, summarySchema);

/** The same of a fine-tuned run. */
export const readFineTunedSummary = (out: string, name: string): Promise<FineTunedSummary> =>
  readRunFile(out, name, RUN_FILES.summary, fineTunedSchema);

/** A summary from its path; null where it is not there or not one of korex. */
export const summaryAt = (path: string): Promise<RunSummary | null> => partAt(path, summarySchema);

/** What a summary has of some fields, whatever it lacks of the others; null where it lacks one of these. */
export async function partAt<T extends z.ZodType>(path: string, part: T): Promise<z.output<T> | null> {
  if (!existsSync(path)) return null;
  return part.safeParse(await readJson(path).catch(() => null)).data ?? null;
}
