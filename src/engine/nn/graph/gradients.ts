import type { GraphNode, OpName, Tensor } from './nodes.ts';
import type { Ops } from './ops.ts';

/**
 * From a node and the gradient of its first output to one gradient per input, `null` where an input has none
 * (indices, masks, shapes). A rule may return a gradient of the broadcast shape: `backward` reduces it.
 */
export type GradientRule<O extends OpName> = (node: GraphNode<O>, dy: Tensor, ops: Ops) => readonly (Tensor | null)[];

/** One row per operator; a missing row does not compile. y is the node's output, d· the gradient of the loss by ·. */
export const GRADIENT_RULES: { readonly [O in OpName]: GradientRule<O> } = {
  // y = a + b: da = dy, db = dy
  Add: (_, dy) => [dy, dy],

  // y = a - b: da = dy, db = -dy
  Sub: (_, dy, { neg }) => [dy, neg(dy)],

  // y = a · b: da = dy · b, db = dy · a
  Mul: ({ inputs: [a, b] }, dy, { mul }) => [mul(dy, b!), mul(dy, a!)],

  // y = -x: dx = -dy
  Neg: (_, dy, { neg }) => [neg(dy)],

  // y = exp(x): dx = dy · y
  Exp: ({ outputs: [y] }, dy, { mul }) => [mul(dy, y!)],

  // y = erf(x): dx = dy · 2/√π · exp(-x²)
  Erf: ({ inputs: [x] }, dy, { mul, exp, neg, scale }) => [
    mul(dy, scale(exp(neg(mul(x!, x!))), 2 / Math.sqrt(Math.PI))),
  ],

  // y = tanh(x): dx = dy · (1 - y²) = dy - dy · y · y
  Tanh: ({ outputs: [y] }, dy, { mul, sub }) => [sub(dy, mul(mul(dy, y!), y!))],

  // y = max(x, 0): dx = dy · [x > 0], where [x > 0] is the sign of y
  Relu: ({ outputs: [y] }, dy, ops) => [ops.mul(dy, ops.sign(y!))],

  // y = x^a: dx = dy · a · x^(a - 1)
  Pow: ({ inputs: [x], attributes: { exponent } }, dy, { mul, pow, scale }) => [
    mul(dy, scale(pow(x!, exponent - 1), exponent)),
  ],

  // y = x · Φ(x): dx = dy · (Φ(x) + x · φ(x)) with Φ(x) = ½ + ½ · erf(x/√2), φ(x) = exp(-½ · x · x) / √(2π)
  Gelu: ({ inputs: [x] }, dy, { add, mul, exp, erf, scale, graph }) => {
    const cdf = add(scale(erf(scale(x!, Math.SQRT1_2)), 0.5), graph.scalar(0.5));
    const density = scale(exp(mul(x!, scale(x!, -0.5))), 1 / Math.sqrt(2 * Math.PI));
    return [mul(dy, add(cdf, mul(x!, density)))];
  },

  // y = softmax(x): dx = y · (dy - Σ dy · y)
  Softmax: ({ outputs: [y] }, dy, { mul, sub, reduceSum }) => [mul(sub(dy, reduceSum(mul(dy, y!), [-1], true)), y!)],

  // y = x - log Σ exp(x): dx = dy - exp(y) · Σ dy
  LogSoftmax: ({ outputs: [y] }, dy, { mul, sub, exp, reduceSum }) => [
    sub(dy, mul(exp(y!), reduceSum(dy, [-1], true))),
  ],

  // x̂ = (x - mean) · r with r = 1/σ, y = x̂ · γ + β, g = dy · γ:
  // dx = r · (g - mean(g) - x̂ · mean(g · x̂)), dγ = Σ dy · x̂, dβ = Σ dy over the rows
  LayerNormalization: ({ inputs: [x, gamma], outputs: [, mean, inverse] }, dy, ops) => {
    const { mul, sub, meanLast } = ops;
    const normalized = mul(sub(x!, mean!), inverse!);
    const g = mul(dy, gamma!);
    const centred = sub(g, meanLast(g));
    const dx = mul(sub(centred, mul(normalized, meanLast(mul(g, normalized)))), inverse!);
    return [dx, mul(dy, normalized), dy];
  },

  // y = α · op(a) · op(b): da and db are products of dy with the other factor, transposed so that shapes fit
  FusedMatMul: ({ inputs: [a, b], attributes }, dy, { matmul }) => {
    const { transA, transB, alpha } = attributes;
    const product = (left: Tensor, right: Tensor, leftT: boolean, rightT: boolean) =>
      matmul(left, right, { transA: leftT, transB: rightT, alpha: alpha.float });
    const da = transA ? product(b!, dy, transB === 1, true) : product(dy, b!, false, transB === 0);
    const db = transB ? product(dy, a!, true, transA === 1) : product(a!, dy, transA === 0, false);
    return [da, db];
  },

  // y = op(a) · op(b) + c: as above, and dc = dy summed over the rows
  Gemm: ({ inputs: [a, b, c], attributes: { transA, transB } }, dy, { gemm }) => {
    const product = (left: Tensor, right: Tensor, leftT: boolean, rightT: boolean) =>
      gemm(left, right, null, { transA: leftT, transB: rightT });
    const da = transA ? product(b!, dy, transB === 1, true) : product(dy, b!, false, transB === 0);
    const db = transB ? product(dy, a!, true, transA === 1) : product(a!, dy, transA === 0, false);
    return c ? [da, db, dy] : [da, db];
  },

  // y = x with its axes permuted: dx = dy permuted back
  Transpose: ({ attributes: { perm } }, dy, { transpose }) => [
    transpose(
      dy,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ],

  // y = x in another shape: dx = dy in x's shape
  Reshape: ({ inputs: [x] }, dy, { reshape }) => [reshape(dy, x!.shape), null],

  // y = x[rows]: dx = zeros with dy added at the rows
  Gather: ({ inputs: [x, rows] }, dy, { scatterRows, zerosLike }) => [scatterRows(zerosLike(x!), rows!, dy), null],

  // y = x with u added at the rows: dx = dy, du = dy[rows]
  ScatterRows: ({ inputs: [, rows] }, dy, { gatherRows }) => [dy, null, gatherRows(dy, rows!)],

  // y = Σ x over axes (kept, or leading ones): dx = dy, spread over them
  ReduceSum: ({ inputs: [x] }, dy, { add, zerosLike }) => [add(dy, zerosLike(x!)), null],

  // y = mean of the last axis (kept): dx = dy / n, spread over it
  ReduceMean: ({ inputs: [x] }, dy, { add, scale, zerosLike }) => [
    add(scale(dy, 1 / (x!.shape.at(-1) as number)), zerosLike(x!)),
  ],

  // y = x · mask / keep: dx = dy · mask / keep
  Dropout: ({ inputs: [, mask], attributes: { keep } }, dy, { dropout }) => [dropout(dy, mask!, keep), null],

  // Constant almost everywhere
  Sign: () => [null],
  ZerosLike: () => [null],
};
