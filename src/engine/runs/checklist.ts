import { z } from 'zod';
import { metricsSchema } from '../../base/eval/metrics.ts';
import { confusionSchema } from './summary.ts';

const status = z.enum(['passed', 'attention', 'failed']);
const count = z.number().int().min(0);
const brief = z.object({ label: z.string(), f1: z.number(), support: count });

const item = <Check extends string, Evidence extends z.ZodType>(check: Check, evidence: Evidence) =>
  z.object({ check: z.literal(check), status, evidence });

/**
 * `RUN_FILES.checklist`: the study's five questions about an evaluation, with the evidence for each answer.
 * `passed`; `attention` where the figures should be read with care; `failed`.
 */
export const checklistSchema = z.array(
  z.discriminatedUnion('check', [
    item(
      'leakage',
      z.object({
        validation_rows_with_training_sentence: count,
        test_rows_with_training_sentence: count,
        metrics_without_these_test_rows: metricsSchema,
      }),
    ),
    item('reproducibility', z.object({ seed: count, rows: count, steps: count, weight_digests: z.array(z.string()) })),
    item(
      'accuracy_vs_macro_f1',
      z.object({
        accuracy: z.number(),
        macro_f1: z.number(),
        gap: z.number(),
        most_frequent_test_label_share: z.number(),
      }),
    ),
    item(
      'class_spread',
      z.object({
        mean_f1: z.number(),
        deviation_f1: z.number(),
        best: z.array(brief),
        worst: z.array(brief),
        labels_never_right: z.array(z.string()),
      }),
    ),
    item(
      'error_samples',
      z.object({
        errors: count,
        of: count,
        errors_with_confidence_from_0_9: count,
        top_confusions: z.array(confusionSchema),
        file: z.string(),
      }),
    ),
  ]),
);

/** A point of the checklist. */
export type ChecklistItem = z.output<typeof checklistSchema>[number];
