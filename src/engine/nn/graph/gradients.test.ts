import { expect, test } from 'vitest';
import { randomStream } from '../../../base/core/random.ts';
import { openSession } from '../../runtime/session.ts';
import { backward } from './backward.ts';
import { GRADIENT_RULES } from './gradients.ts';
import { Graph } from './graph.ts';
import type { OpName, Tensor } from './nodes.ts';
import { type Ops, opsOf } from './ops.ts';
import type { Value } from './value.ts';

/** A function of some inputs that uses the operator; the loss is its output times fixed random numbers, summed. */
interface Case {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  build(ops: Ops, inputs: Readonly<Record<string, Tensor>>): Tensor;
}

const unary = (name: 'neg' | 'exp' | 'erf' | 'tanh' | 'relu' | 'gelu' | 'softmax' | 'logSoftmax'): Case[] => [
  { inputs: { x: [3, 4] }, build: (ops, { x }) => ops[name](x!) },
];
const binary = (name: 'add' | 'sub' | 'mul'): Case[] =>
  [
    { a: [3, 4], b: [3, 4] },
    { a: [3, 4], b: [4] },
    { a: [2, 3, 4], b: [2, 1, 1] },
    { a: [3, 1], b: [3, 4] },
  ].map((inputs) => ({ inputs, build: (ops, { a, b }) => ops[name](a!, b!) }));

const flags = [false, true];
const MATRIX_CASES = flags.flatMap((transA) => flags.map((transB) => ({ transA, transB })));

/** At least one case per rule; a missing row does not compile. */
const CASES: { readonly [O in OpName]: readonly Case[] } = {
  Add: binary('add'),
  Sub: binary('sub'),
  Mul: binary('mul'),
  Neg: unary('neg'),
  Exp: unary('exp'),
  Erf: unary('erf'),
  Tanh: unary('tanh'),
  Relu: unary('relu'),
  // Constant almost everywhere: alone it would leave nothing to differentiate.
  Sign: [{ inputs: { x: [3, 4] }, build: ({ sign, mul }, { x }) => mul(x!, sign(x!)) }],
  Gelu: unary('gelu'),
  // Of positive values, a square among them and a power below 1.
  Pow: [2, 1.5, 0.5, 0].map((exponent) => ({
    inputs: { x: [3, 4] },
    build: ({ add, mul, pow, graph }, { x }) => pow(add(mul(x!, x!), graph.scalar(0.5)), exponent),
  })),
  Softmax: unary('softmax'),
  LogSoftmax: unary('logSoftmax'),
  LayerNormalization: [
    {
      inputs: { x: [5, 6], gamma: [6], beta: [6] },
      build: (ops, { x, gamma, beta }) => ops.layerNorm(x!, gamma!, beta!, 1e-5)[0]!,
    },
  ],
  FusedMatMul: MATRIX_CASES.map(({ transA, transB }) => ({
    inputs: { a: transA ? [2, 3, 4] : [2, 4, 3], b: transB ? [2, 5, 3] : [2, 3, 5] },
    build: (ops, { a, b }) => ops.matmul(a!, b!, { transA, transB, alpha: 0.5 }),
  })),
  Gemm: MATRIX_CASES.flatMap(({ transA, transB }) =>
    flags.map((biased) => ({
      inputs: { a: transA ? [3, 4] : [4, 3], b: transB ? [5, 3] : [3, 5], ...(biased ? { c: [5] } : {}) },
      build: (ops: Ops, { a, b, c }: Readonly<Record<string, Tensor>>) =>
        ops.gemm(a!, b!, c ?? null, { transA, transB }),
    })),
  ),
  Transpose: [{ inputs: { x: [2, 3, 4] }, build: (ops, { x }) => ops.transpose(x!, [1, 2, 0]) }],
  Reshape: [{ inputs: { x: [2, 3, 4] }, build: (ops, { x }) => ops.reshape(x!, [4, 6]) }],
  // Row 1 is gathered twice, row 3 never.
  Gather: [{ inputs: { x: [4, 3] }, build: (ops, { x }) => ops.gatherRows(x!, ops.graph.integers([1, 0, 1, 2])) }],
  ScatterRows: [
    {
      inputs: { x: [4, 3], updates: [3, 3] },
      build: (ops, { x, updates }) => ops.scatterRows(x!, ops.graph.integers([1, 0, 1]), updates!),
    },
  ],
  ReduceSum: [
    { inputs: { x: [3, 4] }, build: (ops, { x }) => ops.reduceSum(x!, [-1], true) },
    { inputs: { x: [3, 4] }, build: (ops, { x }) => ops.reduceSum(x!, [0]) },
    { inputs: { x: [3, 4] }, build: (ops, { x }) => ops.reduceSum(x!, [0, 1]) },
  ],
  ReduceMean: [{ inputs: { x: [3, 4] }, build: (ops, { x }) => ops.meanLast(x!) }],
  Dropout: [{ inputs: { x: [3, 4] }, build: (ops, { x }) => ops.dropout(x!, mask(ops.graph), 0.75) }],
  ZerosLike: [{ inputs: { x: [3, 4] }, build: (ops, { x }) => ops.add(ops.zerosLike(x!), x!) }],
};

const MASK: Value = { data: Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1), dims: [3, 4] };
const mask = (graph: Graph): Tensor => graph.input('mask', MASK.dims, 'uint8');

const STEP = 1e-2;
/** Float32 and a step of 1e-2 leave errors of this size against gradients of about 1. */
const TOLERANCE = 2e-3;

const rows = Object.entries(CASES).flatMap(([op, cases]) =>
  cases.map((row, index) => [`${op} ${index}`, op, row] as const),
);

test.each(rows)('%s: the rule equals finite differences', async (_, op, { inputs, build }) => {
  const graph = new Graph();
  const ops = opsOf(graph);
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, graph.input(name, shape)]));
  const output = build(ops, tensors);
  expect(graph.nodes.some((node) => node.op === op)).toBe(true);
  const weights = graph.input('weights', output.shape);
  const axes = output.shape.map((_, axis) => axis);
  const loss = ops.reduceSum(ops.mul(output, weights), axes);
  const { dense } = backward(graph, loss, Object.values(tensors), []);
  const model = graph.toOnnx({ loss, ...Object.fromEntries([...dense].map(([name, value]) => [`d_${name}`, value])) });
  const session = await openSession(model, { device: 'cpu', threads: 1 });

  const values: Record<string, Value> = { weights: random('weights', output.shape as number[]) };
  if (op === 'Dropout') values.mask = MASK;
  for (const [name, shape] of Object.entries(inputs)) values[name] = random(name, shape);
  const lossAt = async () => (await session.run(values, ['loss'])).loss![0]!;
  const gradients = await session.run(
    values,
    Object.keys(inputs).map((name) => `d_${name}`),
  );
  for (const name of Object.keys(inputs)) {
    const data = values[name]!.data as Float32Array;
    for (let i = 0; i < data.length; i++) {
      const x = data[i]!;
      data[i] = x + STEP;
      const above = await lossAt();
      data[i] = x - STEP;
      const slope = (above - (await lossAt())) / (2 * STEP);
      data[i] = x;
      expect(Math.abs(gradients[`d_${name}`]![i]! - slope), `d ${name}[${i}]`).toBeLessThan(
        TOLERANCE * (1 + Math.abs(slope)),
      );
    }
  }
  await session.release();
});

test('every rule has a case', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(GRADIENT_RULES).sort());
});

test('a table that is only gathered from gets its gradient by rows', async () => {
  const graph = new Graph();
  const ops = opsOf(graph);
  const table = graph.input('table', [5, 2]);
  const rowsRead = ops.gatherRows(table, ops.graph.integers([4, 0, 4]));
  const loss = ops.reduceSum(ops.mul(rowsRead, rowsRead), [0, 1]);
  const gradients = backward(graph, loss, [], [table]);
  const session = await openSession(graph.toOnnx({ rows: gradients.rows.get('table')! }), {
    device: 'cpu',
    threads: 1,
  });
  const data = Float32Array.from({ length: 10 }, (_, i) => i);
  const { rows: result } = await session.run({ table: { data, dims: [5, 2] } }, ['rows']);
  expect([...result!]).toEqual([16, 18, 0, 2, 16, 18]);
});

/** Away from zero, where Relu and Sign have no derivative. */
function random(name: string, dims: readonly number[]): Value {
  const stream = randomStream(3, name);
  const size = dims.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from({ length: size }, (_, i) => {
    const x = stream.normal(i);
    return x + 0.05 * Math.sign(x);
  });
  return { data, dims };
}
