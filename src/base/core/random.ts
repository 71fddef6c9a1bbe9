/**
 * Counter-based random numbers: value `i` of a stream depends on (seed, path, i) alone, so that an interrupted and resumed
 * run draws the same numbers as one that was not interrupted.
 *
 * The mixing function is `triple32` (C. Wellons, "hash-prospector", public domain), applied to the counter
 * between two keys.
 */
export interface RandomStream {
  /** The i-th unsigned 32-bit integer. */
  uint32(i: number): number;
  /** The i-th number in [0, 1), 32 bits of resolution. */
  uniform(i: number): number;
  /** The i-th draw from N(0, 1), by Box and Muller's method. */
  normal(i: number): number;
}

/** A stream of its own for each seed and path, e.g. `randomStream(42, 'dropout', step, layer)`. */
export function randomStream(seed: number, ...path: readonly (string | number)[]): RandomStream {
  const [k0, k1] = streamKeys(seed, path);
  const uint32 = (i: number) => mix(mix((i ^ k0) >>> 0) + k1);
  const uniform = (i: number) => uint32(i) / 2 ** 32;
  const normal = (i: number) =>
    Math.sqrt(-2 * Math.log1p(-uniform(2 * i))) * Math.cos(2 * Math.PI * uniform(2 * i + 1));
  return { uint32, uniform, normal };
}

/** The two 32-bit keys of a stream, for loops that inline the mixing. */
export function streamKeys(seed: number, path: readonly (string | number)[]): [number, number] {
  let k0 = mix(seed >>> 0);
  let k1 = mix(k0 ^ Math.floor(seed / 2 ** 32));
  for (const char of JSON.stringify(path)) {
    k0 = mix(k0 ^ char.codePointAt(0)!);
    k1 = mix(k1 + k0);
  }
  return [k0, k1];
}

/** triple32: a bijection of 32-bit integers with almost no bias. */
export function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb);
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51);
  x = Math.imul(x ^ (x >>> 15), 0x31848bab);
  return (x ^ (x >>> 14)) >>> 0;
}

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], stream: RandomStream): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform(i) * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
