import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { readJson } from '../core/files.ts';

/** What korex reads of a Hugging Face `config.json`; the other keys are kept for writing it back. */
const configSchema = z.looseObject({
  model_type: z.enum(['bert', 'roberta', 'xlm-roberta', 'electra']),
  vocab_size: z.number().int().positive(),
  hidden_size: z.number().int().positive(),
  embedding_size: z.number().int().positive().optional(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  intermediate_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive(),
  type_vocab_size: z.number().int().positive(),
  layer_norm_eps: z.number().positive(),
  hidden_act: z.enum(['gelu', 'relu']),
  hidden_dropout_prob: z.number().min(0).lt(1).default(0.1),
  attention_probs_dropout_prob: z.number().min(0).lt(1).default(0.1),
  classifier_dropout: z.number().min(0).lt(1).nullish(),
  initializer_range: z.number().positive().default(0.02),
  pad_token_id: z.number().int().min(0).default(0),
  position_embedding_type: z.literal('absolute').optional(),
});

export type EncoderConfig = z.output<typeof configSchema>;

/** Reads and checks `config.json` of a model folder. Errors: `usage`, naming the file and the key. */
export async function readEncoderConfig(path: string): Promise<EncoderConfig> {
  const parsed = configSchema.safeParse(await readJson(path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw usageError(
      `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}.`,
      'korex trains encoders of the types bert, roberta, xlm-roberta and electra with absolute positions.',
    );
  }
  const config = parsed.data;
  if (config.hidden_size % config.num_attention_heads !== 0)
    throw usageError(
      `${path}: hidden_size ${config.hidden_size} is not a multiple of num_attention_heads ${config.num_attention_heads}.`,
    );
  return config;
}

/** The longest input in tokens that an encoder has positions for. */
export const maxPositions = (config: EncoderConfig): number => config.max_position_embeddings - positionOffset(config);

/** RoBERTa counts positions from the padding id on (transformers' `create_position_ids_from_input_ids`). */
export const positionOffset = (config: EncoderConfig): number =>
  config.model_type === 'roberta' || config.model_type === 'xlm-roberta' ? config.pad_token_id + 1 : 0;
