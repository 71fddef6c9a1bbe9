import { join } from 'node:path';
import { z } from 'zod';
import type { Localized } from '../../base/core/types.ts';
import { readValidated } from '../../base/core/validate.ts';
import { VERSION } from '../../base/core/version.ts';
import { tagNames, typesOfTags } from '../../base/text/bio.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import { createSentenceEncoder, type SentenceEncoder } from '../../base/text/sentenceEncoder.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import type { ModelSpec } from './model.ts';
import {
  type EncoderPart,
  encoderPart,
  savedConfig,
  savedWeights,
  startingWeights,
  withVocabulary,
  writeModelFolder,
} from './modelFolder.ts';
import { encoderPrefix, type Weights } from './parameters.ts';
import { positionOffset } from './positions.ts';
import type { RelationModel } from './relationModel.ts';

/** What a model that finds entities can answer. */
export interface EntityTask {
  readonly types: readonly string[];
  /** Longest input in tokens, special tokens included; longer sentences are read in stretches. */
  readonly maxLength: number;
  /** What logits are divided by, so that the probabilities of entities are right as often as they say; 1 before it is fitted. */
  readonly temperature: number;
}

/** An encoder with a head that tags every token, its tokenizer and its task. */
export interface EntityModel {
  readonly task: EntityTask;
  readonly spec: ModelSpec & { readonly head: 'tokens' };
  readonly inputs: SentenceEncoder;
  /** By parameter name; training changes the arrays in place. */
  readonly weights: Weights;
  /** Remarks for the user on how its files were read, each a line. */
  readonly notes?: readonly Localized[];
}

/** Whether a model finds entities, and not relations. */
export const isEntityModel = (model: EntityModel | RelationModel): model is EntityModel => model.spec.head === 'tokens';

/**
 * The same model without the positions that its longest input never reaches: of an encoder for 512 tokens more than half of
 * the table.
 */
export function withoutUnusedPositions(model: EntityModel): EntityModel {
  const { config } = model.spec;
  const rows = positionOffset(config) + model.task.maxLength;
  if (rows >= config.max_position_embeddings) return model;
  const name = `${encoderPrefix(config)}.embeddings.position_embeddings.weight`;
  const table = model.weights.get(name)!;
  const width = table.length / config.max_position_embeddings;
  return {
    ...model,
    spec: { ...model.spec, config: { ...config, max_position_embeddings: rows } },
    weights: new Map([...model.weights, [name, table.slice(0, rows * width)]]),
  };
}

const specOf = (config: EncoderConfig, { types }: Pick<EntityTask, 'types'>) =>
  ({ config, head: 'tokens', labels: tagNames(types).length }) as const;

/** What becomes of sentences beyond the longest input. */
const LONGER = { en: 'longer sentences are read in stretches.', ko: '더 긴 문장은 나누어 읽는다.' };

/** What is settled of a new model before any weight is read. */
export interface NewEntityModel extends Omit<EntityModel, 'weights'> {
  readonly part: EncoderPart;
}

/**
 * A model on a pretrained encoder, without its weights.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * Errors: `usage` for folders that are no encoder, more layers than there are, or a length beyond the encoder's positions.
 */
export async function designEntityModel(
  folder: string,
  task: EntityTask,
  layers: number | null,
): Promise<NewEntityModel> {
  const part = await encoderPart(folder, { layers, maxLength: task.maxLength, longer: LONGER });
  const { config, tokenizer } = part;
  const spec = specOf(withVocabulary(config, tokenizer), task);
  return { part, task, spec, inputs: createSentenceEncoder({ tokenizer, ...task }) };
}

/** A new model with the encoder's weights, and a head drawn with the seed. */
export async function withStartingWeights({ part, ...model }: NewEntityModel, seed: number): Promise<EntityModel> {
  return { ...model, ...(await startingWeights(part, model.spec, seed)) };
}

/** The name in transformers, by `model_type`. */
const ARCHITECTURES: Record<EncoderConfig['model_type'], string> = {
  bert: 'BertForTokenClassification',
  roberta: 'RobertaForTokenClassification',
  'xlm-roberta': 'XLMRobertaForTokenClassification',
  electra: 'ElectraForTokenClassification',
};

/** Keys of other tasks that a configuration may have brought along: they are not written. */
const OTHER_KEYS = { problem_type: undefined, num_labels: undefined };

/** Writes a model as a Hugging Face folder, which transformers opens as `AutoModelForTokenClassification`. Options as there. */
export function saveEntityModel(
  folder: string,
  { task, spec, inputs, weights }: EntityModel,
  options: Parameters<typeof writeModelFolder>[2] = {},
): Promise<void> {
  const model = {
    spec,
    architecture: ARCHITECTURES[spec.config.model_type],
    names: tagNames(task.types),
    keys: {
      ...OTHER_KEYS,
      korex: { version: VERSION, task: 'entities', max_length: task.maxLength, temperature: task.temperature },
    },
    ...{ tokenizer: inputs.tokenizer.files, weights },
  };
  return writeModelFolder(folder, model, options);
}

const entityConfigSchema = z.object({
  id2label: z.record(z.string(), z.string().min(1)),
  korex: z.object({
    task: z.literal('entities'),
    max_length: z.number().int().positive(),
    temperature: z.number().positive().default(1),
  }),
});

/**
 * Opens a folder that `saveEntityModel` wrote.
 *
 * Errors: `usage`, naming the file and the key or tensor, for any other folder.
 */
export async function loadEntityModel(folder: string): Promise<EntityModel> {
  const path = join(folder, 'config.json');
  const config = await savedConfig(folder, 'korex train --task entities');
  const { id2label, korex } = await readValidated(path, entityConfigSchema, {
    says: {
      en: 'is not the configuration of a model that finds entities',
      ko: '엔티티를 찾는 모델의 설정이 아니다',
    },
    hint: {
      en: 'Take one in the box (korex-entities), or train one with `korex train --task entities`.',
      ko: '함께 들어 있는 것(korex-entities)을 쓰거나, `korex train --task entities`로 학습한다.',
    },
  });
  const names = Object.keys(id2label).map((_, id) => id2label[id] ?? '');
  const task = { types: typesOfTags(names, path), maxLength: korex.max_length, temperature: korex.temperature };
  const spec = specOf(config, task);
  const { weights, notes } = await savedWeights(folder, spec);
  const inputs = createSentenceEncoder({ tokenizer: await loadTokenizer(folder), ...task });
  return { task, spec, inputs, weights, notes };
}
