import { z } from 'zod';
import { localizedSchema } from '../../../base/core/validate.ts';
import { stageFile } from '../stageFile.ts';

export const DATASET_FOLDER = '02_klue_re_dataset_construction';

const count = z.number().int().min(0);
const parts = <T extends z.ZodType>(value: T) => z.object({ train: value, validation: value, test: value });
const fitsSchema = z.object({ whole: count, window: count, pieces: count, cut: count, impossible: count });

const checkSchema = z.object({
  name: z.string(),
  description: localizedSchema,
  status: z.enum(['pass', 'warn', 'fail']),
  /** How many of `unit` were looked at, and how many of them violate the check. */
  unit: z.enum(['rows', 'groups', 'sentences', 'labels', 'tokens']),
  checked: count,
  count,
  /** The first few violations. */
  examples: z.array(
    z.object({ part: z.enum(['train', 'validation', 'test']), guid: z.string().nullable(), note: z.string() }),
  ),
});

const qualitySchema = z.object({
  encoder: z.string(),
  marker: z.string(),
  max_length: count,
  rows: parts(count),
  labels: count,
  /** How many rows came whole, in a window, in two pieces, without context, or not at all into the longest input. */
  fits: parts(fitsSchema),
  /** A training row before and after preprocessing; null where no row could be encoded. */
  example: z
    .object({
      sentence: z.string(),
      subject: z.string(),
      object: z.string(),
      /** Before the marked text, as the first of a pair; null where the model is asked none. */
      question: z.string().nullable().default(null),
      marked_text: z.string(),
      tokens: z.array(z.string()),
      subject_position: count,
      object_position: count,
      label: z.string(),
      label_id: count,
    })
    .nullable(),
  summary: z.object({ passed: count, warned: count, failed: count }),
  interpretation: localizedSchema,
  checks: z.array(checkSchema),
});

export type FitCounts = z.output<typeof fitsSchema>;
export type QualityCheck = z.output<typeof checkSchema>;
/** `quality_checks.json`. */
export type QualityReport = z.output<typeof qualitySchema>;
export const qualityFile = stageFile('dataset', DATASET_FOLDER, 'quality_checks.json', qualitySchema);

const splitsSchema = z.object({
  seed: count,
  validation_share: z.number(),
  parts: parts(z.object({ rows: count, sentences: count, labels: z.record(z.string(), count), sha256: z.string() })),
  shared_sentences: z.object({ train_validation: count, train_test: count, validation_test: count }),
});
/** `splits.json`. */
export type SplitsFile = z.output<typeof splitsSchema>;

export const splitsFile = stageFile('dataset', DATASET_FOLDER, 'splits.json', splitsSchema);
