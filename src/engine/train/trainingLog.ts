import { z } from 'zod';
import { metricsSchema } from '../../base/eval/metrics.ts';

/** Metrics on the validation rows, and their mean loss; `loss` is null without rows and in files of older versions. */
export const validationSchema = metricsSchema.extend({
  loss: z.number().nullable().default(null),
});

export const validationEntrySchema = z.object({
  step: z.number().int(),
  epoch: z.number().int(),
  validation: validationSchema,
});

export const logEntrySchema = z.union([
  z.object({
    step: z.number().int(),
    epoch: z.number().int(),
    loss: z.number(),
    lr: z.number(),
    norm: z.number(),
  }),
  validationEntrySchema,
]);

export type Validation = z.output<typeof validationSchema>;
/** A validation, after a step of an epoch (counted from 1). */
export type ValidationEntry = z.output<typeof validationEntrySchema>;
/** A line of `training_log.jsonl`: an optimizer step, or a validation. */
export type LogEntry = z.output<typeof logEntrySchema>;

export const validationsOf = (log: readonly LogEntry[]): ValidationEntry[] =>
  log.flatMap((entry) => ('validation' in entry ? entry : []));
