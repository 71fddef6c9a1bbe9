import type { Graph } from '../../engine/nn/graph/graph.ts';
import type { InferenceAttributes, InferenceOpName, Tensor } from '../../engine/nn/graph/nodes.ts';
import type { ElementType, Shape } from '../../engine/nn/graph/onnxModel.ts';

/** Adds an operator on integers or truth values to a graph; the caller gives the shape of its result. */
export const emit = <O extends InferenceOpName>(
  graph: Graph,
  op: O,
  inputs: readonly Tensor[],
  attributes: InferenceAttributes[O],
  shape: Shape,
  type: ElementType = 'int64',
): Tensor => graph.emitInference(op, inputs, attributes, shape, type);

export const integer = (graph: Graph, value: number): Tensor =>
  graph.initializer(`int_${value}`, [], BigInt64Array.of(BigInt(value)));

/** 0 … l-1 for ids (b, l). */
export const columnNumbers = (graph: Graph, ids: Tensor): Tensor =>
  emit(graph, 'Range', [integer(graph, 0), widthOf(graph, ids), integer(graph, 1)], {}, ['l']);

/** The number of columns of ids (b, l), as a scalar. */
export function widthOf(graph: Graph, ids: Tensor): Tensor {
  return emit(graph, 'Squeeze', [emit(graph, 'Shape', [ids], { start: 1, end: 2 }, [1])], {}, []);
}
