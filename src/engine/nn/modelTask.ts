import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import {
  HEAD_NAMES,
  type HeadName,
  MARKER_NAMES,
  type MarkerName,
  TRAINED_PAIR_ENCODINGS,
  type TrainedPairEncoding,
} from '../../base/core/settings.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { readValidated } from '../../base/core/validate.ts';
import { namedLabelSet } from '../../base/data/labelSet.ts';
import { KLUE_ENTITY_TYPES } from '../../base/data/relations.ts';
import { MARKERS, markerTokens } from '../../base/text/markers.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import { type EncoderConfig, maxPositions } from './encoderConfig.ts';

/** How a model reads a sentence and what it can answer. */
export interface TaskSpec {
  readonly marker: MarkerName;
  readonly head: HeadName;
  /** Whether the input is a pair of a question that names both entities (`questionOf`) and the sentence; default: no question. */
  readonly question?: boolean;
  /** How it was trained to read the pairs of a sentence; default: inline. */
  readonly pairEncoding?: TrainedPairEncoding;
  /** Longest input in tokens, special tokens included. */
  readonly maxLength: number;
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
}

const modelConfigSchema = z.object({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.string().min(1)).nullish(),
  num_labels: z.number().int().min(1).max(10_000).nullish(),
  problem_type: z.string().nullish(),
  korex: z
    .object({
      marker: z.enum(MARKER_NAMES),
      head: z.enum(HEAD_NAMES),
      question: z.boolean().default(false),
      pair_encoding: z.enum(TRAINED_PAIR_ENCODINGS).default('inline'),
      max_length: z.number().int().positive(),
      entity_types: z.array(z.string()),
      no_relation: z.string().nullable(),
    })
    .optional(),
});
type ModelConfig = z.output<typeof modelConfigSchema>;

const SAVED_CONFIG = 'Take the config.json that was saved with the model.';

/** The task of a model folder, and remarks for the user on how it was understood. */
export interface ReadTask {
  readonly task: TaskSpec;
  readonly notes: readonly string[];
}

/**
 * The task of a model folder: as korex wrote it to `config.json`, or, for a classifier fine-tuned elsewhere with
 * `AutoModelForSequenceClassification`, its labels from `id2label` and its marker from the tokenizer's tokens.
 *
 * @param marker the user's `--marker`; null without one
 * Errors: `usage`, naming the file and the key, for a folder without a classifier, labels that are not numbered from 0 on,
 * a marker that the tokenizer or the model does not know, or inputs longer than the encoder's positions.
 */
export async function readTask(
  folder: string,
  config: EncoderConfig,
  tokenizer: Tokenizer,
  marker: MarkerName | null,
): Promise<ReadTask> {
  const path = join(folder, 'config.json');
  const read = await readValidated(path, modelConfigSchema, {
    says: 'is not the configuration of a relation extraction model',
    hint: SAVED_CONFIG,
  });
  const { korex } = read;
  const labels = labelsOf(path, read);
  if (!korex) return classifierTask(folder, config, tokenizer, labels, marker);
  if (marker !== null && marker !== korex.marker)
    throw usageError(
      `${path}: the model was trained with the marker ${korex.marker}; --marker ${marker} does not fit it.`,
      'Leave --marker out.',
    );
  if (korex.no_relation !== null && !labels.includes(korex.no_relation))
    throw usageError(
      `${path}: korex.no_relation is "${korex.no_relation}", which is not among the labels.`,
      SAVED_CONFIG,
    );
  const positions = maxPositions(config);
  if (korex.max_length > positions)
    throw usageError(
      `${path}: korex.max_length ${korex.max_length} is more than the encoder's ${positions} positions.`,
      SAVED_CONFIG,
    );
  const task = {
    marker: korex.marker,
    head: korex.head,
    question: korex.question,
    pairEncoding: korex.pair_encoding,
    maxLength: korex.max_length,
    labelSet: { labels, noRelation: korex.no_relation },
    entityTypes: korex.entity_types,
  };
  return { task, notes: [] };
}

/** The labels in id order. Errors: `usage` where the model is no classifier into one of two or more labels. */
function labelsOf(path: string, config: ModelConfig): string[] {
  const { architectures, id2label, num_labels, korex, problem_type } = config;
  const isClassifier =
    architectures?.some((name) => name.endsWith('ForSequenceClassification')) ??
    (id2label ?? num_labels ?? null) !== null;
  if (!korex && !isClassifier)
    throw usageError(
      `${path} is not the configuration of a relation extraction model: its architecture is ${architectures?.join(', ') ?? 'not named'}, and it names no labels.`,
      'An encoder alone cannot classify: train one with `korex train --encoder FOLDER`.',
    );
  if (problem_type === 'regression' || problem_type === 'multi_label_classification')
    throw usageError(
      `${path}: problem_type is ${problem_type}; expected single_label_classification.`,
      'korex gives each row exactly one of the labels.',
    );
  // transformers writes neither where there are two labels without names.
  const labels = id2label ? namesOf(path, id2label) : Array.from({ length: num_labels ?? 2 }, (_, id) => `LABEL_${id}`);
  if (num_labels && num_labels !== labels.length)
    throw usageError(
      `${path}: id2label has ${labels.length} labels, num_labels is ${num_labels}.`,
      'Remove num_labels.',
    );
  if (labels.length < 2)
    throw usageError(`${path}: the model has one label; expected two or more.`, 'Classify into two or more relations.');
  return labels;
}

/** Names by id, which must count from 0 on and differ. */
function namesOf(path: string, id2label: Readonly<Record<string, string>>): string[] {
  const count = Object.keys(id2label).length;
  const ids = new Map<string, number>();
  for (let id = 0; id < count; id++) {
    const label = id2label[id];
    if (label === undefined)
      throw usageError(
        `${path}: id2label has ${count} labels but none with the id ${id}.`,
        'Number the labels from 0 on.',
      );
    if (ids.has(label))
      throw usageError(
        `${path}: id2label has the label "${label}" twice, as ${ids.get(label)} and ${id}.`,
        'Give every id a name of its own.',
      );
    ids.set(label, id);
  }
  return [...ids.keys()];
}

/** The task of a classifier that korex did not make: its files leave the marker open, which comes from the tokenizer or the user. */
async function classifierTask(
  folder: string,
  config: EncoderConfig,
  tokenizer: Tokenizer,
  labels: readonly string[],
  given: MarkerName | null,
): Promise<ReadTask> {
  const has = (marker: MarkerName, types: readonly string[]) =>
    markerTokens(marker, types).every((token) => tokenizer.id(token) !== undefined);
  const typesWithTokens = KLUE_ENTITY_TYPES.filter((type) => has('typed-entity', [type]));
  const found = typesWithTokens.length > 0 ? 'typed-entity' : has('entity', []) ? 'entity' : null;
  const marker = given ?? found ?? 'entity-punct';
  const { special, typed } = MARKERS[marker];
  // A marker without types takes any.
  const assumed = typed ? KLUE_ENTITY_TYPES : [];
  const entityTypes = marker === 'typed-entity' ? typesWithTokens : assumed;
  if (special && ((typed && entityTypes.length === 0) || !has(marker, entityTypes)))
    throw usageError(
      `The tokenizer in ${folder} has no tokens for the marker ${marker} (${markerTokens(marker, KLUE_ENTITY_TYPES).slice(0, 4).join(' ')} …).`,
      'Name the marker that the model was trained with: --marker entity-punct or typed-punct need no tokens of their own.',
    );
  const guessed = `${folder} does not say how it marks entities: taking ${marker}; name another with --marker.`;
  const task: TaskSpec = {
    marker,
    head: 'cls',
    maxLength: Math.min(maxPositions(config), await modelMaxLength(folder)),
    labelSet: namedLabelSet(labels),
    entityTypes,
  };
  return { task, notes: given === null && found === null ? [guessed] : [] };
}

const tokenizerConfigSchema = z.object({ model_max_length: z.number().min(1).nullish() });

/** The longest input that the tokenizer's files allow; often none that matters, written as a number beyond all use. */
async function modelMaxLength(folder: string): Promise<number> {
  const path = join(folder, 'tokenizer_config.json');
  if (!existsSync(path)) return Number.POSITIVE_INFINITY;
  const { model_max_length } = await readValidated(path, tokenizerConfigSchema, {
    says: 'names no longest input in tokens',
    hint: 'Write the longest input in tokens.',
  });
  return Math.floor(model_max_length ?? Number.POSITIVE_INFINITY);
}
