import { join } from 'node:path';
import { z } from 'zod';
import { writeFigure } from '../../base/charts/figure.ts';
import { trainingCurve } from '../../base/charts/trainingCurve.ts';
import { parseJsonLines, toJsonLines, writeFileAtomic } from '../../base/core/files.ts';
import { metricsSchema } from '../../base/eval/metrics.ts';
import { RUN_FIGURES, RUN_FILES } from './runFolder.ts';

/** Metrics on the validation rows, and their mean loss; `loss` is null without rows and in files of older versions. */
const validationSchema = metricsSchema.extend({
  loss: z.number().nullable().default(null),
  /** The same where pairs of a sentence share a pass, of a model that is trained for it. */
  shared: metricsSchema.extend({ loss: z.number().nullable() }).optional(),
});

export const validationEntrySchema = z.object({
  step: z.number().int(),
  epoch: z.number().int(),
  validation: validationSchema,
});

const stepEntrySchema = z.object({
  step: z.number().int(),
  epoch: z.number().int(),
  loss: z.number(),
  lr: z.number(),
  norm: z.number(),
});

export const logSchema = z.array(z.union([stepEntrySchema, validationEntrySchema]));

export type Validation = z.output<typeof validationSchema>;
/** A validation, after a step of an epoch (counted from 1). */
export type ValidationEntry = z.output<typeof validationEntrySchema>;
/** A line of the log: an optimizer step, or a validation. */
export type LogEntry = z.output<typeof logSchema>[number];

export const validationsOf = (log: readonly LogEntry[]): ValidationEntry[] =>
  log.flatMap((entry) => ('validation' in entry ? entry : []));

export const stepsOf = (log: readonly LogEntry[]) => log.flatMap((entry) => ('loss' in entry ? entry : []));

/** Writes the log into a run's folder. */
export const writeLog = (run: string, log: readonly LogEntry[]): Promise<void> =>
  writeFileAtomic(join(run, RUN_FILES.log), toJsonLines(log));

/** The log of a finished run; null where the text is none. */
export function parseLog(text: string): LogEntry[] | null {
  try {
    return logSchema.safeParse(parseJsonLines(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Writes the training curve into a run's folder, in both languages; a validation within an epoch is drawn between the epochs. */
export const writeTrainingCurve = (run: string, log: readonly LogEntry[], stepsPerEpoch: number): Promise<void> => {
  const epochs = validationsOf(log).map(({ validation, step }) => ({
    ...validation,
    epoch: step / stepsPerEpoch,
    step,
  }));
  return writeFigure(run, RUN_FIGURES.curve, (lang) => trainingCurve({ steps: stepsOf(log), epochs }, lang));
};
