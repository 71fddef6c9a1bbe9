import { expect, test } from 'vitest';
import { randomStream, streamKeys } from '../../../base/core/random.ts';
import { adamWKernel, averageKernel, fillMask, squares } from './kernels.js';

const values = (name: string, length: number) => {
  const stream = randomStream(3, name);
  return Float32Array.from({ length }, (_, i) => stream.normal(i));
};

// Around a vector's width and around the size of a block of memory.
const LENGTHS = [1, 3, 4, 5, 8191, 8192, 8193, 20_003];

test('an AdamW step is the formula, inside the range only', () => {
  const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
  const [scale, decay, stepSize, correction, beta1, beta2, epsilon] = [0.5, 0.999, 0.01, 3, 0.9, 0.999, 1e-8] as const;
  for (const length of LENGTHS) {
    const [w, g, m] = [values('w', length + 2), values('g', length + 2), values('m', length + 2)];
    const v = values('v', length + 2).map((x) => x * x);
    const before = [w, m, v].map((array) => array.slice());
    adamWKernel(w, g, m, v, { from: 1, to: length + 1 }, [
      ...[scale, decay, stepSize, correction, beta1, 1 - beta1, beta2, 1 - beta2, epsilon],
    ]);
    const wrong: string[] = [];
    const [w0, m0, v0] = before as [Float32Array, Float32Array, Float32Array];
    for (const [i, weight] of w.entries()) {
      const inside = i >= 1 && i <= length;
      const gradient = g[i]! * scale;
      const first = inside ? beta1 * m0[i]! + (1 - beta1) * gradient : m0[i]!;
      const second = inside ? beta2 * v0[i]! + (1 - beta2) * gradient ** 2 : v0[i]!;
      const change = (stepSize * first) / (Math.sqrt(second) * correction + epsilon);
      const expected = inside ? decay * w0[i]! - change : w0[i]!;
      if (!isNear(m[i]!, first) || !isNear(v[i]!, second) || !isNear(weight, expected))
        wrong.push(`value ${i} of ${length}: ${weight}, expected ${expected}`);
    }
    expect(wrong).toEqual([]);
  }
});

test('a moving average goes a share of the way to the new value', () => {
  for (const length of LENGTHS) {
    const [mean, value] = [values('mean', length), values('value', length)];
    const expected = mean.map((m, i) => m + 0.1 * (value[i]! - m));
    averageKernel(mean, value, 0.1);
    expect(Math.max(...mean.map((m, i) => Math.abs(m - expected[i]!)))).toBeLessThan(1e-6);
  }
});

test('squares are summed in double precision', () => {
  for (const length of LENGTHS) {
    const x = values('x', length);
    const expected = x.subarray(1).reduce((sum, value) => sum + value * value, 0);
    expect(squares(x, { from: 1, to: length })).toBeCloseTo(expected, 7);
  }
});

test('a mask’s bytes come from the stream’s words, in order', () => {
  const keys = streamKeys(9, ['mask']);
  const stream = randomStream(9, 'mask');
  for (const length of [1, 7, 16, 131_072, 300_001]) {
    const mask = new Uint8Array(length + 1).fill(9);
    fillMask(mask.subarray(0, length), keys, 200);
    const expected = Uint8Array.from({ length }, (_, i) =>
      ((stream.uint32(i >>> 2) >>> (8 * (i & 3))) & 255) < 200 ? 1 : 0,
    );
    expect(Buffer.compare(mask.subarray(0, length), expected)).toBe(0);
    expect(mask[length]).toBe(9);
  }
});
