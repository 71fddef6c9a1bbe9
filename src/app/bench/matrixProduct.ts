import { randomStream } from '../../base/core/random.ts';
import { Graph } from '../../engine/nn/graph/graph.ts';
import { opsOf } from '../../engine/nn/graph/ops.ts';
import { type OperatorRun, withProfile } from '../../engine/runtime/operatorProfile.ts';
import { openSession, type SessionOptions } from '../../engine/runtime/session.ts';
import { medianOf } from './result.ts';

/** Operators that are a matrix product (with or without bias and activation), named by the domain that defines them. */
const PRODUCTS: Readonly<Record<string, { readonly domain: '' | 'com.microsoft' }>> = {
  Gemm: { domain: '' },
  MatMul: { domain: '' },
  FusedGemm: { domain: 'com.microsoft' },
  FusedMatMul: { domain: 'com.microsoft' },
};

/** A matrix product: op(A) · op(B) with `batch` matrices each, (rows, inner) · (inner, columns). */
export interface MatrixProduct {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

/**
 * The matrix product that an operator ran, from the shapes of its operands; null for any other operator.
 *
 * A profile records no attributes: which operand is transposed follows from the shapes; of square matrices the one with
 * B transposed is taken, the layout of transformers' weights.
 */
export function productOf({
  op,
  inputs,
  outputs,
}: Pick<OperatorRun, 'op' | 'inputs' | 'outputs'>): MatrixProduct | null {
  const [a, b] = inputs;
  const [out] = outputs;
  if (!Object.hasOwn(PRODUCTS, op) || !a || !b || !out || a.length < 2 || b.length < 2 || out.length < 2) return null;
  const [rows, columns] = out.slice(-2) as [number, number];
  const batch = sizeOf(out) / (rows * columns);
  const inner = sizeOf(a) / (batch * rows);
  const fits = (shape: readonly number[], first: number, second: number) =>
    shape.at(-2) === first && shape.at(-1) === second;
  return { batch, rows, inner, columns, transA: !fits(a, rows, inner), transB: fits(b, columns, inner) };
}

/** Multiplications and additions. */
export const operationsOf = ({ batch, rows, inner, columns }: MatrixProduct): number =>
  2 * batch * rows * inner * columns;

/** `2304×384 · 384×1536ᵀ`, with the count of matrices in front where there are several. */
export function productName({ batch, rows, inner, columns, transA, transB }: MatrixProduct): string {
  const factor = (first: number, second: number, flipped: boolean) =>
    flipped ? `(${second}×${first})ᵀ` : `${first}×${second}`;
  return `${batch > 1 ? `${batch} × ` : ''}${factor(rows, inner, transA)} · ${factor(inner, columns, transB)}`;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** How often a product is run, alone. */
export const ALONE = { warmup: 3, runs: 15 } as const;

/**
 * Milliseconds of a matrix product in a graph of nothing else, by the runtime's own clock: the median of some runs. It is
 * the same operator on the same shapes, with weights that come in at run time as in training.
 */
export async function standAloneTime(
  product: MatrixProduct,
  options: SessionOptions,
  scratch: string,
): Promise<number> {
  const { batch, rows, inner, columns, transA, transB } = product;
  const graph = new Graph();
  const ops = opsOf(graph);
  const shaped = (first: number, second: number, flipped: boolean) => [
    ...(batch > 1 ? [batch] : []),
    ...(flipped ? [second, first] : [first, second]),
  ];
  const shapes = { a: shaped(rows, inner, transA), b: shaped(inner, columns, transB) };
  const [a, b] = [graph.input('a', shapes.a), graph.input('b', shapes.b)];
  const flags = { transA, transB };
  const onnx = graph.toOnnx({ product: batch > 1 ? ops.matmul(a, b, flags) : ops.gemm(a, b, null, flags) });
  const inputs = {
    a: { data: noise(shapes.a, 'a'), dims: shapes.a },
    b: { data: noise(shapes.b, 'b'), dims: shapes.b },
  };
  const runs = await withProfile(scratch, async (profile) => {
    const session = await openSession(onnx, { ...options, profile });
    for (let run = 0; run < ALONE.warmup + ALONE.runs; run++) await session.run(inputs, ['product']);
    await session.release();
  });
  return medianOf(
    runs.slice(ALONE.warmup).map(({ operators }) => Math.max(...operators.map((each) => each.milliseconds))),
  );
}

function noise(shape: readonly number[], name: string): Float32Array {
  const stream = randomStream(0, 'bench product', name);
  return Float32Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    (_, i) => stream.uniform(i) - 0.5,
  );
}
