import { streamKeys } from '../../base/core/random.ts';
import type { Value } from '../nn/graph/value.ts';
import type { DropoutInput } from '../nn/trainingGraph.ts';
import { fillMask } from './kernels/kernels.ts';

/**
 * Dropout masks of one step: bytes 1 (kept) and 0 (dropped) that depend on the seed, the step and the place alone.
 * Buffers are reused from step to step.
 */
export class DropoutMasks {
  readonly #inputs: readonly DropoutInput[];
  readonly #buffers = new Map<string, Uint8Array>();

  constructor(inputs: readonly DropoutInput[]) {
    this.#inputs = inputs;
  }

  /** @param draw counts the batches of the training @param dims the sizes of the graph's named dimensions */
  draw(seed: number, draw: number, dims: Readonly<Record<string, number>>): Record<string, Value> {
    return Object.fromEntries(
      this.#inputs.map(({ name, shape, keep }) => {
        const actual = shape.map((dim) => (typeof dim === 'number' ? dim : dims[dim]!));
        const count = actual.reduce((product, dim) => product * dim, 1);
        const mask = this.#buffer(name, count);
        fillMask(mask, streamKeys(seed, ['dropout', draw, name]), Math.round(keep * 256));
        return [name, { data: mask, dims: actual }];
      }),
    );
  }

  #buffer(name: string, count: number): Uint8Array {
    const known = this.#buffers.get(name);
    if (known && known.length >= count) return known.subarray(0, count);
    const fresh = new Uint8Array(count);
    this.#buffers.set(name, fresh);
    return fresh;
  }
}
