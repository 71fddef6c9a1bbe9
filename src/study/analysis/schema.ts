import { z } from 'zod';
import { ERROR_CLASSES, LEFT_OUT_REASONS, PARTS, REMEDIES, SLICINGS } from './kinds.ts';

/** `error_analysis.json`: why a run's answers to test rows are wrong. Read by the report and the page. */

const count = z.int().min(0);
const share = z.number().min(0).max(1);
/** Ends of a 95 % interval. */
const interval = z.tuple([z.number(), z.number()]).readonly();
const figures = z.object({ n: count, accuracy: share, macro_f1: share, micro_f1: share });
const entity = z.object({ word: z.string(), start: count, end: count, type: z.string().nullable() });
/** A row with its sentence; offsets in code points, `end` inclusive. */
const shownRow = z.object({
  guid: z.string(),
  sentence: z.string(),
  subject: entity,
  object: entity,
});
const guids = z.array(z.string());

const caseSchema = shownRow.extend({
  gold: z.string(),
  predicted: z.string(),
  /** Calibrated probabilities of both. */
  confidence: share,
  gold_probability: share,
  class: z.enum(ERROR_CLASSES),
});

export const analysisSchema = z.object({
  version: z.literal(2),
  /** Name of the run or the model. */
  run: z.string(),
  dataset: z.object({ name: z.string(), digest: z.string(), test_rows: count }),
  /** Rows that the run was trained on, as far as they are known: the training rows of `--data` less its validation rows. */
  training: z.object({ rows: count, as_trained: z.boolean() }).nullable(),
  no_relation: z.string().nullable(),
  seed: count,
  /** Parts that could not be made. */
  left_out: z.array(z.object({ part: z.enum(PARTS), reason: z.enum(LEFT_OUT_REASONS) })),
  metrics: figures,
  errors: count,
  calibration: z.object({
    /** 1 without a calibration. */
    temperature: z.number().positive(),
    /** Expected calibration error on the test rows, without and with the temperature. */
    ece_before: share,
    ece: share,
    /** How often answers of a calibrated confidence are right on the test rows; bins (from, to], means null without rows. */
    bins: z.array(
      z.object({ from: share, to: share, rows: count, confidence: share.nullable(), accuracy: share.nullable() }),
    ),
  }),
  /** Every error in exactly one class, all classes in their order. */
  taxonomy: z.array(z.object({ class: z.enum(ERROR_CLASSES), count, share, cases: guids })),
  confusions: z.object({
    named: count,
    missed: count,
    invented: count,
    /** Pairs of named relations, most rows first. */
    pairs: z.array(
      z.object({
        gold: z.string(),
        predicted: z.string(),
        count,
        /** Of the gold label's rows. */
        share,
        /** The opposite confusion, and its share of its own gold label. */
        reverse_count: count,
        reverse_share: share,
        /** Fisher's exact test of both shares. */
        asymmetry_p: share,
        cases: guids,
      }),
    ),
    /** Relations that were taken for none, most rows first; `share` of the label's rows. */
    missed_labels: z.array(z.object({ label: z.string(), count, share, cases: guids })),
    /** Relations that were seen where there is none; `share` of the rows predicted so. */
    invented_labels: z.array(z.object({ label: z.string(), count, share, cases: guids })),
  }),
  slices: z.array(
    z.object({
      slicing: z.enum(SLICINGS),
      value: z.string(),
      n: count,
      accuracy: share,
      /** Wilson. */
      accuracy_interval: interval,
      /** Over the labels that have gold rows in the slice; bootstrap. */
      macro_f1: share,
      macro_f1_interval: interval,
      micro_f1: share,
      micro_f1_interval: interval,
      /** Accuracy less that of all other rows; null where there are none. */
      difference: z.number().nullable(),
      /** Fisher's exact test against all other rows, and the same after Holm's correction over all slices. */
      p: share,
      p_corrected: share,
      differs: z.boolean(),
    }),
  ),
  shortcuts: z
    .object({
      /** Test rows asked; a seeded sample where there are more. */
      rows: count,
      sampled: z.boolean(),
      full: figures,
      /** Nothing but both entities. */
      entities_only: figures,
      /** Both entities hidden. */
      masked: figures,
      /** The most frequent relation of the pair of entity types in training; null without training rows or types. */
      type_rule: figures.nullable(),
      right: count,
      /** Right answers that stay right with the entities alone, and with the entities hidden. */
      right_with_entities_only: count,
      right_with_masked: count,
      /** Errors whose answer is the same with the entities alone: the sentence did not change the model's mind. */
      wrong: count,
      wrong_same_with_entities_only: count,
      /** By gold label, most right rows first. */
      labels: z.array(z.object({ label: z.string(), right: count, kept: count })),
      cases: guids,
    })
    .nullable(),
  overconfident: z.object({ from: share, count, share_of_errors: share, share_of_confident: share, cases: guids }),
  /** Rows that the model answers otherwise with a high confidence. Which of both is right is not known. */
  disagreements: z.object({
    count,
    /** Answers of at least the confidence that a disagreement needs, and how many of them are right. */
    reliability: z.object({ from: share, answers: count, right: count }),
    share_of_errors: share,
    /** Mean confidence in the label of the rows that have it. */
    thresholds: z.array(z.object({ label: z.string(), threshold: share })),
    /** From the most to the least confident. */
    rows: z.array(z.object({ guid: z.string(), gold: z.string(), suggested: z.string(), confidence: share })),
    cases: guids,
  }),
  contradictions: z.object({
    /** Groups of rows that ask the same with different labels: among training rows, test rows, and one of each. */
    train_groups: count,
    test_groups: count,
    mixed_groups: count,
    test_rows: count,
    errors: count,
    cases: guids,
  }),
  neighbours: z
    .object({
      /** Training rows encoded; a seeded sample where there are more. */
      encoded: count,
      sampled: z.boolean(),
      /** Errors whose neighbours were looked up, at most that many. */
      errors: count,
      per_case: count,
      /** By the label that most of the nearest rows have (the nearest one's among equals). */
      carry: z.object({ gold: count, predicted: count, other: count }),
      cases: z.array(
        z.object({
          guid: z.string(),
          neighbours: z.array(shownRow.extend({ label: z.string(), similarity: z.number() })),
        }),
      ),
    })
    .nullable(),
  rare: z
    .object({
      /** Relations below this share of the training rows. */
      below: share,
      relations: z.array(
        z.object({
          label: z.string(),
          train_rows: count,
          train_share: share,
          support: count,
          precision: share,
          recall: share,
          f1: share,
          /** What most of its missed rows were taken for. */
          taken_for: z.object({ label: z.string(), count }).nullable(),
          remedies: z.array(
            z.object({
              remedy: z.enum(REMEDIES),
              /** Rows to add, rows that an inverse would give, rows that it concerns. */
              rows: count.nullable(),
              /** The relation to distinguish it from, or whose rows give more of it. */
              label: z.string().nullable(),
            }),
          ),
        }),
      ),
    })
    .nullable(),
  /** Class of every error, the most confident first. */
  error_list: z.array(
    z.object({
      guid: z.string(),
      gold: z.string(),
      predicted: z.string(),
      confidence: share,
      class: z.enum(ERROR_CLASSES),
    }),
  ),
  /** The rows that the lists above name. */
  cases: z.array(caseSchema),
});

/** `error_analysis.json`. */
export type ErrorAnalysis = z.output<typeof analysisSchema>;
export type AnalysisCase = ErrorAnalysis['cases'][number];
export type SliceFigures = ErrorAnalysis['slices'][number];
export type ShownRow = z.output<typeof shownRow>;
