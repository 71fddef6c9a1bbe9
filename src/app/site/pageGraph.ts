import { blockQuantizedOps } from '../../engine/nn/blockQuantize.ts';
import { Graph } from '../../engine/nn/graph/graph.ts';
import { opsOf } from '../../engine/nn/graph/ops.ts';
import { classify, type ModelSpec, storedModel } from '../../engine/nn/model.ts';
import { parameterSpecs, type Weights } from '../../engine/nn/parameters.ts';

/** The graph of a page, from the inputs of `collate` to `logits`: weights stored in 8 bits, computed with in floats. */
export function buildPageGraph(spec: ModelSpec, weights: Weights): Uint8Array {
  const graph = new Graph();
  const parameters = parameterSpecs(spec.config, spec.head, spec.labels);
  const stored = storedModel(graph, spec, weights, 'fp32');
  const { logits } = classify(graph, spec, { ...stored, ops: blockQuantizedOps(opsOf(graph), parameters, weights) });
  return graph.toOnnx({ logits });
}
