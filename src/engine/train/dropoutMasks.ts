import { streamKeys } from '../../base/core/random.ts';
import type { Value } from '../nn/graph/value.ts';
import type { DropoutInput } from '../nn/trainingGraph.ts';
import { type Crew, shareOut } from './kernels/crew.ts';
import { fillMask } from './kernels/kernels.js';

/**
 * Dropout masks of one step: bytes 1 (kept) and 0 (dropped) that depend on the seed, the step and the place alone.
 * Buffers are reused from step to step.
 */
export class DropoutMasks {
  readonly #inputs: readonly DropoutInput[];
  readonly #buffers = new Map<string, Uint8Array>();
  /** What workers draw into, by worker: the runtime takes no arrays that threads share. */
  readonly #shared: Uint8Array<SharedArrayBuffer>[] = [];

  constructor(inputs: readonly DropoutInput[]) {
    this.#inputs = inputs;
  }

  /**
   * @param draw counts the batches of the training
   * @param dims the sizes of the graph's named dimensions
   * @param crew workers that draw a share of the masks, for the same bytes
   */
  draw(seed: number, draw: number, dims: Readonly<Record<string, number>>, crew?: Crew): Record<string, Value> {
    const drawn = this.#inputs.map(({ name, shape, keep }) => {
      const actual = shape.map((dim) => (typeof dim === 'number' ? dim : dims[dim]!));
      const count = actual.reduce((product, dim) => product * dim, 1);
      const keys = streamKeys(seed, ['dropout', draw, name]);
      return { name, dims: actual, data: this.#buffer(name, count), keys, threshold: Math.round(keep * 256) };
    });
    const total = drawn.reduce((sum, { data }) => sum + data.length, 0);
    if (crew && crew.workers > 0 && total >= LEAST) this.#drawTogether(drawn, crew);
    else for (const { data, keys, threshold } of drawn) fillMask(data, keys, threshold);
    return Object.fromEntries(drawn.map(({ name, data, dims: actual }) => [name, { data, dims: actual }]));
  }

  #drawTogether(drawn: readonly Drawn[], crew: Crew): void {
    const owners = shareOut(
      drawn.map(({ data }) => data.length),
      crew.workers,
    );
    const shares = Array.from({ length: crew.workers }, (_, worker) => {
      const own = drawn.filter((_, index) => owners[index] === worker + 1);
      const room = this.#room(
        worker,
        own.reduce((sum, { data }) => sum + data.length, 0),
      );
      let at = 0;
      return own.map(({ data, keys, threshold }) => {
        const mask = room.subarray(at, at + data.length);
        at += data.length;
        return { data, job: { kind: 'mask', mask, keys, threshold } } as const;
      });
    });
    crew.run(
      shares.map((share) => share.map(({ job }) => job)),
      () => {
        for (const [index, { data, keys, threshold }] of drawn.entries())
          if (owners[index] === 0) fillMask(data, keys, threshold);
      },
    );
    for (const { data, job } of shares.flat()) data.set(job.mask);
  }

  #room(worker: number, count: number): Uint8Array<SharedArrayBuffer> {
    const known = this.#shared[worker];
    if (known && known.length >= count) return known;
    const fresh = new Uint8Array(new SharedArrayBuffer(count));
    this.#shared[worker] = fresh;
    return fresh;
  }

  #buffer(name: string, count: number): Uint8Array {
    const known = this.#buffers.get(name);
    if (known && known.length >= count) return known.subarray(0, count);
    const fresh = new Uint8Array(count);
    this.#buffers.set(name, fresh);
    return fresh;
  }
}

interface Drawn {
  readonly data: Uint8Array;
  readonly keys: readonly [number, number];
  readonly threshold: number;
}

/** Bytes below which masks are drawn before a worker would have begun. */
const LEAST = 2 ** 20;
