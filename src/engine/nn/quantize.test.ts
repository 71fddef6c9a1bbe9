import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSession } from '../runtime/session.ts';
import { Graph } from './graph/graph.ts';
import { opsOf } from './graph/ops.ts';
import type { ParameterSpec } from './parameters.ts';
import { quantizedOps, quantizeRows } from './quantize.ts';

const device = { device: 'cpu', threads: 1 } as const;

test('a row comes back within half a step, its largest value as the limit', () => {
  const row = fc.array(fc.float({ min: -10, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(row, (values) => {
      const data = Float32Array.from(values);
      const quantized = quantizeRows(data, 2, 3, 64);
      for (const [i, value] of data.entries()) {
        const scale = quantized.scales[Math.floor(i / 3)]!;
        expect(Math.abs(quantized.values[i]!)).toBeLessThanOrEqual(64);
        expect(Math.abs(quantized.values[i]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001 + 1e-30);
      }
    }),
  );
  expect(quantizeRows(new Float32Array(3), 1, 3, 64)).toEqual({
    values: new Int8Array(3),
    scales: Float32Array.of(1),
  });
});

describe('a linear layer in 8 bits', () => {
  const [outputs, inputs] = [5, 64];
  const weight = Float32Array.from({ length: outputs * inputs }, (_, i) => Math.sin(i) / 8);
  const bias = Float32Array.from({ length: outputs }, (_, i) => i - 2);
  const parameter = (name: string, head: boolean): ParameterSpec => ({
    name,
    shape: [outputs, inputs],
    initialization: 'normal',
    head,
    table: false,
  });
  const x = (row: number, i: number) => Math.cos(3 * i + row);

  async function answer(rows: readonly (readonly number[])[], head = false): Promise<Float32Array> {
    const graph = new Graph();
    const ops = quantizedOps(opsOf(graph), [parameter('w', head)], new Map([['w', weight]]));
    const w = graph.initializer('w', [outputs, inputs], weight);
    const y = ops.gemm(graph.input('x', ['n', inputs]), w, graph.initializer('b', [outputs], bias), { transB: true });
    const session = await openSession(graph.toOnnx({ y }), device);
    const data = Float32Array.from(rows.flat());
    const results = await session.run({ x: { data, dims: [rows.length, inputs] } }, ['y']);
    await session.release();
    return results.y!;
  }

  const rows = [0, 1].map((row) => Array.from({ length: inputs }, (_, i) => x(row, i)));
  const exact = rows.flatMap((row) =>
    [...bias].map((b, out) => row.reduce((sum, value, i) => sum + value * weight[out * inputs + i]!, b)),
  );

  test('is near the exact one', async () => {
    for (const [i, y] of (await answer(rows)).entries()) expect(Math.abs(y - exact[i]!)).toBeLessThan(0.03);
  });

  test('is no worse for a row beside a row that is a thousand times larger, or all zero', async () => {
    const mixed = await answer([rows[0]!, rows[1]!.map((value) => 1000 * value), rows[1]!.map(() => 0)]);
    for (let out = 0; out < outputs; out++) {
      expect(Math.abs(mixed[out]! - exact[out]!)).toBeLessThan(0.03);
      expect(mixed[2 * outputs + out]).toBeCloseTo(bias[out]!, 6);
    }
  });

  test('of a head stays as it is', async () => {
    for (const [i, y] of (await answer(rows, true)).entries()) expect(Math.abs(y - exact[i]!)).toBeLessThan(1e-5);
  });
});
