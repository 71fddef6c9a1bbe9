import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { readJson, writeFailure, writeJson } from '../core/files.ts';
import { HEAD_NAMES, type HeadName, MARKER_NAMES, type MarkerName } from '../core/settings.ts';
import type { LabelSet } from '../core/types.ts';
import { VERSION } from '../core/version.ts';
import { createInputEncoder, type InputEncoder } from '../text/inputEncoder.ts';
import { loadTokenizer } from '../text/tokenizer.ts';
import { type EncoderConfig, maxPositions, readEncoderConfig } from './encoderConfig.ts';
import type { ModelSpec } from './model.ts';
import { parameterSpecs, type Weights } from './parameters.ts';
import { loadWeights } from './weights/loadWeights.ts';
import { encodeSafetensors, type NamedFloats } from './weights/safetensors.ts';

/** How a model reads a sentence and what it can answer. */
export interface TaskSpec {
  readonly marker: MarkerName;
  readonly head: HeadName;
  /** Longest input in tokens, special tokens included. */
  readonly maxLength: number;
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
}

/** An encoder with a classification head, its tokenizer and its task: what a model folder holds. */
export interface RelationModel {
  readonly task: TaskSpec;
  readonly spec: ModelSpec;
  readonly inputs: InputEncoder;
  /** By parameter name; training changes the arrays in place. */
  readonly weights: Weights;
  /** What a user should know of how it was read from files, each a line. */
  readonly notes?: readonly string[];
}

/**
 * A pretrained encoder with a new head: head weights and the rows of added marker tokens are drawn with the seed.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * Errors: `usage` for folders that are no encoder, more layers than there are, or a length beyond the encoder's positions.
 */
export async function createRelationModel(
  folder: string,
  task: TaskSpec,
  { layers, seed }: { readonly layers: number | null; readonly seed: number },
): Promise<RelationModel> {
  const base = await readEncoderConfig(join(folder, 'config.json'));
  if (layers !== null && layers > base.num_hidden_layers)
    throw usageError(`The encoder has ${base.num_hidden_layers} layers; ${layers} were asked for (--encoder-layers).`);
  const positions = maxPositions(base);
  if (task.maxLength > positions)
    throw usageError(
      `--max-length ${task.maxLength} is more than the encoder's ${positions} positions.`,
      `Use at most ${positions}: longer sentences get a window around both entities.`,
    );
  const inputs = createInputEncoder({ tokenizer: await loadTokenizer(folder), ...task });
  const config: EncoderConfig = {
    ...base,
    num_hidden_layers: layers ?? base.num_hidden_layers,
    vocab_size: Math.max(base.vocab_size, inputs.tokenizer.size),
  };
  const spec = { config, head: task.head, labels: task.labelSet.labels.length };
  const parameters = parameterSpecs(config, spec.head, spec.labels);
  const { weights, notes } = await loadWeights(folder, config, parameters, seed, base);
  return { task, spec, inputs, weights, notes };
}

const modelConfigSchema = z.object({
  id2label: z.record(z.string(), z.string()),
  korex: z.object({
    marker: z.enum(MARKER_NAMES),
    head: z.enum(HEAD_NAMES),
    max_length: z.number().int().positive(),
    entity_types: z.array(z.string()),
    no_relation: z.string().nullable(),
  }),
});

/** What transformers calls the model whose head is `cls`, by `model_type`. */
const ARCHITECTURES: Record<EncoderConfig['model_type'], string> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
  'xlm-roberta': 'XLMRobertaForSequenceClassification',
  electra: 'ElectraForSequenceClassification',
};

/**
 * Writes a model as a Hugging Face folder: `config.json`, `model.safetensors` and the tokenizer's files. With the head
 * `cls`, transformers opens it as `AutoModelForSequenceClassification`.
 */
export async function saveRelationModel(folder: string, { task, spec, inputs, weights }: RelationModel): Promise<void> {
  const { labels, noRelation } = task.labelSet;
  await writeJson(join(folder, 'config.json'), {
    ...spec.config,
    architectures: [spec.head === 'cls' ? ARCHITECTURES[spec.config.model_type] : 'KorexEntityStartModel'],
    id2label: Object.fromEntries(labels.entries()),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    problem_type: 'single_label_classification',
    korex: {
      version: VERSION,
      marker: task.marker,
      head: task.head,
      max_length: task.maxLength,
      entity_types: task.entityTypes,
      no_relation: noRelation,
    },
  });
  await inputs.tokenizer.save(folder);
  await writeTensors(
    join(folder, 'model.safetensors'),
    parameterSpecs(spec.config, spec.head, spec.labels).map(({ name, shape }) => ({
      name,
      shape,
      data: weights.get(name)!,
    })),
  );
}

/** Reads a folder that `saveRelationModel` wrote. Errors: `usage`, naming the file and the key, for any other folder. */
export async function loadRelationModel(folder: string): Promise<RelationModel> {
  const path = join(folder, 'config.json');
  if (!existsSync(path))
    throw usageError(
      `${folder} holds no model: ${path} is missing.`,
      'Name a checkpoint or run folder, or train one with `korex train`.',
    );
  const config = await readEncoderConfig(path);
  const parsed = modelConfigSchema.safeParse(await readJson(path));
  if (!parsed.success)
    throw usageError(
      `${path} is not the configuration of a relation extraction model: ${parsed.error.issues[0]!.path.join('.')} is missing or wrong.`,
      'An encoder alone cannot classify: train one with `korex train --encoder FOLDER`.',
    );
  const { id2label, korex } = parsed.data;
  const labels = Object.keys(id2label).map((_, id) => id2label[id]!);
  const task: TaskSpec = {
    marker: korex.marker,
    head: korex.head,
    maxLength: korex.max_length,
    labelSet: { labels, noRelation: korex.no_relation },
    entityTypes: korex.entity_types,
  };
  const inputs = createInputEncoder({ tokenizer: await loadTokenizer(folder), ...task });
  const spec = { config, head: task.head, labels: labels.length };
  const parameters = parameterSpecs(config, spec.head, spec.labels).map((parameter) => ({ ...parameter, head: false }));
  const { weights, notes } = await loadWeights(folder, config, parameters, 0);
  return { task, spec, inputs, weights, notes };
}

/** Writes tensors as a safetensors file. Errors: `failed` where the system refuses (a full disk, say). */
export async function writeTensors(path: string, tensors: readonly NamedFloats[]): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      for (const chunk of encodeSafetensors(tensors)) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeFailure(path, error);
  }
}
