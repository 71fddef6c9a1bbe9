import { type BatchRow, collate } from '../nn/batch.ts';
import { buildForward, type ModelSpec } from '../nn/model.ts';
import { parameterSpecs, type Weights } from '../nn/parameters.ts';
import { openSession, type SessionOptions } from './session.ts';

export interface ForwardOptions {
  /** Rows in a batch. */
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
 * A model ready to answer.
 *
 * @param weights `fixed` stores them in the graph, which is faster; `changing` reads the given arrays anew at each run
 */
export async function openForwardPass(
  spec: ModelSpec,
  weights: Weights,
  kind: 'fixed' | 'changing',
  options: SessionOptions,
): Promise<ForwardPass> {
  const session = await openSession(buildForward(spec, kind === 'fixed' ? weights : undefined), options);
  const parameters = kind === 'fixed' ? [] : parameterSpecs(spec.config, spec.head, spec.labels);
  const inputs = Object.fromEntries(
    parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  return {
    async run(rows, { batchSize, onProgress, signal }) {
      const order = rows.map((_, index) => index).sort((a, b) => rows[a]!.ids.length - rows[b]!.ids.length || a - b);
      const logits = new Array<Float32Array>(rows.length);
      const states = new Array<Float32Array>(rows.length);
      for (let start = 0; start < order.length; start += batchSize) {
        signal?.throwIfAborted();
        const chosen = order.slice(start, start + batchSize);
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
        onProgress?.(start + chosen.length);
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
