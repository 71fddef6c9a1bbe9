import { type Dialect, LOWERING_CONSTANTS, lower } from './lower.ts';
import type { AttributeValue, ElementType, OnnxGraph, OnnxInitializer, Shape } from './onnxModel.ts';
import { encodeOnnxModel } from './onnxModel.ts';
import { inRunOrder, withoutIdentities } from './runOrder.ts';

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

/** Operators that have no gradient rule: those on integers and truth values, and what inference alone uses. */
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

/**
 * A graph under construction: named values, nodes in topological order. `ops.ts` adds nodes, `backward.ts` walks them,
 * `toOnnx` writes them out.
 */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Tensor[] = [];
  readonly #initializers = new Map<string, OnnxInitializer & { tensor: Tensor }>();
  readonly #shapeSources = new Map<string, readonly [Tensor, number]>();
  readonly #shapeNames = new Set<string>();
  readonly #shapeNodes: OnnxGraph['nodes'][number][] = [];
  #names = 0;

  /** A value fed at run time. Named dimensions that it introduces can be used in `reshape`. */
  input(name: string, shape: Shape, type: ElementType = 'float32'): Tensor {
    const tensor = { name, shape, type };
    this.inputs.push(tensor);
    for (const [axis, dim] of shape.entries())
      if (typeof dim === 'string' && !this.#shapeSources.has(dim)) this.#shapeSources.set(dim, [tensor, axis]);
    return tensor;
  }

  /** A value stored in the model. Equal names return the same tensor. */
  initializer(name: string, shape: readonly number[], data: Float32Array | Int8Array | BigInt64Array): Tensor {
    const known = this.#initializers.get(name);
    if (known) return known.tensor;
    const type = data instanceof Float32Array ? 'float32' : data instanceof Int8Array ? 'int8' : 'int64';
    const tensor: Tensor = { name, shape, type };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.set(name, { name, type, dims: shape, data: bytes, tensor });
    return tensor;
  }

  /** A scalar constant. */
  scalar(value: number): Tensor {
    return this.initializer(`const_${value}`, [], Float32Array.of(value));
  }

  /** A constant list of integers, for axes. */
  integers(values: readonly number[]): Tensor {
    return this.initializer(`ints_${values.join('_')}`, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds a node with one output per shape. */
  emit<O extends OpName>(
    op: O,
    inputs: readonly Tensor[],
    attributes: OpAttributes[O],
    ...shapes: readonly Shape[]
  ): Tensor[] {
    const outputs = shapes.map((shape) => ({ name: `${op}_${this.#names++}`, shape, type: 'float32' as const }));
    this.nodes.push({ op, inputs, outputs, attributes } as GraphNode);
    return outputs;
  }

  /** Adds a node that no gradient passes through, with one output. */
  emitInference<O extends InferenceOpName>(
    op: O,
    inputs: readonly Tensor[],
    attributes: InferenceAttributes[O],
    shape: Shape,
    type: ElementType,
  ): Tensor {
    const output = { name: `${op}_${this.#names++}`, shape, type };
    this.nodes.push({ op, inputs, outputs: [output], attributes } as GraphNode);
    return output;
  }

  /**
   * The int64 tensor that `Reshape` takes for a shape: a constant with -1 for a single named dimension, put together
   * from the shapes of inputs where several are named.
   */
  shapeTensor(shape: Shape): Tensor {
    const named = shape.filter((dim) => typeof dim === 'string');
    if (named.length <= 1) return this.integers(shape.map((dim) => (typeof dim === 'number' ? dim : -1)));
    const parts = shape.map((dim) => (typeof dim === 'number' ? this.integers([dim]).name : this.#dimension(dim)));
    const name = this.#cachedShapeNode(`shape_${shape.join('_')}`, 'Concat', parts, { axis: 0 });
    return { name, shape: [shape.length], type: 'int64' };
  }

  #dimension(dim: string): string {
    const source = this.#shapeSources.get(dim);
    if (!source) throw new Error(`No input of the graph has the dimension ${dim}.`);
    const [tensor, axis] = source;
    return this.#cachedShapeNode(`dim_${dim}`, 'Shape', [tensor.name], { start: axis, end: axis + 1 });
  }

  #cachedShapeNode(name: string, op: string, inputs: string[], attributes: Record<string, AttributeValue>): string {
    if (!this.#shapeNames.has(name)) {
      this.#shapeNames.add(name);
      this.#shapeNodes.push({ op, inputs, outputs: [name], attributes });
    }
    return name;
  }

  /**
   * The graph as an ONNX model with the named outputs. Whatever no output needs is left out.
   *
   * @param dialect `standard` writes operators of the ONNX standard alone, for any runtime
   */
  toOnnx(outputs: Readonly<Record<string, Tensor>>, dialect: Dialect = 'onnxruntime'): Uint8Array {
    const named = Object.entries(outputs);
    const all = [
      ...this.#shapeNodes,
      ...this.nodes.flatMap((node) => lower(node, dialect)),
      ...named.map(([name, { name: input }]) => ({ op: 'Identity', inputs: [input], outputs: [name], attributes: {} })),
    ];
    const needed = new Set(named.map(([name]) => name));
    const nodes = all.reverse().filter((node) => {
      const isNeeded = node.outputs.some((output) => needed.has(output));
      if (isNeeded) for (const input of node.inputs) needed.add(input);
      return isNeeded;
    });
    return encodeOnnxModel({
      nodes: inRunOrder(withoutIdentities(nodes.reverse())),
      inputs: this.inputs,
      outputs: named.map(([name, { shape, type }]) => ({ name, shape, type })),
      initializers: [...this.#initializers.values(), ...LOWERING_CONSTANTS].filter(({ name }) => needed.has(name)),
    });
  }
}
