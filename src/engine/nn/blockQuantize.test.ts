import { expect, test } from 'vitest';
import { openSession } from '../runtime/session.ts';
import { blockQuantizedOps } from './blockQuantize.ts';
import { Graph } from './graph/graph.ts';
import { decodeStoredTensors } from './graph/onnxModel.ts';
import { opsOf } from './graph/ops.ts';
import type { ParameterSpec } from './parameters.ts';
import { quantizeRows } from './quantize.ts';

const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * i));
const parameter = (name: string, shape: readonly number[], rest: Partial<ParameterSpec> = {}): ParameterSpec => ({
  ...{ name, shape, initialization: 'normal', head: false, table: false },
  ...rest,
});
const OUTPUTS = 3;

/** y = x Wᵀ + b for two rows of x, with W as the operators store it; the shape of its scales, and the size of the graph. */
async function linear(width: number, head = false, weight = wave(OUTPUTS * width)) {
  const [bias, x] = [wave(OUTPUTS), wave(2 * width).map(Math.abs)];
  const graph = new Graph();
  const w = parameter('w', [OUTPUTS, width], { head });
  const ops = blockQuantizedOps(opsOf(graph), [w], new Map([['w', weight]]));
  const stored = graph.initializer('w', [OUTPUTS, width], weight);
  const y = ops.gemm(graph.input('x', ['n', width]), stored, graph.initializer('b', [OUTPUTS], bias), { transB: true });
  const onnx = graph.toOnnx({ y });
  const session = await openSession(onnx, { device: 'cpu', threads: 1 });
  const results = await session.run({ x: { data: x, dims: [2, width] } }, ['y']);
  await session.release();
  const exact = [0, 1].flatMap((row) =>
    [...bias].map((b, out) =>
      weight.slice(out * width, (out + 1) * width).reduce((sum, v, i) => sum + v * x[row * width + i]!, b),
    ),
  );
  const scales = decodeStoredTensors(onnx).get('w.scales')?.dims;
  return { y: [...results.y!], exact, scales, bytes: onnx.length };
}

test('a linear layer is near the exact one, in blocks of 32 or one scale a row, and the head is the exact one', async () => {
  for (const [width, blocks] of [
    [64, 2],
    [40, 1],
  ] as const) {
    const { y, exact, scales } = await linear(width);
    expect(scales).toEqual([OUTPUTS, blocks]);
    const differences = y.map((value, i) => Math.abs(value - exact[i]!));
    // Each of the weights, at most 1, is off by at most half of 1/127.
    expect(Math.max(...differences)).toBeLessThan((0.5 / 127) * width);
    expect(Math.max(...differences)).toBeGreaterThan(1e-5);
  }
  const head = await linear(64, true);
  for (const [i, value] of head.y.entries()) expect(value).toBeCloseTo(head.exact[i]!, 4);
});

test('what was in 8 bits before keeps its weights', async () => {
  const { values, scales } = quantizeRows(wave(OUTPUTS * 64), OUTPUTS, 64, 64);
  const weight = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / 64)]!);
  const { y, exact } = await linear(64, false, weight);
  for (const [i, value] of y.entries()) expect(value).toBeCloseTo(exact[i]!, 4);
});

test('takes about a quarter of the room', async () => {
  const [stored, floats] = [await linear(4096), await linear(4096, true)];
  expect(stored.bytes / floats.bytes).toBeLessThan(0.35);
});

test('rows of a large table are near, those of a small one exact', async () => {
  for (const [count, least, most] of [
    [5000, 1e-6, 0.5 / 127 + 1e-6],
    [50, 0, 0],
  ] as const) {
    const table = wave(count * 64);
    const graph = new Graph();
    const ops = blockQuantizedOps(
      opsOf(graph),
      [parameter('t', [count, 64], { table: true })],
      new Map([['t', table]]),
    );
    const found = ops.gatherRows(graph.initializer('t', [count, 64], table), graph.input('rows', ['n'], 'int64'));
    const session = await openSession(graph.toOnnx({ found }), { device: 'cpu', threads: 1 });
    const results = await session.run({ rows: { data: BigInt64Array.of(7n, 49n), dims: [2] } }, ['found']);
    await session.release();
    const exact = [7, 49].flatMap((row) => [...table.slice(row * 64, (row + 1) * 64)]);
    const largest = Math.max(...exact.map((value, i) => Math.abs(value - results.found![i]!)));
    expect(largest).toBeLessThanOrEqual(most);
    expect(largest).toBeGreaterThanOrEqual(least);
  }
});
