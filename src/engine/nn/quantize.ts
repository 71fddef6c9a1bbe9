import type { Tensor } from './graph/nodes.ts';
import type { Ops } from './graph/ops.ts';
import type { ParameterSpec, Weights } from './parameters.ts';

/** A matrix in 8-bit integers, and the scale of each of its rows or columns. */
export interface QuantizedMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Largest value of a weight: 7 bits, as `reduce_range` of onnxruntime's `quantize_dynamic`. Processors without VNNI add
 * pairs of products of 8-bit activations and weights in 16 bits, which 2 · 255 · 64 cannot overflow. The loss is small beside
 * the rounding of the activations.
 */
const WEIGHT_LIMIT = 64;
/** Embeddings are only looked up and scaled, so they have all 8 bits. */
const TABLE_LIMIT = 127;
/** The largest values that rows were stored with. */
export const STORED_LIMITS = [WEIGHT_LIMIT, TABLE_LIMIT] as const;
/** Smaller tables, of positions and token types, stay in float32. */
export const MIN_TABLE_ROWS = 4096;

/**
 * Operators with 8-bit weights in the place of an encoder's linear layers (symmetric, a scale per output channel;
 * activations are quantised as they come, a scale per token) and word embeddings (a scale per row). The head, norms
 * and biases stay in float32: they are small and decide most.
 */
export function quantizedOps(ops: Ops, parameters: readonly ParameterSpec[], weights: Weights): Ops {
  const { graph } = ops;
  const specs = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const matrixOf = (tensor: Tensor, isTable: boolean) => {
    const parameter = specs.get(tensor.name);
    return parameter && !parameter.head && parameter.table === isTable ? weights.get(tensor.name)! : null;
  };
  return {
    ...ops,
    gemm(x, weight, bias, transposed) {
      const data = transposed?.transB ? matrixOf(weight, false) : null;
      if (!data || !bias) return ops.gemm(x, weight, bias, transposed);
      const [outputs, inputs] = weight.shape as readonly [number, number];
      const { values, scales } = quantizeRows(data, outputs, inputs, WEIGHT_LIMIT);
      const quantized = graph.initializer(`${weight.name}.int8`, [inputs, outputs], transpose(values, outputs, inputs));
      const scale = graph.initializer(`${weight.name}.scales`, [outputs], scales);
      const shape = [x.shape[0]!, outputs];
      return graph.emitInference('QuantizedMatMul', [x, quantized, scale, bias], {}, shape, 'float32');
    },
    gatherRows(table, rows) {
      const data = matrixOf(table, true);
      const [count, width] = table.shape as readonly [number, number];
      if (!data || count < MIN_TABLE_ROWS) return ops.gatherRows(table, rows);
      const { values, scales } = quantizeRows(data, count, width, TABLE_LIMIT);
      const quantized = graph.initializer(`${table.name}.int8`, [count, width], values);
      const scale = graph.initializer(`${table.name}.scales`, [count, 1], scales);
      const found = ops.gatherRows(quantized, rows);
      const floats = graph.emitInference('Cast', [found], { to: 'float32' }, found.shape, 'float32');
      return ops.mul(floats, ops.gatherRows(scale, rows));
    },
  };
}

/** Symmetric quantisation of each row: w ≈ values · scale, |values| ≤ limit. */
export function quantizeRows(data: Float32Array, rows: number, columns: number, limit: number): QuantizedMatrix {
  const values = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, Math.abs(data[i]!));
    // A row of zeros has no scale of its own.
    const scale = largest === 0 ? 1 : largest / limit;
    scales[row] = scale;
    for (let i = start; i < start + columns; i++) values[i] = Math.round(data[i]! / scale);
  }
  return { values, scales };
}

/** (rows, columns) → (columns, rows) */
function transpose(values: Int8Array, rows: number, columns: number): Int8Array {
  const turned = new Int8Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
  return turned;
}
