import { randomStream } from '../../base/core/random.ts';
import { Graph } from '../../engine/nn/graph/graph.ts';
import { opsOf } from '../../engine/nn/graph/ops.ts';
import { withProfile } from '../../engine/runtime/operatorProfile.ts';
import { openSession, type SessionOptions } from '../../engine/runtime/session.ts';
import type { MatrixProduct } from './matrixProduct.ts';
import { medianOf } from './spread.ts';

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
