import { z } from 'zod';
import { VERSION } from '../../base/core/version.ts';
import { bundledName } from '../nn/bundledModels.ts';
import { digestOf } from '../runs/plan.ts';

/** Everything that decides what a pretraining ends in; a checkpoint holds it, and the folder of the result is named for it. */
export const pretrainPlanSchema = z.object({
  /** Of korex: another one may train otherwise. */
  version: z.string(),
  /** Digest of the encoder's files. */
  encoder: z.string(),
  /** Layers in use; all when null. */
  layers: z.number().int().nullable(),
  /** Special tokens that the vocabulary gets. */
  tokens: z.array(z.string()),
  epochs: z.number().int(),
  batchSize: z.number().int(),
  lr: z.number(),
  warmup: z.number(),
  weightDecay: z.number(),
  clip: z.number(),
  /** The encoder's own rates when null. */
  dropout: z.number().nullable(),
  seed: z.number().int(),
  /** Digest of all inputs, held-out ones included. */
  sentences: z.string(),
});

export type PretrainPlan = Readonly<z.output<typeof pretrainPlanSchema>>;

/** The values of a pretraining that no setting changes, or that hold where none is given. */
export const PRETRAIN_DEFAULTS = {
  version: VERSION,
  epochs: 10,
  /** Sentences a step. */
  batchSize: 64,
  warmup: 0.06,
  weightDecay: 0.01,
  clip: 1,
} as const;

/**
 * The peak rate. For encoders in the box half of what did well with four times as many sentences a step
 * (`tools/pretrain/README.md`), as AdamW's rates go with the square root of the batch; for others a usual one of fine-tuning,
 * which was not compared.
 */
export const pretrainRate = (encoder: string): number => (bundledName(encoder) === undefined ? 5e-5 : 2e-4);

/** A short name of a plan, for a folder. */
export const planKey = (plan: PretrainPlan): string => digestOf(pretrainPlanSchema.parse(plan)).slice(0, 16);

/** Whether two plans lead to the same encoder. */
export const samePlan = (a: PretrainPlan, b: PretrainPlan): boolean =>
  digestOf(pretrainPlanSchema.parse(a)) === digestOf(pretrainPlanSchema.parse(b));
