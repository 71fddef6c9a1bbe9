import type { Precision } from '../core/settings.ts';
import { type BatchRow, collate } from '../nn/batch.ts';
import { buildForward, type ModelSpec } from '../nn/model.ts';
import { parameterSpecs, type Weights } from '../nn/parameters.ts';
import { lengthBatches } from './lengthBatches.ts';
import { openSession, type SessionOptions } from './session.ts';

export interface ForwardOptions {
  /** The most rows in a batch; on the CPU, long rows make smaller ones. */
  readonly batchSize: number;
  readonly onProgress?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

export interface ForwardResult {
  /** Logits (labels) per row, in the order of the rows. */
  readonly logits: readonly Float32Array[];
  /** The states that the head reads, side by side, per row. */
  readonly states: readonly Float32Array[];
}

export interface ForwardPass {
  /** Runs rows in batches of similar length and gives the results in the rows' order. */
  run(rows: readonly BatchRow[], options: ForwardOptions): Promise<ForwardResult>;
  release(): Promise<void>;
}

/**
 * Bytes of a batch's widest values (tokens · intermediate size) that still go fast on a CPU: larger ones leave its caches
 * between two operators. Measured on two server cores: a fifth faster than batches three times as large, at both widths.
 */
const CACHE_BYTES = 3 * 2 ** 20;

/**
 * A model ready to answer.
 *
 * @param weights `fixed` stores them in the graph, which is faster; `changing` reads the given arrays anew at each run
 * @param precision of fixed weights
 */
export async function openForwardPass(
  spec: ModelSpec,
  weights: Weights,
  kind: 'fixed' | 'changing',
  options: SessionOptions,
  precision: Precision = 'fp32',
): Promise<ForwardPass> {
  const session = await openSession(buildForward(spec, kind === 'fixed' ? weights : undefined, precision), options);
  const parameters = kind === 'fixed' ? [] : parameterSpecs(spec.config, spec.head, spec.labels);
  const inputs = Object.fromEntries(
    parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  const tokens =
    options.device === 'cpu' ? CACHE_BYTES / (4 * spec.config.intermediate_size) : Number.POSITIVE_INFINITY;
  return {
    async run(rows, { batchSize, onProgress, signal }) {
      const logits = new Array<Float32Array>(rows.length);
      const states = new Array<Float32Array>(rows.length);
      const lengths = rows.map(({ ids }) => ids.length);
      let done = 0;
      for (const chosen of lengthBatches(lengths, { rows: batchSize, tokens })) {
        signal?.throwIfAborted();
        const batch = collate(
          chosen.map((index) => rows[index]!),
          spec.config,
          spec.head,
        );
        const results = await session.run({ ...inputs, ...batch.inputs }, ['logits', 'states']);
        for (const [at, index] of chosen.entries()) {
          logits[index] = rowOf(results.logits!, at, chosen.length);
          states[index] = rowOf(results.states!, at, chosen.length);
        }
        done += chosen.length;
        onProgress?.(done);
      }
      return { logits, states };
    },
    release: () => session.release(),
  };
}

function rowOf(matrix: Float32Array, row: number, rows: number): Float32Array {
  const width = matrix.length / rows;
  return matrix.slice(row * width, (row + 1) * width);
}
