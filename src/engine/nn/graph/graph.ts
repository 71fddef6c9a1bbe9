import { type Dialect, LOWERING_CONSTANTS, lower } from './lower.ts';
import type { GraphNode, InferenceAttributes, InferenceOpName, OpAttributes, OpName, Tensor } from './nodes.ts';
import {
  type AttributeValue,
  type ElementType,
  encodeOnnxModel,
  type OnnxInitializer,
  type OnnxNode,
  type Shape,
} from './onnxModel.ts';

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
  readonly #shapeNodes: OnnxNode[] = [];
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
  initializer(name: string, shape: readonly number[], data: StoredData): Tensor {
    const known = this.#initializers.get(name);
    if (known) return known.tensor;
    const type = elementTypeOf(data);
    const tensor: Tensor = { name, shape, type };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.set(name, { name, type, dims: shape, data: bytes, tensor });
    return tensor;
  }

  /** A scalar constant. */
  scalar(value: number): Tensor {
    return this.initializer(`const_${value}`, [], Float32Array.of(value));
  }

  /** A scalar constant of 32-bit integer arithmetic. */
  wholeNumber(value: number): Tensor {
    return this.initializer(`int32_${value}`, [], Int32Array.of(value));
  }

  /** A constant list of integers, for axes. */
  integers(values: readonly number[]): Tensor {
    return this.initializer(`ints_${values.join('_')}`, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds a node with one output per shape, of the first input's type. */
  emit<O extends OpName>(
    op: O,
    inputs: readonly Tensor[],
    attributes: OpAttributes[O],
    ...shapes: readonly Shape[]
  ): Tensor[] {
    const { type } = inputs[0]!;
    const outputs = shapes.map((shape) => ({ name: `${op}_${this.#names++}`, shape, type }));
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

type StoredData = Float32Array | Int8Array | Int32Array | BigInt64Array;

function elementTypeOf(data: StoredData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int8Array) return 'int8';
  return data instanceof Int32Array ? 'int32' : 'int64';
}

/** Lets the node that makes a value write it under the output's name, where a node makes it. */
function withoutIdentities(nodes: readonly OnnxNode[]): OnnxNode[] {
  const made = new Set(nodes.flatMap(({ op, outputs }) => (op === 'Identity' ? [] : outputs)));
  const renamed = new Map<string, string>();
  const kept = nodes.filter(({ op, inputs, outputs }) => {
    const [from, to] = [inputs[0]!, outputs[0]!];
    if (op !== 'Identity' || !made.has(from) || renamed.has(from)) return true;
    renamed.set(from, to);
    return false;
  });
  const rename = (name: string) => renamed.get(name) ?? name;
  return kept.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }));
}

/**
 * onnxruntime runs the nodes that no other node needs from the last to the first, each after what it needs. Written the
 * other way round, a gradient is computed when what it is made of has just been, and is still in the cache, instead of
 * after the whole backward pass.
 */
function inRunOrder(nodes: readonly OnnxNode[]): OnnxNode[] {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const isLast = ({ outputs }: OnnxNode) => !outputs.some((output) => used.has(output));
  return [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast).reverse()];
}
