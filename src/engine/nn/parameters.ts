import type { EncoderConfig } from './encoderConfig.ts';
import { type ModelHead, statesPerAnswer } from './headPooling.ts';

/** How a parameter starts when no file has it. */
export type Initialization = 'normal' | 'zeros' | 'ones';

export interface ParameterSpec {
  /** The name in transformers' `…ForSequenceClassification` or `…ForTokenClassification`, e.g. `bert.encoder.layer.0.output.dense.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialization: Initialization;
  /** Part of a head: may be absent from a pretrained encoder. */
  readonly head: boolean;
  /** An embedding table: its gradient is one row per looked-up token. */
  readonly table: boolean;
}

/** Weights by parameter name, float32, row-major as in the file. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** The name before `.embeddings` and `.encoder` in transformers' classification models. */
export const encoderPrefix = (config: EncoderConfig): string =>
  config.model_type === 'xlm-roberta' ? 'roberta' : config.model_type;

/** All parameters of an encoder with a head, in a fixed order. */
export function parameterSpecs(config: EncoderConfig, head: ModelHead, labels: number): ParameterSpec[] {
  return [...encoderParameters(config), ...headSpecs(config, head, labels)];
}

/** Those of the encoder alone. */
export function encoderParameters(config: EncoderConfig): ParameterSpec[] {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const prefix = encoderPrefix(config);
  const width = config.embedding_size ?? hidden;
  const table = (name: string, rows: number) =>
    spec(`${prefix}.embeddings.${name}.weight`, [rows, width], 'normal', { table: true });
  const layer = (index: number) => {
    const at = `${prefix}.encoder.layer.${index}`;
    return [
      ...['query', 'key', 'value'].flatMap((name) => linear(`${at}.attention.self.${name}`, hidden, hidden)),
      ...linear(`${at}.attention.output.dense`, hidden, hidden),
      ...norm(`${at}.attention.output.LayerNorm`, hidden),
      ...linear(`${at}.intermediate.dense`, hidden, inner),
      ...linear(`${at}.output.dense`, inner, hidden),
      ...norm(`${at}.output.LayerNorm`, hidden),
    ];
  };
  return [
    table('word_embeddings', config.vocab_size),
    table('position_embeddings', config.max_position_embeddings),
    table('token_type_embeddings', config.type_vocab_size),
    ...norm(`${prefix}.embeddings.LayerNorm`, width),
    ...(width === hidden ? [] : linear(`${prefix}.embeddings_project`, width, hidden)),
    ...Array.from({ length: config.num_hidden_layers }, (_, index) => layer(index)).flat(),
  ];
}

/** The head's dense layer and projection; transformers gives BERT's pooler and classifier names of their own. */
function headSpecs(config: EncoderConfig, head: ModelHead, labels: number): ParameterSpec[] {
  const { hidden_size: hidden } = config;
  if (head === 'tokens') return linear('classifier', hidden, labels, true);
  return head === 'cls' && config.model_type === 'bert'
    ? [...poolerParameters(config), ...linear('classifier', hidden, labels, true)]
    : [
        ...linear('classifier.dense', statesPerAnswer(head) * hidden, hidden, true),
        ...linear('classifier.out_proj', hidden, labels, true),
      ];
}

const spec = (
  name: string,
  shape: readonly number[],
  initialization: Initialization,
  { head = false, table = false } = {},
): ParameterSpec => ({ name, shape, initialization, head, table });

/** A linear layer's weight and bias. */
export const linear = (name: string, inputs: number, outputs: number, head = false) => [
  spec(`${name}.weight`, [outputs, inputs], 'normal', { head }),
  spec(`${name}.bias`, [outputs], 'zeros', { head }),
];

/** A normalisation's scale and shift. */
export const norm = (name: string, size: number, head = false) => [
  spec(`${name}.weight`, [size], 'ones', { head }),
  spec(`${name}.bias`, [size], 'zeros', { head }),
];

/** BERT's layer between the first token and its classifier; part of a pretrained encoder, where its file has it. */
export const poolerParameters = ({ hidden_size: hidden }: EncoderConfig): ParameterSpec[] =>
  linear('bert.pooler.dense', hidden, hidden, true);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
