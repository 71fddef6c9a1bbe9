import type { EncoderConfig } from './encoderConfig.ts';
import type { Graph } from './graph/graph.ts';
import type { Tensor } from './graph/nodes.ts';
import type { Dim } from './graph/onnxModel.ts';
import type { Ops } from './graph/ops.ts';
import { encoderPrefix } from './parameters.ts';

/** Where a graph's weights come from: inputs while training, initializers when exported. */
export type ParameterSource = (name: string) => Tensor;

/** A dropout site: gives x back unchanged outside training. */
export type DropoutSite = (x: Tensor, site: 'hidden' | 'attention' | 'head') => Tensor;

/** Everything that the parts of a model are built from. */
export interface Builder {
  readonly ops: Ops;
  readonly config: EncoderConfig;
  readonly weight: ParameterSource;
  readonly dropout: DropoutSite;
  /** Adds what a low-rank adapter of the linear layer makes of x to the layer's own y; y where there is none. */
  readonly adapt: (layer: string, x: Tensor, y: Tensor) => Tensor;
}

/** The per-token inputs of an encoder, n = b · l tokens of b rows padded to l. */
export interface EncoderInputs {
  /** Token ids (n). */
  readonly ids: Tensor;
  /** Position ids (n). */
  readonly positions: Tensor;
  /**
   * 0 for tokens, a large negative number for padding (b, 1, 1, l); or for each token that looks (the third axis) which
   * others it sees (b, 1, l, l).
   */
  readonly attentionBias: Tensor;
}

/** Declares the inputs of an encoder graph. @param bias 'row' where all tokens of a row see the same others */
export function encoderInputs(graph: Graph, bias: 'row' | 'token' = 'row'): EncoderInputs {
  return {
    attentionBias: graph.input('attention_bias', ['b', 1, bias === 'row' ? 1 : 'l', 'l']),
    ids: graph.input('ids', ['n'], 'int64'),
    positions: graph.input('positions', ['n'], 'int64'),
  };
}

/** Added to the attention scores of padding: far below any score, yet finite in float32. */
export const PADDING_BIAS = -1e9;

/** The tokens whose last states are the output: their positions among the n tokens (r), `perRow` of each of the b rows. */
export interface OutputTokens {
  readonly tokens: Tensor;
  readonly perRow: Dim;
}

/**
 * The states (r, hidden) of the last layer of a BERT-family encoder (Devlin et al., 2019, arXiv:1810.04805) at the output
 * tokens, as in transformers' `BertModel`, `RobertaModel` and `ElectraModel`: post-norm layers, absolute positions, exact
 * GELU. No later layer attends to the other tokens, so the last layer computes keys and values of all tokens but everything
 * else for the output tokens alone: most of a layer is saved.
 *
 * @param reads all tokens when null
 */
export function encode(build: Builder, inputs: EncoderInputs, reads: OutputTokens | null): Tensor {
  const { config, ops } = build;
  const layers = `${encoderPrefix(config)}.encoder.layer`;
  const last = config.num_hidden_layers - 1;
  let states = embed(build, inputs);
  for (let layer = 0; layer < last; layer++)
    states = encoderLayer(build, `${layers}.${layer}`, states, { tokens: states, perRow: 'l' }, inputs.attentionBias);
  if (!reads)
    return encoderLayer(build, `${layers}.${last}`, states, { tokens: states, perRow: 'l' }, inputs.attentionBias);
  const read = { tokens: ops.gatherRows(states, reads.tokens), perRow: reads.perRow };
  return encoderLayer(build, `${layers}.${last}`, states, read, biasOf(build, inputs.attentionBias, reads));
}

/** The attention bias of the output tokens: (b, 1, l, l) → (b, 1, perRow, l). */
function biasOf({ ops }: Builder, bias: Tensor, { tokens, perRow }: OutputTokens): Tensor {
  if (bias.shape[2] === 1) return bias;
  return ops.reshape(ops.gatherRows(ops.reshape(bias, ['n', 'l']), tokens), ['b', 1, perRow, 'l']);
}

function embed(build: Builder, inputs: EncoderInputs): Tensor {
  const { ops, config, weight, dropout } = build;
  const prefix = encoderPrefix(config);
  const at = `${prefix}.embeddings`;
  const words = ops.gatherRows(weight(`${at}.word_embeddings.weight`), inputs.ids);
  const positions = ops.gatherRows(weight(`${at}.position_embeddings.weight`), inputs.positions);
  // Korean relation extraction has one segment: every token is of type 0.
  const types = ops.gatherRows(weight(`${at}.token_type_embeddings.weight`), ops.graph.integers([0]));
  const sum = ops.add(ops.add(words, types), positions);
  const normalized = dropout(layerNorm(build, `${at}.LayerNorm`, sum), 'hidden');
  const isProjected = (config.embedding_size ?? config.hidden_size) !== config.hidden_size;
  return isProjected ? linear(build, `${prefix}.embeddings_project`, normalized) : normalized;
}

/** The tokens that a layer computes, `perRow` of each row: all, or the output tokens. */
interface Queries {
  /** (m, hidden) */
  readonly tokens: Tensor;
  readonly perRow: Dim;
}

/** The next states (m, hidden) of the tokens in `queries`, which attend to all tokens x (n, hidden). */
function encoderLayer(build: Builder, at: string, x: Tensor, queries: Queries, attentionBias: Tensor): Tensor {
  const { ops, config, dropout } = build;
  const context = attention(build, `${at}.attention.self`, x, queries, attentionBias);
  const attended = dropout(linear(build, `${at}.attention.output.dense`, context), 'hidden');
  const middle = layerNorm(build, `${at}.attention.output.LayerNorm`, ops.add(attended, queries.tokens));
  const inner = ops[config.hidden_act](linear(build, `${at}.intermediate.dense`, middle));
  const output = dropout(linear(build, `${at}.output.dense`, inner), 'hidden');
  return layerNorm(build, `${at}.output.LayerNorm`, ops.add(output, middle));
}

/** softmax(Q Kᵀ / √d + bias) V per head (Vaswani et al., 2017, arXiv:1706.03762, eq. 1). */
function attention(build: Builder, at: string, x: Tensor, queries: Queries, attentionBias: Tensor): Tensor {
  const { ops, config, dropout } = build;
  const heads = config.num_attention_heads;
  const size = config.hidden_size / heads;
  // (b · tokens, hidden) → (b, heads, tokens, size)
  const split = (name: string, tokens: Tensor, perRow: Dim) =>
    ops.transpose(ops.reshape(linear(build, `${at}.${name}`, tokens), ['b', perRow, heads, size]), [0, 2, 1, 3]);
  const query = split('query', queries.tokens, queries.perRow);
  const scores = ops.matmul(query, split('key', x, 'l'), { transB: true, alpha: 1 / Math.sqrt(size) });
  const probabilities = dropout(ops.softmax(ops.add(scores, attentionBias)), 'attention');
  const context = ops.matmul(probabilities, split('value', x, 'l'));
  return ops.reshape(ops.transpose(context, [0, 2, 1, 3]), queries.tokens.shape);
}

/** x Wᵀ + b with transformers' weight layout (outputs, inputs). */
export const linear = ({ ops, weight, adapt }: Builder, at: string, x: Tensor): Tensor =>
  adapt(at, x, ops.gemm(x, weight(`${at}.weight`), weight(`${at}.bias`), { transB: true }));

/** Normalises the last axis, with the encoder's ε. */
export const layerNorm = ({ ops, config, weight }: Builder, at: string, x: Tensor): Tensor =>
  ops.layerNorm(x, weight(`${at}.weight`), weight(`${at}.bias`), config.layer_norm_eps)[0]!;
