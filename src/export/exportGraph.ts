import { usageError } from '../core/errors.ts';
import type { Precision } from '../core/settings.ts';
import { PADDING_BIAS } from '../nn/encoder.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import { Graph, type InferenceAttributes, type InferenceOpName, type Tensor } from '../nn/graph/graph.ts';
import type { ElementType, Shape } from '../nn/graph/onnxModel.ts';
import { opsOf } from '../nn/graph/ops.ts';
import { readsWords } from '../nn/headReads.ts';
import { classify, storedModel } from '../nn/model.ts';
import { parameterSpecs, sizeOf } from '../nn/parameters.ts';
import { positionOffset } from '../nn/positions.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import { type OpeningMarker, openingMarkers } from './openingMarkers.ts';

/** A file of protocol buffers is smaller than this. */
const LARGEST_FILE = 2 ** 31;
const MAX_INDEX = Number.MAX_SAFE_INTEGER;

/**
 * A model as transformers.js and other runtimes load it: from `input_ids` and `attention_mask`, both int64
 * (b rows, l tokens, padded on the right), to `logits` (b, labels), in operators of the ONNX standard alone.
 *
 * Everything else that the encoder takes is computed in the graph: positions, token types and, where the head reads the
 * opening markers, their places. A row in which these are not to be found for certain has logits that are not numbers.
 *
 * Errors: `usage` for a model that is too large for one file.
 */
export function buildExport(model: RelationModel, precision: Precision): Uint8Array {
  const { spec, weights } = model;
  const parameters = parameterSpecs(spec.config, spec.head, spec.labels);
  const bytes = parameters.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  if (precision === 'fp32' && bytes >= LARGEST_FILE)
    throw usageError(
      `The model has ${(bytes / 2 ** 30).toFixed(1)} GiB of weights; one ONNX file holds less than 2 GiB.`,
      'Export a smaller encoder, e.g. with --encoder-layers at training.',
    );
  if (readsWords(spec.head))
    throw usageError(
      `A model with the head ${spec.head} cannot be exported yet.`,
      'Train one with --head entity-start.',
    );
  const graph = new Graph();
  const batch = tokensOf(graph);
  const places = spec.head === 'cls' ? { columns: null, refusal: null } : markerPlaces(graph, batch.ids, model);
  const { logits } = classify(graph, spec, storedModel(graph, spec, weights, precision), {
    encoder: {
      ids: batch.flat(batch.ids),
      positions: batch.flat(positions(graph, batch.ids, spec.config)),
      attentionBias: attentionBias(graph, batch.mask),
    },
    reads: reads(graph, batch.ids, places.columns),
    pooling: null,
  });
  const answer = places.refusal ? opsOf(graph).add(logits, places.refusal) : logits;
  return graph.toOnnx({ logits: answer }, 'standard');
}

function tokensOf(graph: Graph) {
  const { reshape } = opsOf(graph);
  return {
    ids: graph.input('input_ids', ['b', 'l'], 'int64'),
    mask: graph.input('attention_mask', ['b', 'l'], 'int64'),
    /** (b, l) → (n) */
    flat: (x: Tensor) => reshape(x, ['n']),
  };
}

/** 0 for tokens, `PADDING_BIAS` for padding: (b, 1, 1, l). */
function attentionBias(graph: Graph, mask: Tensor): Tensor {
  const { reshape, scale, sub } = opsOf(graph);
  const isToken = emit(graph, 'Cast', [mask], { to: 'float32' }, mask.shape, 'float32');
  return reshape(scale(sub(graph.scalar(1), isToken), PADDING_BIAS), ['b', 1, 1, 'l']);
}

/** Position ids (b, l) as transformers computes them from the token ids. */
function positions(graph: Graph, ids: Tensor, config: EncoderConfig): Tensor {
  const { add, mul } = opsOf(graph);
  const shape = emit(graph, 'Shape', [ids], { start: 0, end: 2 }, [2]);
  if (positionOffset(config) === 0) {
    const columns = emit(graph, 'Range', [integer(graph, 0), width(graph, ids), integer(graph, 1)], {}, ['l']);
    return emit(graph, 'Expand', [columns, shape], {}, ids.shape);
  }
  // RoBERTa counts tokens from the padding id on and gives padding that id itself.
  const padding = integer(graph, config.pad_token_id);
  const isPadding = emit(graph, 'Equal', [ids, padding], {}, ids.shape, 'bool');
  const isToken = emit(graph, 'Not', [isPadding], {}, ids.shape, 'bool');
  const ones = emit(graph, 'Cast', [isToken], { to: 'int64' }, ids.shape);
  const counted = emit(graph, 'CumSum', [ones, integer(graph, 1)], {}, ids.shape);
  return add(mul(counted, ones), padding);
}

/** Places (r) among the n tokens of the columns (b, reads) that the head reads; the first of each row without columns. */
function reads(graph: Graph, ids: Tensor, columns: Tensor | null): Tensor {
  const { add, reshape } = opsOf(graph);
  const tokens = emit(graph, 'Size', [ids], {}, []);
  const rowStarts = emit(graph, 'Range', [integer(graph, 0), tokens, width(graph, ids)], {}, ['b']);
  if (!columns) return rowStarts;
  return reshape(add(columns, reshape(rowStarts, ['b', 1])), ['r']);
}

/** The columns (b, 2) of the opening markers, and a refusal (b, 1): 0, or not a number where they are missing or ambiguous. */
function markerPlaces(graph: Graph, ids: Tensor, model: RelationModel) {
  const { subject, object } = openingMarkers(model);
  const places = Object.entries({ subject, object }).map(([role, marker]) => markerPlace(graph, ids, role, marker));
  const columns = places.map(({ column }) => column);
  return {
    columns: emit(graph, 'Concat', columns, { axis: 1 }, ['b', columns.length]),
    refusal: places.map(({ refusal }) => refusal).reduce(opsOf(graph).add),
  };
}

function markerPlace(graph: Graph, ids: Tensor, role: string, { tables, gap, occurrences }: OpeningMarker) {
  const { gatherRows, mul, reduceSum, reshape } = opsOf(graph);
  const flatIds = reshape(ids, ['n']);
  const [first, second] = tables.map((data, i) => {
    const table = graph.initializer(`${role}_marker_${i}`, [data.length], data);
    return reshape(gatherRows(table, flatIds), ids.shape);
  });
  const slice = (x: Tensor, start: number, end: number) =>
    emit(graph, 'Slice', [x, ...[start, end, 1].map((value) => graph.integers([value]))], {}, ['b', 's'], 'float32');
  const found = second ? mul(slice(first!, 0, -gap), slice(second, gap, MAX_INDEX)) : first!;
  const column = emit(graph, 'ArgMax', [found], { axis: 1, keepdims: 1 }, ['b', 1]);
  const count = reduceSum(found, [1], true);
  const isClear = emit(graph, 'Equal', [count, graph.scalar(occurrences)], {}, ['b', 1], 'bool');
  const cases = [isClear, graph.scalar(0), graph.scalar(Number.NaN)];
  return { column, refusal: emit(graph, 'Where', cases, {}, ['b', 1], 'float32') };
}

/** The number of columns, l, as a scalar. */
function width(graph: Graph, ids: Tensor): Tensor {
  return emit(graph, 'Squeeze', [emit(graph, 'Shape', [ids], { start: 1, end: 2 }, [1])], {}, []);
}

const integer = (graph: Graph, value: number): Tensor =>
  graph.initializer(`int_${value}`, [], BigInt64Array.of(BigInt(value)));

const emit = <O extends InferenceOpName>(
  graph: Graph,
  op: O,
  inputs: readonly Tensor[],
  attributes: InferenceAttributes[O],
  shape: Shape,
  type: ElementType = 'int64',
): Tensor => graph.emitInference(op, inputs, attributes, shape, type);
