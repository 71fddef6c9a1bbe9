import { expect } from 'vitest';
import { openSafetensors } from '../../src/engine/nn/weights/safetensors.ts';

/** Largest error over the largest value. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, what?: string): number {
  expect(actual.length, what).toBe(expected.length);
  let error = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return error / largest;
}

/** Their true gradient is zero (softmax ignores what all keys share), so both sides hold rounding noise. */
export const isNoise = (name: string): boolean => name.endsWith('attention.self.key.bias');

/** Holds values to those of the other side: as many of them, each within the tolerance, but for noise. */
export function expectAlike(
  actual: Iterable<readonly [string, ArrayLike<number>]>,
  expected: ReadonlyMap<string, ArrayLike<number>>,
  tolerance: number,
): void {
  for (const [name, values] of actual)
    if (!isNoise(name)) expect(relativeError(values, expected.get(name)!), name).toBeLessThan(tolerance);
}

/** The gradients of a step beside those of the other side, by the same names. */
export function expectGradients(
  gradients: ReadonlyMap<string, { readonly values: ArrayLike<number> }>,
  expected: ReadonlyMap<string, ArrayLike<number>>,
  tolerance: number,
): void {
  expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
  expectAlike(
    [...gradients].map(([name, { values }]) => [name, values] as const),
    expected,
    tolerance,
  );
}

/** All values of a safetensors file, by name. */
export async function readTensors(path: string): Promise<Map<string, Float32Array>> {
  const stored = await openSafetensors(path);
  const values = new Map<string, Float32Array>();
  for (const key of stored.tensors.keys()) values.set(key, await stored.read(key));
  await stored.close();
  return values;
}
