import { z } from 'zod';
import type { Settings } from '../../../base/core/settings.ts';
import { localizedSchema } from '../../../base/core/validate.ts';
import { stageFile } from '../stageFile.ts';

export const EDA_FOLDER = '01_klue_re_eda';

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const counted = z.object({ count, share });
/** A figure of the training rows beside that of the test rows. */
const sides = <T extends z.ZodType>(value: T) => z.object({ train: value, test: value });
const numbers = z.object({
  n: count,
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  deviation: z.number(),
  median: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
});

/** What stage 01 found out about the rows: everything that its interpretations and the report state. */
const factsSchema = z.object({
  dataset: z.object({
    name: z.string(),
    digest: z.string(),
    train_rows: count,
    test_rows: count,
    /** The rows that rules are scored on: the training rows where there are no test rows. */
    scored_on: z.enum(['train', 'test']),
    entity_types: z.array(z.string()),
    no_relation: z.string().nullable(),
  }),
  labels: z.object({
    /** In id order; `ratio` is test share ÷ training share, null without training rows. */
    rows: z.array(
      z.object({ id: count, label: z.string(), ...sides(counted).shape, ratio: z.number().min(0).nullable() }),
    ),
    /** The most and the least frequent label of the training rows. */
    largest: z.string(),
    smallest: z.string(),
    /** Training rows of the largest ÷ those of the smallest label. */
    imbalance: z.number().min(1),
    /** How many labels, from the largest on, hold 80 % of the training rows. */
    labels_for_80_percent: count,
    /** exp(entropy) of the training distribution: as many equally frequent labels would be as uncertain. */
    effective_labels: z.number(),
    /** Total variation distance ½ Σ |train − test| of both distributions; 0 without test rows. */
    prior_shift: share,
    /** The majority label of the training rows answered for every row that is scored. */
    majority: z.object({ accuracy: share, macro_f1: share }),
  }),
  lengths: z.object({
    encoder: z.string(),
    marker: z.string(),
    characters: sides(numbers),
    /** Of the marked input, special tokens included. */
    tokens: sides(numbers),
    /** Share of the tokens, markers left out, that the vocabulary lacks. */
    unknown: sides(share),
    /** Share of rows that are not shortened at a limit; `cost` in multiply-adds per sentence of that length, 256 tokens = 1. */
    kept: z.array(z.object({ limit: count, ...sides(share).shape, cost: z.number() })),
  }),
  max_length: z.object({
    /** Share of the training rows that must stay whole. */
    target: share,
    /** The shortest length that reaches the target. */
    exact: count,
    /** The same rounded up to a multiple of 8, at most `positions`: the setting `maxLength: auto`. */
    value: count,
    positions: count,
    ...sides(share).shape,
    /** The smallest power of two that reaches the target. */
    power_of_two: count,
  }),
  entities: z.object({
    types: z.array(z.object({ role: z.enum(['subject', 'object']), type: z.string(), ...sides(counted).shape })),
    word_lengths: z.object({ subject: sides(numbers), object: sides(numbers) }),
    /** Start as a share of the sentence. */
    positions: z.object({ subject: sides(numbers), object: sides(numbers) }),
    /** Characters between both entities. */
    distances: sides(numbers),
    subject_first: sides(counted),
  }),
  type_pairs: z.object({
    /** Of the training rows, most frequent first. */
    rows: z.array(
      z.object({
        subject_type: z.string(),
        object_type: z.string(),
        ...counted.shape,
        relations: count,
        top_label: z.string(),
        top_share: share,
      }),
    ),
    /** The most frequent relation of each type pair answered for the rows that are scored. */
    rule: z.object({ accuracy: share, macro_f1: share }),
  }),
  sources: z.array(z.object({ source: z.string(), ...sides(counted).shape })),
  repetition: z.object({
    distinct_sentences: sides(count),
    /** Rows with the same sentence and entity pair. */
    duplicates: sides(z.object({ groups: count, rows: count })),
    /** Duplicates that disagree on the label. */
    conflicts: sides(z.object({ groups: count, rows: count })),
    /** Test sentences that also occur in the training rows, and the test rows that have them. */
    shared: z.object({ sentences: count, rows: count, row_share: share, same_question: count, same_answer: count }),
  }),
});

const interpretationsSchema = z.object({
  labels: localizedSchema,
  prior_shift: localizedSchema,
  lengths: localizedSchema,
  max_length: localizedSchema,
  study_length: localizedSchema,
  entity_types: localizedSchema,
  positions: localizedSchema,
  type_pairs: localizedSchema,
  sources: localizedSchema,
  duplicates: localizedSchema,
  shared_sentences: localizedSchema,
  conclusion: localizedSchema,
});
const summarySchema = factsSchema.extend({ interpretations: interpretationsSchema });

export type EdaFacts = z.output<typeof factsSchema>;
export type EdaInterpretations = z.output<typeof interpretationsSchema>;
/** `eda_summary.json`. */
export type EdaSummary = z.output<typeof summarySchema>;

export const edaSummaryFile = stageFile('eda', EDA_FOLDER, 'eda_summary.json', summarySchema);

/** The longest input in tokens: that of the settings, or the one that stage 01 derived from the training rows. */
export const maxLengthOf = async ({ maxLength }: Pick<Settings, 'maxLength'>, out: string): Promise<number> =>
  maxLength === 'auto' ? (await edaSummaryFile.read(out)).max_length.value : maxLength;
