import { z } from 'zod';

const count = z.number().int().positive();
const shape = { hidden: count, layers: count, heads: count, feedForward: count, vocabulary: count };

/** What a model's size and cost follow from; the values are those of its `config.json`. */
export const architectureSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** BERT, RoBERTa, ELECTRA: attention to both sides, biases, a two-matrix feed-forward part. */
    kind: z.literal('encoder'),
    ...shape,
    positions: count,
    segments: count,
    /** Whether the released encoder ends in BERT's dense layer over the first token. */
    pooler: z.boolean(),
  }),
  z.strictObject({
    /** Qwen3: causal attention with grouped keys and values, no biases, a gated (three-matrix) feed-forward part. */
    kind: z.literal('decoder'),
    ...shape,
    keyValueHeads: count,
    headSize: count,
    /** Whether a matrix of its own maps states back to the vocabulary. */
    outputMatrix: z.boolean(),
  }),
]);

export type Architecture = z.infer<typeof architectureSchema>;

/**
 * Weights of a model, counted from its configuration as `transformers` builds it (h hidden, f feed-forward):
 * encoder: embeddings (V + P + S)·h + 2h, per layer 4(h² + h) + 2hf + f + h + 4h, pooler h² + h;
 * decoder: V·h (twice with an output matrix), per layer 2h·(heads + kv)·headSize + 3hf + 2h + 2·headSize, final norm h.
 */
export function parameterCount(model: Architecture): number {
  const { hidden: h, feedForward: f, layers, vocabulary } = model;
  if (model.kind === 'encoder') {
    const embeddings = (vocabulary + model.positions + model.segments) * h + 2 * h;
    const layer = 4 * (h * h + h) + (2 * h * f + f + h) + 4 * h;
    return embeddings + layers * layer + (model.pooler ? h * h + h : 0);
  }
  const layer = 2 * h * (model.heads + model.keyValueHeads) * model.headSize + 3 * h * f + 2 * h + 2 * model.headSize;
  return vocabulary * h * (model.outputMatrix ? 2 : 1) + layers * layer + h;
}

/**
 * Multiply-adds of one forward pass over one sentence of L tokens. Per layer of an encoder
 * 4·L·h² (query, key, value, output) + 2·L·h·f (feed-forward) + 2·L²·h (scores and their products with the values);
 * of a decoder 2·L·h·(heads + kv)·headSize + 3·L·h·f + 2·L²·heads·headSize. Embedding look-ups multiply nothing;
 * heads for 30 labels are under 0.1 % and left out. A decoder that writes its answer runs again for each token of it,
 * so for one this is a lower bound.
 */
export function multiplyAdds(model: Architecture, tokens: number): number {
  const { hidden: h, feedForward: f, layers } = model;
  const layer =
    model.kind === 'encoder'
      ? tokens * (4 * h * h + 2 * h * f) + 2 * tokens * tokens * h
      : tokens * (2 * h * (model.heads + model.keyValueHeads) * model.headSize + 3 * h * f) +
        2 * tokens * tokens * model.heads * model.headSize;
  return layers * layer;
}

/** A backward pass takes two products for each one of the forward pass: one for the inputs, one for the weights. */
export const trainingMultiplyAdds = (model: Architecture, tokens: number, epochs: number): number =>
  3 * multiplyAdds(model, tokens) * epochs;

const FLOAT_BYTES = 4;

/** Bytes of the weights as 32-bit floats. */
export const weightBytes = (model: Architecture): number => FLOAT_BYTES * parameterCount(model);

/**
 * Bytes to train all weights with AdamW in 32-bit floats: weights, gradients and two moments (16 bytes a weight), and
 * what a layer keeps of a batch for the backward pass, counted as by Korthikanti et al. (2022, arXiv:2205.05198, §4.1)
 * but with four bytes a value: 8h values a token beside the feed-forward part's (2f, or 3f with a gate),
 * two masks of h bytes, and two L × L values and a mask per head. An estimate: a runtime also needs working space.
 */
export function trainingBytes(model: Architecture, tokens: number, batch: number): number {
  const { hidden: h, feedForward: f, layers, heads } = model;
  const inner = (model.kind === 'encoder' ? 2 : 3) * f;
  const perToken = FLOAT_BYTES * (8 * h + inner) + 2 * h;
  const perHead = (2 * FLOAT_BYTES + 1) * tokens * tokens;
  return 4 * weightBytes(model) + layers * batch * (tokens * perToken + heads * perHead);
}
