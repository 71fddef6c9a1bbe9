import type { Tensor } from './graph/nodes.ts';
import type { Ops } from './graph/ops.ts';
import type { ParameterSpec, Weights } from './parameters.ts';
import { MIN_TABLE_ROWS, type QuantizedMatrix, quantizeRows, STORED_LIMITS } from './quantize.ts';

/** Weights that share a scale; a row of other widths has one scale. */
const BLOCK = 32;
const LIMIT = 127;
/** How far a multiple of a scale in 32 bits may be from a whole number. */
const ROUNDING = 1e-4;

/**
 * Operators with linear layers and word embeddings stored in 8 bits, a scale for each 32 weights, that are floats again
 * before anything is computed: a quarter of the size. The head, norms and biases stay as they are.
 *
 * `quantizedOps` rounds activations as well, which is faster. But a rounding depends on the last bit of all operators
 * before it, and so on the processor: in a browser, one model's probabilities on rows of the sample were up to 0.08 off
 * those in Node. Here they are the same everywhere, and nearer to those of 32 bits.
 */
export function blockQuantizedOps(ops: Ops, parameters: readonly ParameterSpec[], weights: Weights): Ops {
  const { graph } = ops;
  const specs = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const stored = (tensor: Tensor, isTable: boolean) => {
    const parameter = specs.get(tensor.name);
    if (!parameter || parameter.head || parameter.table !== isTable) return null;
    const [rows, width] = parameter.shape as readonly [number, number];
    if (isTable && rows < MIN_TABLE_ROWS) return null;
    const block = width % BLOCK === 0 ? BLOCK : width;
    const blocks = width / block;
    const { values, scales } = quantizeBlocks(weights.get(tensor.name)!, rows, blocks, block);
    return {
      values: graph.initializer(`${tensor.name}.int8`, [rows, width], values),
      scales: graph.initializer(`${tensor.name}.scales`, [rows, blocks], scales),
      /** Rows of values (n, width) times their scales (n, blocks). */
      floats(some: Tensor, theirScales: Tensor): Tensor {
        const [count] = some.shape;
        const cast = graph.emitInference('Cast', [some], { to: 'float32' }, some.shape, 'float32');
        const scaled = ops.mul(
          ops.reshape(cast, [count!, blocks, block]),
          ops.reshape(theirScales, [count!, blocks, 1]),
        );
        return ops.reshape(scaled, some.shape);
      },
    };
  };
  return {
    ...ops,
    gemm(x, weight, bias, transposed) {
      const matrix = transposed?.transB ? stored(weight, false) : null;
      return ops.gemm(x, matrix ? matrix.floats(matrix.values, matrix.scales) : weight, bias, transposed);
    },
    gatherRows(table, rows) {
      const matrix = stored(table, true);
      if (!matrix) return ops.gatherRows(table, rows);
      return matrix.floats(ops.gatherRows(matrix.values, rows), ops.gatherRows(matrix.scales, rows));
    },
  };
}

/**
 * A scale for each block, values up to 127. A row that was in 8 bits before, as the models in the box are, keeps the scale it
 * had, so that its weights come out the same: a block's own would round them once more.
 */
function quantizeBlocks(data: Float32Array, rows: number, blocks: number, block: number): QuantizedMatrix {
  const width = blocks * block;
  const matrix = quantizeRows(data, rows * blocks, block, LIMIT);
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * width, (row + 1) * width);
    const scale = formerScale(own);
    if (scale === null) continue;
    matrix.scales.fill(scale, row * blocks, (row + 1) * blocks);
    for (const [column, value] of own.entries()) matrix.values[row * width + column] = Math.round(value / scale);
  }
  return matrix;
}

/** The scale that a row of 8-bit weights was stored with; null where its values are no multiples of one. */
function formerScale(row: Float32Array): number | null {
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return null;
  const isMultiple = (scale: number) =>
    row.every((value) => Math.abs(value / scale - Math.round(value / scale)) < ROUNDING);
  return STORED_LIMITS.map((limit) => largest / limit).find(isMultiple) ?? null;
}
