import { KERNELS } from './wasm.ts';

/** The part in use of what every JavaScript engine has; TypeScript describes it only together with a browser. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What `tools/kernels/kernels.as` exports; addresses in bytes, counts in values and multiples of four. */
interface KernelExports {
  adamW(weight: number, gradient: number, first: number, second: number, count: number, ...factors: number[]): void;
  average(mean: number, value: number, count: number, share: number): void;
  squares(values: number, count: number): number;
  mask(to: number, from: number, words: number, k0: number, k1: number, threshold: number): void;
}

/** Values that are worked on at a time: four arrays of them stay in a core's second-level cache. */
const CHUNK = 8192;
const BLOCKS = 4;

const memory = new WebAssembly.Memory({ initial: (BLOCKS * CHUNK * 4) / 65_536 });
const kernels = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(KERNELS, 'base64')), { env: { memory } })
  .exports as KernelExports;
const address = (block: number) => block * CHUNK * 4;
const BLOCK_VALUES = Array.from(
  { length: BLOCKS },
  (_, block) => new Float32Array(memory.buffer, address(block), CHUNK),
);
const BYTES = new Uint8Array(memory.buffer);

/** Half-open range of an array's values. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Copies values into a block and fills up with zeros to a multiple of four. */
function load(block: number, values: Float32Array, from: number, to: number): number {
  const target = BLOCK_VALUES[block]!;
  target.set(values.subarray(from, to));
  const count = (to - from + 3) & ~3;
  target.fill(0, to - from, count);
  return count;
}

function store(block: number, values: Float32Array, from: number, to: number): void {
  const source = BLOCK_VALUES[block]!;
  values.set(to - from === CHUNK ? source : source.subarray(0, to - from), from);
}

/**
 * One AdamW step in place, in single precision as in PyTorch.
 *
 * @param factors scale, decay, step size, correction, β₁, 1 - β₁, β₂, 1 - β₂, ε
 */
export function adamWKernel(
  weight: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  range: Range,
  factors: readonly number[],
): void {
  for (let from = range.from; from < range.to; from += CHUNK) {
    const to = Math.min(from + CHUNK, range.to);
    load(0, weight, from, to);
    load(1, gradient, from, to);
    load(2, first, from, to);
    const count = load(3, second, from, to);
    kernels.adamW(address(0), address(1), address(2), address(3), count, ...factors);
    store(0, weight, from, to);
    store(2, first, from, to);
    store(3, second, from, to);
  }
}

/**
 * The same step on some rows of a table. They are gathered into one block by loops: a view for each row would cost more
 * than the arithmetic.
 */
export function adamWRowsKernel(
  weight: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  { rows, width }: { readonly rows: readonly number[]; readonly width: number },
  factors: readonly number[],
): void {
  const [w, g, m, v] = BLOCK_VALUES as [Float32Array, Float32Array, Float32Array, Float32Array];
  const perBlock = Math.floor(CHUNK / width);
  if (perBlock === 0) throw new Error(`A row of ${width} values is longer than a block of ${CHUNK}.`);
  for (let start = 0; start < rows.length; start += perBlock) {
    const end = Math.min(start + perBlock, rows.length);
    let at = 0;
    for (let index = start; index < end; index++)
      for (let i = rows[index]! * width, stop = i + width; i < stop; i++, at++) {
        w[at] = weight[i]!;
        g[at] = gradient[i]!;
        m[at] = first[i]!;
        v[at] = second[i]!;
      }
    kernels.adamW(address(0), address(1), address(2), address(3), (at + 3) & ~3, ...factors);
    at = 0;
    for (let index = start; index < end; index++)
      for (let i = rows[index]! * width, stop = i + width; i < stop; i++, at++) {
        weight[i] = w[at]!;
        first[i] = m[at]!;
        second[i] = v[at]!;
      }
  }
}

/** mean + share · (value - mean) in place: a step of a moving average. */
export function averageKernel(mean: Float32Array, value: Float32Array, share: number): void {
  for (let from = 0; from < mean.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, mean.length);
    load(0, mean, from, to);
    kernels.average(address(0), address(1), load(1, value, from, to), share);
    store(0, mean, from, to);
  }
}

/** Σ x² over a range. */
export function squares(values: Float32Array, range: Range): number {
  let sum = 0;
  for (let from = range.from; from < range.to; from += CHUNK)
    sum += kernels.squares(address(0), load(0, values, from, Math.min(from + CHUNK, range.to)));
  return sum;
}

/**
 * Fills a dropout mask with bytes 1 (kept) and 0, four from each word of the random stream with the given keys.
 *
 * @param threshold of 256: the share kept
 */
export function fillMask(mask: Uint8Array, [k0, k1]: readonly [number, number], threshold: number): void {
  for (let from = 0; from < mask.length; from += BYTES.length) {
    const length = Math.min(BYTES.length, mask.length - from);
    kernels.mask(0, from / 4, (Math.ceil(length / 4) + 3) & ~3, k0, k1, threshold);
    mask.set(length === BYTES.length ? BYTES : BYTES.subarray(0, length), from);
  }
}
