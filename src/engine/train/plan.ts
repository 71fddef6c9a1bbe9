import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  BEST_METRICS,
  HEAD_NAMES,
  LORA_TARGETS,
  LOSS_NAMES,
  MARKER_NAMES,
  SAMPLING_NAMES,
  SCHEDULE_NAMES,
} from '../../base/core/settings.ts';

/** Everything that decides what a training ends in, with no `auto` left. A checkpoint holds it, and resuming compares it. */
export const trainingPlanSchema = z.object({
  encoder: z.string(),
  encoderLayers: z.number().int().nullable(),
  marker: z.enum(MARKER_NAMES),
  head: z.enum(HEAD_NAMES),
  loss: z.enum(LOSS_NAMES),
  maxLength: z.number().int(),
  epochs: z.number().int(),
  batchSize: z.number().int(),
  lr: z.number(),
  schedule: z.enum(SCHEDULE_NAMES),
  warmup: z.number(),
  weightDecay: z.number(),
  clip: z.number(),
  /** The encoder's own rates when null. */
  dropout: z.number().nullable(),
  accumulate: z.number().int(),
  // Files written before these settings existed lack them.
  question: z.boolean().default(false),
  /** Techniques that make rows, in the order of their table, with commas; none when null. */
  augment: z.string().nullable().default(null),
  augmentShare: z.number().nullable().default(null),
  freezeLayers: z.number().int().default(0),
  layerDecay: z.number().default(1),
  /** No adapters when null. */
  loraRank: z.number().int().nullable().default(null),
  loraAlpha: z.number().nullable().default(null),
  loraTargets: z.enum(LORA_TARGETS).nullable().default(null),
  /** Null unless the loss is focal. */
  focalGamma: z.number().nullable().default(null),
  /** Null unless the loss is weighted by the effective number of rows. */
  effectiveBeta: z.number().nullable().default(null),
  labelSmoothing: z.number().default(0),
  logitAdjust: z.number().default(0),
  sampling: z.enum(SAMPLING_NAMES).default('none'),
  /** Decay of the moving average of the weights; none at 0. */
  ema: z.number().default(0),
  /** Steps between validations; the end of each epoch when null. */
  evalEvery: z.number().int().nullable().default(null),
  bestMetric: z.enum(BEST_METRICS).default('macro_f1'),
  patience: z.number().int().nullable().default(null),
  /** Passes of masked-language-model pretraining before; rate and seed are null where there are none. */
  taptEpochs: z.number().int().default(0),
  taptLr: z.number().nullable().default(null),
  taptSeed: z.number().int().nullable().default(null),
  /** Digests of the teachers' files, with commas between; no teachers where these three are null. */
  teachers: z.string().nullable().default(null),
  distillWeight: z.number().nullable().default(null),
  distillTemperature: z.number().nullable().default(null),
  validation: z.number(),
  seed: z.number().int(),
  /** Digest of the rows trained and validated on. */
  data: z.string(),
});

export type TrainingPlan = Readonly<z.output<typeof trainingPlanSchema>>;

/** Digest of rows, for `TrainingPlan.data`. */
export const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** The names in which two plans differ. */
export const differences = (a: TrainingPlan, b: TrainingPlan): string[] =>
  Object.keys(trainingPlanSchema.shape).filter(
    (name) => a[name as keyof TrainingPlan] !== b[name as keyof TrainingPlan],
  );
