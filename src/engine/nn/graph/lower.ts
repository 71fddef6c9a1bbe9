import type { AnyOpName, GraphNode } from './nodes.ts';
import { type AttributeValue, ELEMENT_TYPES, type OnnxInitializer, type OnnxNode } from './onnxModel.ts';

/** `onnxruntime` may use its own operators beside the standard's, `standard` only those that any ONNX runtime has. */
export type Dialect = 'onnxruntime' | 'standard';

/** A node in ONNX terms: most operators are ONNX's own, some are made of several. */
export const lower = (node: GraphNode, dialect: Dialect): readonly OnnxNode[] =>
  ((DIALECT_ROWS[dialect][node.op] ?? ROWS[node.op] ?? asItIs) as Row)(partsOf(node));

/** Constants that rows of the table name. */
export const LOWERING_CONSTANTS: readonly OnnxInitializer[] = [
  { name: 'lower_axis0', type: 'int64', dims: [1], data: new Uint8Array(BigInt64Array.of(0n).buffer) },
  { name: 'lower_last', type: 'int64', dims: [1], data: new Uint8Array(BigInt64Array.of(-1n).buffer) },
  { name: 'lower_axis1', type: 'int64', dims: [1], data: new Uint8Array(BigInt64Array.of(1n).buffer) },
  { name: 'lower_zero', type: 'float32', dims: [], data: new Uint8Array(Float32Array.of(0).buffer) },
  { name: 'lower_zero128', type: 'uint8', dims: [], data: Uint8Array.of(128) },
];

/** A node's parts by their names in the graph. */
interface Parts<O extends AnyOpName> {
  readonly node: GraphNode<O>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The first output, and the beginning of the names of values on the way. */
  readonly out: string;
}

const partsOf = (node: GraphNode): Parts<AnyOpName> => {
  const outputs = node.outputs.map(({ name }) => name);
  return { node, inputs: node.inputs.map(({ name }) => name), outputs, out: outputs[0]! };
};

type Attributes = Readonly<Record<string, AttributeValue>>;
type Row<O extends AnyOpName = AnyOpName> = (parts: Parts<O>) => readonly OnnxNode[];
type Rows = { readonly [O in AnyOpName]?: Row<O> };

const onnx = (op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): OnnxNode => ({
  op,
  inputs,
  outputs: [output],
  attributes,
});
const constant = (name: string, value: number) => onnx('Constant', [], name, { value_float: { float: value } });

/** All but `Cast`, whose attribute ONNX gives as a number. */
const asItIs: Row<Exclude<AnyOpName, 'Cast'>> = ({ node: { op, attributes }, inputs, outputs }) => [
  { op, inputs, outputs, attributes },
];

/** Operators without a name of their own in ONNX. */
const ROWS: Rows = {
  Pow: ({ node, inputs: [x], out }) => [
    constant(`${out}_exponent`, node.attributes.exponent),
    onnx('Pow', [x!, `${out}_exponent`], out),
  ],
  Dropout: ({ node, inputs: [x, mask], out }) => [
    constant(`${out}_scale`, 1 / node.attributes.keep),
    onnx('DequantizeLinear', [mask!, `${out}_scale`], `${out}_mask`),
    onnx('Mul', [x!, `${out}_mask`], out),
  ],
  ZerosLike: ({ inputs, out }) => [
    onnx('Shape', inputs, `${out}_shape`),
    onnx('ConstantOfShape', [`${out}_shape`], out),
  ],
  ScatterRows: ({ inputs: [data, rows, updates], out }) => [
    onnx('Unsqueeze', [rows!, 'lower_axis1'], `${out}_rows`),
    onnx('ScatterND', [data!, `${out}_rows`, updates!], out, { reduction: { text: 'add' } }),
  ],
  Cast: ({ node, inputs, out }) => [onnx('Cast', inputs, out, { to: ELEMENT_TYPES[node.attributes.to] })],
};

/**
 * `_x`: x in 8 bits around 128; `_steps` (n, 1): the scale of each row. Few tokens have states many times larger than
 * all others: with one scale for the whole batch, the others would get few steps, and answers would depend on the batch.
 */
const quantizedRows: Row<'QuantizedMatMul'> = ({ inputs: [x], out }) => [
  onnx('Abs', [x!], `${out}_sizes`),
  onnx('ReduceMax', [`${out}_sizes`], `${out}_largest`, { axes: [-1], keepdims: 0 }),
  constant(`${out}_least`, 1e-30),
  onnx('Max', [`${out}_largest`, `${out}_least`], `${out}_peaks`),
  constant(`${out}_unit`, 1 / 127),
  onnx('Mul', [`${out}_peaks`, `${out}_unit`], `${out}_rows`),
  onnx('Shape', [`${out}_rows`], `${out}_count`),
  onnx('Expand', ['lower_zero128', `${out}_count`], `${out}_zeros`),
  onnx('QuantizeLinear', [x!, `${out}_rows`, `${out}_zeros`], `${out}_x`, { axis: 0 }),
  onnx('Unsqueeze', [`${out}_rows`, 'lower_axis1'], `${out}_steps`),
];

/** @param product makes `_product` of the integers, without the rows' steps */
const quantizedMatMul =
  (product: Row<'QuantizedMatMul'>): Row<'QuantizedMatMul'> =>
  (parts) => {
    const { inputs, out } = parts;
    return [
      ...quantizedRows(parts),
      ...product(parts),
      onnx('Mul', [`${out}_product`, `${out}_steps`], `${out}_floats`),
      // As a matrix: onnxruntime would fuse a vector with a GELU behind it, into an operator that takes longer than both.
      onnx('Unsqueeze', [inputs[3]!, 'lower_axis0'], `${out}_bias`),
      onnx('Add', [`${out}_floats`, `${out}_bias`], out),
    ];
  };

/** onnxruntime's own operators, where they take fewer passes over the states. */
const OWN_ROWS: Rows = {
  QuantizedMatMul: quantizedMatMul(({ inputs: [, weight, scales], out }) => [
    constant(`${out}_one`, 1),
    onnx('MatMulIntegerToFloat', [`${out}_x`, weight!, `${out}_one`, scales!, 'lower_zero128'], `${out}_product`),
  ]),
};

/** The standard's operators for onnxruntime's own, in the forms that it fuses back; and for what devices lack, what they have. */
const STANDARD_ROWS: Rows = {
  QuantizedMatMul: quantizedMatMul(({ inputs: [, weight, scales], out }) => [
    onnx('MatMulInteger', [`${out}_x`, weight!, 'lower_zero128'], `${out}_sums`),
    onnx('Cast', [`${out}_sums`], `${out}_integers`, { to: ELEMENT_TYPES.float32 }),
    onnx('Mul', [`${out}_integers`, scales!], `${out}_product`),
  ]),
  Gelu: ({ inputs: [x], out }) => [
    constant(`${out}_root`, Math.SQRT2),
    constant(`${out}_one`, 1),
    constant(`${out}_half`, 0.5),
    onnx('Div', [x!, `${out}_root`], `${out}_scaled`),
    onnx('Erf', [`${out}_scaled`], `${out}_erf`),
    onnx('Add', [`${out}_erf`, `${out}_one`], `${out}_doubled`),
    onnx('Mul', [x!, `${out}_doubled`], `${out}_product`),
    onnx('Mul', [`${out}_product`, `${out}_half`], out),
  ],
  FusedMatMul: ({ node, inputs: [a, b], out }) => {
    const { transA, transB, alpha } = node.attributes;
    const turn = (name: string, rank: number) => {
      const axes = Array.from({ length: rank }, (_, axis) => axis);
      const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
      return onnx('Transpose', [name], `${out}_${name}`, { perm });
    };
    const [rankA, rankB] = [node.inputs[0]!.shape.length, node.inputs[1]!.shape.length];
    return [
      ...(transA ? [turn(a!, rankA)] : []),
      ...(transB ? [turn(b!, rankB)] : []),
      onnx('MatMul', [transA ? `${out}_${a}` : a!, transB ? `${out}_${b}` : b!], `${out}_product`),
      constant(`${out}_alpha`, alpha.float),
      onnx('Mul', [`${out}_product`, `${out}_alpha`], out),
    ];
  },
  // WebGPU would have the CPU make the zeros, and take them to the device.
  ZerosLike: ({ inputs, out }) => [
    onnx('Shape', inputs, `${out}_shape`),
    onnx('Expand', ['lower_zero', `${out}_shape`], out),
  ],
  // x - m - log Σ exp(x - m) with m the largest x: WebGPU has no operator of the name, and would leave it to the CPU.
  LogSoftmax: ({ node, inputs: [x], out }) => [
    onnx('ReduceMax', [x!], `${out}_largest`, { axes: [node.attributes.axis], keepdims: 1 }),
    onnx('Sub', [x!, `${out}_largest`], `${out}_shifted`),
    onnx('Exp', [`${out}_shifted`], `${out}_powers`),
    onnx('ReduceSum', [`${out}_powers`, 'lower_last'], `${out}_sum`, { keepdims: 1 }),
    onnx('Log', [`${out}_sum`], `${out}_log`),
    onnx('Sub', [`${out}_shifted`, `${out}_log`], out),
  ],
};

const DIALECT_ROWS: Readonly<Record<Dialect, Rows>> = { onnxruntime: OWN_ROWS, standard: STANDARD_ROWS };
