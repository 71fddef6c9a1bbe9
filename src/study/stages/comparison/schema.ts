import { z } from 'zod';
import { localizedSchema } from '../../../base/core/validate.ts';
import { differenceSchema, summarySchema } from '../../../base/eval/ablation/results.ts';
import { eachMetric, metricsSchema } from '../../../base/eval/metrics.ts';
import { stageFile } from '../stageFile.ts';

export const COMPARISON_FOLDER = '07_model_comparison';
/** The run that all others are compared with. */
export const REFERENCE = 'baseline';

const interval = z.tuple([z.number(), z.number()]).readonly().nullable();

const comparisonSchema = z.object({
  dataset: z.object({ name: z.string(), digest: z.string(), test_rows: z.number() }),
  /** The fine-tuned run whose lead is tested, and the system that represents the state before training. */
  reference: z.string(),
  before: z.string(),
  bootstrap: z.object({ resamples: z.number(), level: z.number(), seed: z.number() }),
  /** Seeds over which the random baselines are averaged; paired tests take the first. */
  random_seeds: z.array(z.number()),
  /** Expected runs without usable predictions. */
  missing: z.array(z.string()),
  systems: z.array(
    z.object({
      system: z.string(),
      metrics: metricsSchema,
      intervals: z.object(eachMetric(() => interval)),
      /** The reference against this system. */
      against: z
        .object({
          mcnemar: z.object({
            only_first_right: z.number(),
            only_second_right: z.number(),
            method: z.enum(['exact', 'chi_square']),
            statistic: z.number().nullable(),
            p: z.number(),
          }),
          macro_f1: z.object({ difference: z.number(), low: z.number(), high: z.number(), p: z.number() }),
        })
        .nullable(),
    }),
  ),
  /** Why the majority label and the untrained head differ: where their predictions go. */
  prediction_spread: z.array(
    z.object({
      system: z.string(),
      top: z.array(z.object({ label: z.string(), share: z.number(), gold_share: z.number() })).readonly(),
      labels_predicted: z.number(),
      accuracy: z.number(),
      blind_accuracy: z.number(),
    }),
  ),
  classes: z.array(z.object({ label: z.string(), support: z.number(), f1: z.record(z.string(), z.number()) })),
  /** The reference against the best attempt to improve it; null where there is no other run. */
  improvement: z
    .object({
      before: z.string(),
      after: z.string(),
      /** The runs that `after` was chosen from, by macro-F1 on their validation rows. */
      attempts: z.array(z.string()),
      validation_macro_f1: z.number().nullable(),
      /** After minus before. */
      differences: z.object(eachMetric(() => differenceSchema.nullable())),
    })
    .nullable(),
  /** Verdicts of `korex experiment`, of results below `--out` and of those committed with korex. */
  experiments: z.array(
    z.object({
      name: z.string(),
      origin: z.enum(['out', 'korex']),
      description: localizedSchema.nullable(),
      seeds: z.array(z.number()),
      data: z.string(),
      training_rows: z.number(),
      judged_rows: z.number(),
      resamples: z.number(),
      baseline: summarySchema,
      techniques: z.array(summarySchema),
      final: z
        .object({ test_rows: z.number(), baseline: summarySchema, techniques: z.array(summarySchema) })
        .nullable(),
    }),
  ),
});
/** `comparison.json` of stage 07. */
export type ComparisonFile = z.output<typeof comparisonSchema>;
export const comparisonFile = stageFile('compare', COMPARISON_FOLDER, 'comparison.json', comparisonSchema);
