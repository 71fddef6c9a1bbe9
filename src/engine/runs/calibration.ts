import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readValidated } from '../../base/core/validate.ts';
import { textSettingSchema } from './textSetting.ts';

/** Temperature, thresholds and priors of a model's answers, in its folder: fitted on validation rows at the end of a training. */
export const CALIBRATION_FILE = 'calibration.json';

const probability = z.number().min(0).max(1);

/** A bin of a reliability diagram: rows whose confidence lies in it, their mean confidence, the share that is right. */
const binSchema = z.object({
  from: probability,
  to: probability,
  rows: z.int().min(0),
  confidence: probability.nullable(),
  accuracy: probability.nullable(),
});

const reliabilitySchema = z.object({
  /** Mean negative log-likelihood of the labels. */
  nll: z.number().min(0),
  /** Expected calibration error. */
  ece: probability,
  bins: z.array(binSchema),
});

const figuresSchema = z.object({ accuracy: probability, macro_f1: probability, micro_f1: probability });

export const calibrationSchema = z.object({
  /** Validation rows that all of this was fitted on. */
  rows: z.int().min(1),
  temperature: z.number().positive(),
  before: reliabilitySchema,
  after: reliabilitySchema,
  thresholds: z.object({
    default: probability,
    per_relation: z.record(z.string(), probability),
  }),
  training: z.object({
    rows: z.int().min(1),
    /** Share of each label as the loss saw it, that is, with its class weights. */
    priors: z.record(z.string(), probability),
    /** Relations by pair of entity types; null where rows have no types. */
    type_pairs: z
      .array(z.object({ subject: z.string(), object: z.string(), relations: z.array(z.string()) }))
      .nullable(),
  }),
  /** Whether to mask relations that a type pair never had, and the validation figures that this was chosen by. */
  type_mask: z.object({ use: z.boolean(), without: figuresSchema, with: figuresSchema }).nullable(),
  /** For the pairs of a text, where it was fitted on documents; all else here is for a marked pair. */
  text: textSettingSchema.nullable().default(null),
});

export type Calibration = z.output<typeof calibrationSchema>;
export type Reliability = z.output<typeof reliabilitySchema>;
export type ReliabilityBin = z.output<typeof binSchema>;

/**
 * The calibration of a model folder; null where it has none, as before korex fitted any or for classifiers made elsewhere.
 *
 * Errors: `usage` for a file that is none.
 */
export async function loadCalibration(folder: string): Promise<Calibration | null> {
  const path = join(folder, CALIBRATION_FILE);
  if (!existsSync(path)) return null;
  return readValidated(path, calibrationSchema, {
    says: { en: 'is no calibration of a model', ko: '모델의 보정 파일이 아니다' },
    hint: {
      en: 'Remove it to answer uncalibrated, or train the run again.',
      ko: '지우면 보정 없이 답한다. 아니면 다시 학습한다.',
    },
  });
}
