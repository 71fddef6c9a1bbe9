import { usageError } from '../../base/core/errors.ts';
import { gibibytes } from '../../base/core/format.ts';
import type { Precision } from '../../base/core/settings.ts';
import { PADDING_BIAS } from '../../engine/nn/encoder.ts';
import type { EncoderConfig } from '../../engine/nn/encoderConfig.ts';
import { type EntityModel, isEntityModel } from '../../engine/nn/entityModel.ts';
import { Graph } from '../../engine/nn/graph/graph.ts';
import type { Tensor } from '../../engine/nn/graph/nodes.ts';
import { opsOf } from '../../engine/nn/graph/ops.ts';
import { classify, storedModel } from '../../engine/nn/model.ts';
import { parameterSpecs, sizeOf } from '../../engine/nn/parameters.ts';
import { positionOffset } from '../../engine/nn/positions.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { columnNumbers, emit, integer } from './inferenceOps.ts';
import { poolingPositions } from './poolingPositions.ts';

/** A file of protocol buffers is smaller than this. */
const LARGEST_FILE = 2 ** 31;

/**
 * A model as transformers.js and other runtimes load it: from `input_ids` and `attention_mask`, both int64
 * (b rows, l tokens, padded on the right), to `logits` (b, labels), of a model that finds entities (b, l, tags), in operators
 * of the ONNX standard alone.
 *
 * Everything else that the encoder takes is computed in the graph: positions, token types and, where the head pools markers
 * or words, their positions. A row in which these are missing or ambiguous has logits that are not numbers.
 *
 * Errors: `usage` for a model that is too large for one file.
 */
export function buildExport(model: RelationModel | EntityModel, precision: Precision): Uint8Array {
  const { spec, weights } = model;
  const parameters = parameterSpecs(spec.config, spec.head, spec.labels);
  const bytes = parameters.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  if (precision === 'fp32' && bytes >= LARGEST_FILE)
    throw usageError(
      {
        en: `The model has ${gibibytes(bytes)} of weights; one ONNX file holds less than 2 GiB.`,
        ko: `모델의 가중치가 ${gibibytes(bytes)}인데, ONNX 파일 하나에는 2 GiB 미만만 담긴다.`,
      },
      {
        en: 'Export a smaller encoder, e.g. with --encoder-layers at training.',
        ko: '더 작은 인코더를 내보낸다. 예: 학습할 때 --encoder-layers.',
      },
    );
  const graph = new Graph();
  const batch = tokensOf(graph);
  const { reads, pooling, refusal } = isEntityModel(model) ? ALL_TOKENS : poolingPositions(graph, batch.ids, model);
  // Texts with markers in them have one pair each.
  const single = { ...spec, packed: false };
  const { logits } = classify(graph, single, storedModel(graph, single, weights, precision), {
    encoder: {
      ids: batch.flat(batch.ids),
      positions: batch.flat(positions(graph, batch.ids, spec.config)),
      attentionBias: attentionBias(graph, batch.mask),
    },
    reads,
    pooling,
  });
  const { add, reshape } = opsOf(graph);
  const rows = isEntityModel(model) ? reshape(logits, ['b', 'l', spec.labels]) : logits;
  const answer = refusal ? add(rows, refusal) : rows;
  return graph.toOnnx({ logits: answer }, 'standard');
}

/** What a head that answers every token pools. */
const ALL_TOKENS = { reads: null, pooling: null, refusal: null };

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
    return emit(graph, 'Expand', [columnNumbers(graph, ids), shape], {}, ids.shape);
  }
  // RoBERTa counts tokens from the padding id on and gives padding that id itself.
  const padding = integer(graph, config.pad_token_id);
  const isPadding = emit(graph, 'Equal', [ids, padding], {}, ids.shape, 'bool');
  const isToken = emit(graph, 'Not', [isPadding], {}, ids.shape, 'bool');
  const ones = emit(graph, 'Cast', [isToken], { to: 'int64' }, ids.shape);
  const counted = emit(graph, 'CumSum', [ones, integer(graph, 1)], {}, ids.shape);
  return add(mul(counted, ones), padding);
}
