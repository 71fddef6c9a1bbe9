// @ts-check
// JavaScript, since worker threads run it too, in the sources when tests run: crewWorker.js.
import { KERNELS } from './wasm.js';

/**
 * What `tools/kernels/kernels.as` exports; addresses in bytes, counts in values and multiples of four.
 *
 * @typedef {object} KernelExports
 * @property {(weight: number, gradient: number, first: number, second: number, count: number, ...factors: number[]) => void} adamW
 * @property {(mean: number, value: number, count: number, share: number) => void} average
 * @property {(values: number, count: number) => number} squares
 * @property {(to: number, from: number, words: number, k0: number, k1: number, threshold: number) => void} mask
 */

/**
 * The part in use of what every JavaScript engine has; TypeScript describes it only together with a browser.
 *
 * @typedef {object} WebAssemblyApi
 * @property {new (size: { initial: number }) => { readonly buffer: ArrayBuffer }} Memory
 * @property {new (bytes: Uint8Array) => object} Module
 * @property {new (module: object, imports: object) => { readonly exports: KernelExports }} Instance
 */

/**
 * Half-open range of an array's values.
 *
 * @typedef {{ readonly from: number, readonly to: number }} Range
 */

/** @type {WebAssemblyApi} */
const { Memory, Module, Instance } = Reflect.get(globalThis, 'WebAssembly');

/** Values that are worked on at a time: four arrays of them stay in a core's second-level cache. */
const CHUNK = 8192;
const BLOCKS = 4;

const memory = new Memory({ initial: (BLOCKS * CHUNK * 4) / 65_536 });
const kernels = new Instance(new Module(Buffer.from(KERNELS, 'base64')), { env: { memory } }).exports;
const address = (/** @type {number} */ block) => block * CHUNK * 4;
const blockValues = (/** @type {number} */ block) => new Float32Array(memory.buffer, address(block), CHUNK);
const BLOCK = /** @type {const} */ ([blockValues(0), blockValues(1), blockValues(2), blockValues(3)]);
const BYTES = new Uint8Array(memory.buffer);

/** @typedef {0 | 1 | 2 | 3} Block */

/**
 * Copies values into a block and fills up with zeros to a multiple of four.
 *
 * @param {Block} block @param {Float32Array} values @param {number} from @param {number} to
 */
function load(block, values, from, to) {
  const target = BLOCK[block];
  target.set(values.subarray(from, to));
  const count = (to - from + 3) & ~3;
  target.fill(0, to - from, count);
  return count;
}

/** @param {Block} block @param {Float32Array} values @param {number} from @param {number} to */
function store(block, values, from, to) {
  const source = BLOCK[block];
  values.set(to - from === CHUNK ? source : source.subarray(0, to - from), from);
}

/**
 * One AdamW step in place, in single precision as in PyTorch.
 *
 * @param {Float32Array} weight
 * @param {Float32Array} gradient
 * @param {Float32Array} first
 * @param {Float32Array} second
 * @param {Range} range
 * @param {readonly number[]} factors scale, decay, step size, correction, β₁, 1 - β₁, β₂, 1 - β₂, ε
 */
export function adamWKernel(weight, gradient, first, second, range, factors) {
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
 *
 * @param {Float32Array} weight
 * @param {Float32Array} gradient
 * @param {Float32Array} first
 * @param {Float32Array} second
 * @param {{ readonly rows: readonly number[], readonly width: number }} table
 * @param {readonly number[]} factors
 */
export function adamWRowsKernel(weight, gradient, first, second, { rows, width }, factors) {
  const perBlock = Math.floor(CHUNK / width);
  if (perBlock === 0) throw new Error(`A row of ${width} values is longer than a block of ${CHUNK}.`);
  for (let start = 0; start < rows.length; start += perBlock) {
    const some = rows.slice(start, start + perBlock);
    for (const [block, values] of [weight, gradient, first, second].entries())
      gather(/** @type {Float32Array} */ (BLOCK[block]), values, some, width);
    kernels.adamW(address(0), address(1), address(2), address(3), (some.length * width + 3) & ~3, ...factors);
    scatter(BLOCK[0], weight, some, width);
    scatter(BLOCK[2], first, some, width);
    scatter(BLOCK[3], second, some, width);
  }
}

/** @param {Float32Array} to @param {Float32Array} from @param {readonly number[]} rows @param {number} width */
function gather(to, from, rows, width) {
  let at = 0;
  for (const row of rows)
    for (let i = row * width, stop = i + width; i < stop; i++, at++) to[at] = /** @type {number} */ (from[i]);
}

/** @param {Float32Array} from @param {Float32Array} to @param {readonly number[]} rows @param {number} width */
function scatter(from, to, rows, width) {
  let at = 0;
  for (const row of rows)
    for (let i = row * width, stop = i + width; i < stop; i++, at++) to[i] = /** @type {number} */ (from[at]);
}

/**
 * mean + share · (value - mean) in place: a step of a moving average.
 *
 * @param {Float32Array} mean @param {Float32Array} value @param {number} share
 */
export function averageKernel(mean, value, share) {
  for (let from = 0; from < mean.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, mean.length);
    load(0, mean, from, to);
    kernels.average(address(0), address(1), load(1, value, from, to), share);
    store(0, mean, from, to);
  }
}

/**
 * Σ x² over a range.
 *
 * @param {Float32Array} values @param {Range} range
 */
export function squares(values, range) {
  let sum = 0;
  for (let from = range.from; from < range.to; from += CHUNK)
    sum += kernels.squares(address(0), load(0, values, from, Math.min(from + CHUNK, range.to)));
  return sum;
}

/**
 * Fills a dropout mask with bytes 1 (kept) and 0, four from each word of the random stream with the given keys.
 *
 * @param {Uint8Array} mask
 * @param {readonly [number, number]} keys
 * @param {number} threshold of 256: the share kept
 */
export function fillMask(mask, [k0, k1], threshold) {
  for (let from = 0; from < mask.length; from += BYTES.length) {
    const length = Math.min(BYTES.length, mask.length - from);
    kernels.mask(0, from / 4, (Math.ceil(length / 4) + 3) & ~3, k0, k1, threshold);
    mask.set(length === BYTES.length ? BYTES : BYTES.subarray(0, length), from);
  }
}
