import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import { createInputEncoder } from '../../base/text/inputEncoder.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import type { EncoderConfig } from '../../engine/nn/encoderConfig.ts';
import { resolveEncoder } from '../../engine/nn/encoderFolder.ts';
import { parameterSpecs } from '../../engine/nn/parameters.ts';
import {
  createRelationModel,
  loadRelationModel,
  type RelationModel,
  type TaskSpec,
} from '../../engine/nn/relationModel.ts';
import { initialWeight } from '../../engine/nn/weights/loadWeights.ts';

const COMMON = {
  num_hidden_layers: 12,
  num_attention_heads: 12,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  initializer_range: 0.02,
  pad_token_id: 1,
} as const;

/** Encoders that are known by their shape alone and get random weights: time does not depend on what the weights are. */
const RANDOM_SHAPES = {
  /** multilingual-e5-small with the bundled vocabulary. */
  '12x384': {
    ...COMMON,
    model_type: 'bert',
    vocab_size: 20094,
    hidden_size: 384,
    intermediate_size: 1536,
    max_position_embeddings: 512,
    type_vocab_size: 2,
    layer_norm_eps: 1e-12,
  },
  /** klue/roberta-base. */
  '12x768': {
    ...COMMON,
    model_type: 'roberta',
    vocab_size: 32000,
    hidden_size: 768,
    intermediate_size: 3072,
    max_position_embeddings: 514,
    type_vocab_size: 1,
    layer_norm_eps: 1e-5,
  },
} as const satisfies Record<string, EncoderConfig>;

export const SHAPE_NAMES = ['bundled', ...Object.keys(RANDOM_SHAPES)] as const;

/** Whether a folder holds a model that korex trained, head and task included. */
const isTrained = async (folder: string): Promise<boolean> =>
  z.looseObject({ korex: z.looseObject({}) }).safeParse(await readJson(join(folder, 'config.json'))).success;

/**
 * The model to measure: a shape of the table with seeded random weights and the bundled tokenizer, or any encoder, as
 * `--encoder` names it; of a model that korex trained, the whole, so that it answers as it was trained to.
 *
 * @param layers the first ones of an encoder; all when null
 *
 * Errors: `usage` where there is no such encoder, or a trained model is to have fewer layers than it was trained with.
 */
export async function openShape(
  name: string,
  task: TaskSpec,
  seed: number,
  layers: number | null = null,
): Promise<RelationModel> {
  if (!Object.hasOwn(RANDOM_SHAPES, name)) {
    const folder = await resolveEncoder(name);
    if (!(await isTrained(folder))) return createRelationModel(folder, task, { layers, seed });
    if (layers === null) return loadRelationModel(folder);
    throw usageError(
      {
        en: `${folder} holds a trained model, which has all of its layers.`,
        ko: `${folder}: 학습된 모델이어서 층 수를 바꿀 수 없다.`,
      },
      { en: 'Leave --encoder-layers out.', ko: '--encoder-layers를 뺀다.' },
    );
  }
  const whole: EncoderConfig = RANDOM_SHAPES[name as keyof typeof RANDOM_SHAPES];
  const base = { ...whole, num_hidden_layers: layers ?? whole.num_hidden_layers };
  const inputs = createInputEncoder({ tokenizer: await loadTokenizer(await resolveEncoder('bundled')), ...task });
  const config = { ...base, vocab_size: Math.max(base.vocab_size, inputs.tokenizer.size) };
  const spec = { config, head: task.head, labels: task.labelSet.labels.length };
  const parameters = parameterSpecs(config, spec.head, spec.labels);
  const weights = new Map(parameters.map((parameter) => [parameter.name, initialWeight(parameter, config, seed)]));
  return { task, spec, inputs, weights };
}
