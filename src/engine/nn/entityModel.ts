import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import { readValidated } from '../../base/core/validate.ts';
import { VERSION } from '../../base/core/version.ts';
import { tagNames, typesOfTags } from '../../base/text/bio.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import { createSentenceEncoder, type SentenceEncoder } from '../../base/text/sentenceEncoder.ts';
import { writeTokenizerFiles } from '../../base/text/tokenizerFiles.ts';
import { type EncoderConfig, maxPositions, readEncoderConfig } from './encoderConfig.ts';
import type { ModelSpec } from './model.ts';
import { encoderPrefix, parameterSpecs, type Weights } from './parameters.ts';
import { positionOffset } from './positions.ts';
import { type RelationModel, writeTensors } from './relationModel.ts';
import { loadWeights } from './weights/loadWeights.ts';

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
  readonly notes?: readonly string[];
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

/**
 * A pretrained encoder with a new head, drawn with the seed.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * Errors: `usage` for folders that are no encoder, more layers than there are, or a length beyond the encoder's positions.
 */
export async function createEntityModel(
  folder: string,
  task: EntityTask,
  { layers, seed }: { readonly layers: number | null; readonly seed: number },
): Promise<EntityModel> {
  const base = await readEncoderConfig(join(folder, 'config.json'));
  if (layers !== null && layers > base.num_hidden_layers)
    throw usageError({
      en: `The encoder has ${base.num_hidden_layers} layers; --encoder-layers is ${layers}.`,
      ko: `인코더는 ${base.num_hidden_layers}층인데 --encoder-layers가 ${layers}이다.`,
    });
  const positions = maxPositions(base);
  if (task.maxLength > positions)
    throw usageError(
      {
        en: `--max-length ${task.maxLength} is more than the encoder's ${positions} positions.`,
        ko: `--max-length ${task.maxLength}: 인코더의 위치는 ${positions}개이다.`,
      },
      {
        en: `Use at most ${positions}: longer sentences are read in stretches.`,
        ko: `${positions} 이하로 한다. 더 긴 문장은 나누어 읽는다.`,
      },
    );
  const tokenizer = await loadTokenizer(folder);
  const config: EncoderConfig = {
    ...base,
    num_hidden_layers: layers ?? base.num_hidden_layers,
    vocab_size: Math.max(base.vocab_size, tokenizer.size),
  };
  const spec = specOf(config, task);
  const parameters = parameterSpecs(config, spec.head, spec.labels);
  const { weights, notes } = await loadWeights(folder, config, parameters, seed, base);
  return { task, spec, inputs: createSentenceEncoder({ tokenizer, ...task }), weights, notes };
}

/** The name in transformers, by `model_type`. */
const ARCHITECTURES: Record<EncoderConfig['model_type'], string> = {
  bert: 'BertForTokenClassification',
  roberta: 'RobertaForTokenClassification',
  'xlm-roberta': 'XLMRobertaForTokenClassification',
  electra: 'ElectraForTokenClassification',
};

/** Keys of other tasks that a configuration may have brought along. */
const OTHER_KEYS = ['problem_type', 'num_labels'];

/**
 * Writes a model as a Hugging Face folder, which transformers opens as `AutoModelForTokenClassification`.
 *
 * @param options `weights: false` leaves `model.safetensors` out
 */
export async function saveEntityModel(
  folder: string,
  { task, spec, inputs, weights }: EntityModel,
  { weights: withWeights = true } = {},
): Promise<void> {
  const names = tagNames(task.types);
  const own = Object.entries(spec.config).filter(([name]) => !OTHER_KEYS.includes(name));
  await writeJson(join(folder, 'config.json'), {
    ...Object.fromEntries(own),
    dtype: 'float32',
    torch_dtype: undefined,
    architectures: [ARCHITECTURES[spec.config.model_type]],
    id2label: Object.fromEntries(names.entries()),
    label2id: Object.fromEntries(names.map((name, id) => [name, id])),
    korex: { version: VERSION, task: 'entities', max_length: task.maxLength, temperature: task.temperature },
  });
  await writeTokenizerFiles(folder, inputs.tokenizer.files);
  if (!withWeights) return;
  await writeTensors(
    join(folder, 'model.safetensors'),
    parameterSpecs(spec.config, spec.head, spec.labels).map(({ name, shape }) => ({
      name,
      shape,
      data: weights.get(name)!,
    })),
  );
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
  if (!existsSync(path))
    throw usageError(
      { en: `${folder} holds no model: ${path} is missing.`, ko: `${folder}: 모델이 없다. 없는 파일: ${path}.` },
      {
        en: 'Name a checkpoint or run folder, or train one with `korex train --task entities`.',
        ko: '체크포인트나 학습의 폴더를 주거나, `korex train --task entities`로 학습한다.',
      },
    );
  const config = await readEncoderConfig(path);
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
  const parameters = parameterSpecs(config, spec.head, spec.labels).map((parameter) => ({ ...parameter, head: false }));
  const { weights, notes } = await loadWeights(folder, config, parameters, 0);
  const inputs = createSentenceEncoder({ tokenizer: await loadTokenizer(folder), ...task });
  return { task, spec, inputs, weights, notes };
}
