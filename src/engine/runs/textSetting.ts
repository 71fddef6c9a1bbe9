import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.int().min(0);

/** What answers are like on documents that the setting was not fitted on: cross-validated. */
export const textFiguresSchema = z.object({
  precision: share,
  recall: share,
  f1: share,
  /** Share of the documents without any relation in which one is asserted; null where there are none. */
  relation_free: share.nullable(),
  /** Expected calibration error of the relations asserted. */
  ece: share,
});

/** How the pairs of a text are decided: fitted on annotated documents. */
export const textSettingSchema = z.object({
  /** What it was fitted on. */
  documents: z.int().min(1),
  pairs: z.int().min(1),
  temperature: z.number().positive(),
  /** Added to the logits, by label: what is as likely in text as in training has 0. */
  bias: z.record(z.string(), z.number()),
  /** From the probability of a relation, given both directions, to its confidence. */
  confidence: z.object({ slope: z.number(), offset: z.number() }),
  thresholds: z.object({ default: share, per_relation: z.record(z.string(), share) }),
  rules: z.object({ types: z.boolean(), directions: z.boolean(), counts: z.boolean() }),
  /** What the rules know of each relation. */
  relations: z.record(
    z.string(),
    z.object({
      types: z.array(z.string()).nullable(),
      inverse: z.string().nullable(),
      max_objects: z.int().min(1).nullable(),
    }),
  ),
  folds: count,
  measured: textFiguresSchema,
  /** The same with each pair decided by itself, and without each of the rules. */
  ablation: z.record(z.string(), textFiguresSchema),
  /** Precision and recall by threshold, on documents that the setting was not fitted on. */
  curve: z.array(z.object({ threshold: share, precision: share.nullable(), recall: share })),
});

export type TextSetting = z.output<typeof textSettingSchema>;
export type TextFigures = z.output<typeof textFiguresSchema>;
