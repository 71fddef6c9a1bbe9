import { mix, streamKeys } from '../core/random.ts';
import type { Value } from '../nn/graph/value.ts';
import type { DropoutInput } from '../nn/model.ts';

/**
 * Dropout masks of one step: bytes 1 (kept) and 0 (dropped) that depend on the seed, the step and the place alone.
 * Buffers are reused from step to step.
 */
export class DropoutMasks {
  readonly #inputs: readonly DropoutInput[];
  readonly #buffers = new Map<string, Uint32Array>();

  constructor(inputs: readonly DropoutInput[]) {
    this.#inputs = inputs;
  }

  /** @param draw counts the batches of the training @param dims the sizes of the graph's named dimensions */
  draw(seed: number, draw: number, dims: Readonly<Record<string, number>>): Record<string, Value> {
    return Object.fromEntries(
      this.#inputs.map(({ name, shape, keep }) => {
        const actual = shape.map((dim) => (typeof dim === 'number' ? dim : dims[dim]!));
        const count = actual.reduce((product, dim) => product * dim, 1);
        const words = this.#buffer(name, Math.ceil(count / 4));
        fillMask(words, streamKeys(seed, ['dropout', draw, name]), Math.round(keep * 256));
        return [name, { data: new Uint8Array(words.buffer, 0, count), dims: actual }];
      }),
    );
  }

  #buffer(name: string, words: number): Uint32Array {
    const known = this.#buffers.get(name);
    if (known && known.length >= words) return known.subarray(0, words);
    const fresh = new Uint32Array(words);
    this.#buffers.set(name, fresh);
    return fresh;
  }
}

/** Four bytes of mask from each random word: 1 where the byte is below `threshold` of 256. */
function fillMask(words: Uint32Array, [k0, k1]: readonly [number, number], threshold: number): void {
  for (let i = 0; i < words.length; i++) {
    const random = mix(mix((i ^ k0) >>> 0) + k1);
    // Each byte minus the threshold borrows from bit 8 exactly where the byte is smaller.
    const kept0 = ((random & 255) - threshold) >>> 31;
    const kept1 = (((random >>> 8) & 255) - threshold) >>> 31;
    const kept2 = (((random >>> 16) & 255) - threshold) >>> 31;
    const kept3 = ((random >>> 24) - threshold) >>> 31;
    words[i] = kept0 | (kept1 << 8) | (kept2 << 16) | (kept3 << 24);
  }
}
