import type { ElementType, Shape } from './onnxModel.ts';

/** Attributes of each operator that korex's graphs use. An operator without a row here cannot be emitted. */
export interface OpAttributes {
  Add: Empty;
  Sub: Empty;
  Mul: Empty;
  Neg: Empty;
  Exp: Empty;
  Erf: Empty;
  Tanh: Empty;
  Relu: Empty;
  Sign: Empty;
  /** x to a constant power; x above zero. */
  Pow: { exponent: number };
  Gelu: Empty;
  Softmax: { axis: number };
  LogSoftmax: { axis: number };
  LayerNormalization: { axis: number; epsilon: { float: number } };
  /** alpha · A · B over the last two axes, either transposed; equal batch axes. */
  FusedMatMul: { transA: 0 | 1; transB: 0 | 1; alpha: { float: number } };
  /** A · B (+ C), matrices, either of A and B transposed. */
  Gemm: { transA: 0 | 1; transB: 0 | 1 };
  Transpose: { perm: readonly number[] };
  Reshape: Empty;
  Gather: { axis: 0 };
  /** Adds the rows `updates` into a copy of the first input at the given rows. */
  ScatterRows: Empty;
  ReduceSum: { keepdims: 0 | 1 };
  ReduceMean: { keepdims: 0 | 1; axes: readonly number[] };
  /** x · mask / keep, the mask in bytes of 0 and 1. */
  Dropout: { keep: number };
  /** Zeros of the input's shape. */
  ZerosLike: Empty;
}
type Empty = Readonly<Record<string, never>>;
export type OpName = keyof OpAttributes;

/** Operators that have no gradient rule: those on integers and truth values, and what inference or the optimizer alone uses. */
export interface InferenceAttributes {
  /** x · W · scales + bias, W (in, out) in 8-bit integers, a scale per column; x is quantised as it comes, row by row. */
  QuantizedMatMul: Empty;
  Cast: { to: ElementType };
  Equal: Empty;
  Not: Empty;
  Where: Empty;
  Shape: { start: number; end: number };
  Size: Empty;
  Squeeze: Empty;
  Unsqueeze: Empty;
  Concat: { axis: number };
  Slice: Empty;
  Range: Empty;
  Expand: Empty;
  CumSum: Empty;
  ArgMax: { axis: number; keepdims: 0 | 1; select_last_index: 0 | 1 };
  Greater: Empty;
  Less: Empty;
  Div: Empty;
  Sqrt: Empty;
  /** The larger of both, value by value. */
  Max: Empty;
}
export type InferenceOpName = keyof InferenceAttributes;
type AnyAttributes = OpAttributes & InferenceAttributes;
export type AnyOpName = keyof AnyAttributes;

export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
}

export interface GraphNode<O extends AnyOpName = AnyOpName> {
  readonly op: O;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: AnyAttributes[O];
}
