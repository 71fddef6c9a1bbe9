import { type Builder, encode, encoderInputs } from './encoder.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import { Graph } from './graph/graph.ts';
import type { Dialect } from './graph/lower.ts';
import type { Tensor } from './graph/nodes.ts';
import { opsOf } from './graph/ops.ts';
import { maskedLogits, maskedParameters, wordTable } from './maskedHead.ts';
import {
  type Differentiated,
  type DropoutRates,
  dropoutSites,
  maskInputs,
  sourceOf,
  type TrainingGraph,
  type TrainingSources,
  tensorsOf,
  withGradients,
} from './trainingGraph.ts';

/**
 * A graph from a batch with masked tokens (`collateMasked`) to `loss` and the gradients of all parameters: masked-language
 * modelling (Devlin et al., 2019, arXiv:1810.04805, section 3.1). Only masked tokens get logits.
 *
 * The decoder is tied to the word table, whose gradient is that of the decoder, with the looked-up rows added.
 *
 * @param dialect which operators a runtime's device has
 */
export function buildMaskedTraining(
  config: EncoderConfig,
  rates: DropoutRates,
  dialect: Dialect = 'onnxruntime',
): TrainingGraph {
  const graph = new Graph();
  const weights = maskedParameters(config);
  const source = sourceOf(weights, ({ name, shape }) => graph.input(name, shape));
  const { masked, dropouts } = maskInputs(graph);
  const dropout = dropoutSites(graph, rates, tensorsOf(weights, source), masked);
  return withGradients(graph, maskedParts(graph, config, { source, dropout }), dropouts, dialect);
}

/** The model and its loss, as a training graph has them. */
export function maskedParts(graph: Graph, config: EncoderConfig, { source, dropout }: TrainingSources): Differentiated {
  const weights = maskedParameters(config);
  const loss = maskedLoss(graph, { config, weight: source, dropout });
  return { source, loss, outputs: {}, weights, trained: weights, tied: new Set([wordTable(config)]) };
}

/** A graph from the same inputs to `loss` alone, without dropout. */
export function buildMaskedLoss(config: EncoderConfig): Uint8Array {
  const graph = new Graph();
  const weight = sourceOf(maskedParameters(config), ({ name, shape }) => graph.input(name, shape));
  return graph.toOnnx({ loss: maskedLoss(graph, { config, weight, dropout: (x) => x }) });
}

/** -Σ weight · log softmax(logits)[gold] over the masked tokens. */
function maskedLoss(graph: Graph, sources: Pick<Builder, 'config' | 'weight' | 'dropout'>): Tensor {
  const ops = opsOf(graph);
  const build: Builder = { ops, ...sources, adapt: (_, __, y) => y };
  const inputs = encoderInputs(graph);
  const tokens = graph.input('reads', ['r'], 'int64');
  const gold = graph.input('gold', ['r'], 'int64');
  const weights = graph.input('weights', ['b', 'p']);
  const logits = maskedLogits(build, encode(build, inputs, { tokens, perRow: 'p' }));
  // One column, of which `gold` names the right token's places: its values are as many as tokens, not as many as logits.
  const column = ops.reshape(ops.logSoftmax(logits), ['rv', 1]);
  const right = ops.gatherRows(column, gold);
  return ops.neg(ops.reduceSum(ops.mul(right, ops.reshape(weights, ['r', 1])), [0, 1]));
}
