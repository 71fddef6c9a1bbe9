import { type Builder, layerNorm, linear } from './encoder.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import type { Tensor } from './graph/nodes.ts';
import {
  encoderParameters,
  encoderPrefix,
  linear as linearParameters,
  norm,
  type ParameterSpec,
} from './parameters.ts';

/** What transformers calls the parts of an architecture's head for masked tokens, in `…ForMaskedLM`. */
interface MaskedHead {
  readonly architecture: string;
  readonly dense: string;
  readonly norm: string;
  /** One value for each token of the vocabulary. */
  readonly bias: string;
  /** Of the dense layer: the encoder's own, or always GELU. */
  readonly activation: 'own' | 'gelu';
}

const ROBERTA = {
  dense: 'lm_head.dense',
  norm: 'lm_head.layer_norm',
  bias: 'lm_head.bias',
  activation: 'gelu',
} as const;

/**
 * The heads by `model_type`. ELECTRA's is that of its generator; its discriminators, which are what is usually taken as an
 * encoder, come without one.
 */
const MASKED_HEADS: Record<EncoderConfig['model_type'], MaskedHead> = {
  bert: {
    architecture: 'BertForMaskedLM',
    dense: 'cls.predictions.transform.dense',
    norm: 'cls.predictions.transform.LayerNorm',
    bias: 'cls.predictions.bias',
    activation: 'own',
  },
  roberta: { architecture: 'RobertaForMaskedLM', ...ROBERTA },
  'xlm-roberta': { architecture: 'XLMRobertaForMaskedLM', ...ROBERTA },
  electra: {
    architecture: 'ElectraForMaskedLM',
    dense: 'generator_predictions.dense',
    norm: 'generator_predictions.LayerNorm',
    bias: 'generator_lm_head.bias',
    activation: 'gelu',
  },
};

export const maskedArchitecture = ({ model_type }: EncoderConfig): string => MASKED_HEADS[model_type].architecture;

const BIASES: readonly string[] = Object.values(MASKED_HEADS).map(({ bias }) => bias);

/** Whether a parameter is a masked-language-model head's bias over the vocabulary. */
export const isMaskedBias = (name: string): boolean => BIASES.includes(name);

/** The word table, to which the head's decoder is tied. */
export const wordTable = (config: EncoderConfig): string =>
  `${encoderPrefix(config)}.embeddings.word_embeddings.weight`;

/** All parameters of an encoder with its head for masked tokens, in a fixed order; the decoder is the word table. */
export function maskedParameters(config: EncoderConfig): ParameterSpec[] {
  const head = MASKED_HEADS[config.model_type];
  const width = config.embedding_size ?? config.hidden_size;
  return [
    ...encoderParameters(config),
    ...linearParameters(head.dense, config.hidden_size, width, true),
    ...norm(head.norm, width, true),
    { name: head.bias, shape: [config.vocab_size], initialization: 'zeros', head: true, table: false },
  ];
}

/**
 * Logits (r, vocabulary) from last states (r, hidden): dense, activation, layer norm, the word table and a bias (Devlin et
 * al., 2019, arXiv:1810.04805; transformers' `BertLMPredictionHead`, `RobertaLMHead`, `ElectraGeneratorPredictions`).
 */
export function maskedLogits(build: Builder, states: Tensor): Tensor {
  const { ops, config, weight } = build;
  const head = MASKED_HEADS[config.model_type];
  const activation = head.activation === 'own' ? config.hidden_act : head.activation;
  const transformed = layerNorm(build, head.norm, ops[activation](linear(build, head.dense, states)));
  return ops.gemm(transformed, weight(wordTable(config)), weight(head.bias), { transB: true });
}
