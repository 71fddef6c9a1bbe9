import type { Graph } from './graph.ts';
import type { OpAttributes, Tensor } from './nodes.ts';
import type { Shape } from './onnxModel.ts';

/** Operators as functions of a graph: each adds one node and infers the shape of its result. */
export type Ops = ReturnType<typeof opsOf>;

export function opsOf(graph: Graph) {
  const one = <O extends keyof OpAttributes>(op: O, inputs: Tensor[], attributes: OpAttributes[O], shape: Shape) =>
    graph.emit(op, inputs, attributes, shape)[0]!;
  const elementwise = (op: 'Neg' | 'Exp' | 'Erf' | 'Tanh' | 'Relu' | 'Sign' | 'Gelu') => (x: Tensor) =>
    one(op, [x], {}, x.shape);
  const broadcasting = (op: 'Add' | 'Sub' | 'Mul') => (a: Tensor, b: Tensor) =>
    one(op, [a, b], {}, broadcastShape(a.shape, b.shape));

  const ops = {
    graph,
    add: broadcasting('Add'),
    sub: broadcasting('Sub'),
    mul: broadcasting('Mul'),
    neg: elementwise('Neg'),
    exp: elementwise('Exp'),
    erf: elementwise('Erf'),
    tanh: elementwise('Tanh'),
    relu: elementwise('Relu'),
    sign: elementwise('Sign'),
    /** x · Φ(x), exact (Hendrycks & Gimpel, 2016, arXiv:1606.08415). */
    gelu: elementwise('Gelu'),
    /** x to a constant power, of x above zero. */
    pow: (x: Tensor, exponent: number) => one('Pow', [x], { exponent }, x.shape),
    /** x · factor, a constant. */
    scale: (x: Tensor, factor: number) => ops.mul(x, graph.scalar(factor)),
    softmax: (x: Tensor) => one('Softmax', [x], { axis: -1 }, x.shape),
    logSoftmax: (x: Tensor) => one('LogSoftmax', [x], { axis: -1 }, x.shape),
    /** Normalises the last axis; also the mean and 1/σ of each row, which the gradient needs. */
    layerNorm: (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => {
      const statistics = [...x.shape.slice(0, -1), 1];
      const attributes = { axis: -1, epsilon: { float: epsilon } };
      return graph.emit('LayerNormalization', [x, gamma, beta], attributes, x.shape, statistics, statistics);
    },
    /** alpha · op(a) · op(b) over the last two axes; batch axes must be equal. */
    matmul: (a: Tensor, b: Tensor, { transA = false, transB = false, alpha = 1 } = {}) => {
      const batch = a.shape.slice(0, -2);
      const rows = a.shape.at(transA ? -1 : -2)!;
      const columns = b.shape.at(transB ? -2 : -1)!;
      const attributes = { transA: bit(transA), transB: bit(transB), alpha: { float: alpha } };
      return one('FusedMatMul', [a, b], attributes, [...batch, rows, columns]);
    },
    /** op(a) · op(b) + bias for matrices; bias is a row, a matrix or absent. */
    gemm: (a: Tensor, b: Tensor, bias: Tensor | null, { transA = false, transB = false } = {}) =>
      one('Gemm', bias ? [a, b, bias] : [a, b], { transA: bit(transA), transB: bit(transB) }, [
        a.shape[transA ? 1 : 0]!,
        b.shape[transB ? 0 : 1]!,
      ]),
    transpose: (x: Tensor, perm: readonly number[]) =>
      one(
        'Transpose',
        [x],
        { perm },
        perm.map((axis) => x.shape[axis]!),
      ),
    reshape: (x: Tensor, shape: Shape) => one('Reshape', [x, graph.shapeTensor(shape)], {}, shape),
    /** Rows of a matrix by index: (n, d), (k) → (k, d). */
    gatherRows: (x: Tensor, rows: Tensor) =>
      one('Gather', [x, rows], { axis: 0 }, [rows.shape[0]!, ...x.shape.slice(1)]),
    /** data with `updates` (k, d) added at `rows` (k). */
    scatterRows: (data: Tensor, rows: Tensor, updates: Tensor) =>
      one('ScatterRows', [data, rows, updates], {}, data.shape),
    reduceSum: (x: Tensor, axes: readonly number[], keepdims = false) =>
      one('ReduceSum', [x, graph.integers(axes)], { keepdims: bit(keepdims) }, reduced(x.shape, axes, keepdims)),
    /** Mean over the last axis, which stays with size 1. */
    meanLast: (x: Tensor) => one('ReduceMean', [x], { axes: [-1], keepdims: 1 }, [...x.shape.slice(0, -1), 1]),
    /** x · mask / keep with a mask of bytes 0 and 1 (Srivastava et al., 2014). */
    dropout: (x: Tensor, mask: Tensor, keep: number) => one('Dropout', [x, mask], { keep }, x.shape),
    zerosLike: (x: Tensor) => one('ZerosLike', [x], {}, x.shape),
  };
  return ops;
}

const bit = (flag: boolean): 0 | 1 => (flag ? 1 : 0);

/** NumPy's broadcasting for shapes with named dimensions; a name only equals itself. */
function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(`Shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast.`);
    return left === 1 ? right : left;
  });
}

function reduced(shape: Shape, axes: readonly number[], keepdims: boolean): Shape {
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  return shape.flatMap((dim, axis) => (gone.has(axis) ? (keepdims ? [1] : []) : [dim]));
}
