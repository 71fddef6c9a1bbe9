import type { Weights } from '../nn/parameters.ts';
import {
  ADAMW_DEFAULTS,
  adamWRows,
  adamWStep,
  decayStep,
  isDecayed,
  type Moments,
  type StepFactors,
  stepFactors,
} from './adamw.ts';
import { type Gradient, type Gradients, globalNorm } from './gradient.ts';

/** AdamW over named weights; `moments` and `steps` are what a checkpoint keeps. */
export interface Optimizer {
  readonly moments: ReadonlyMap<string, Moments>;
  /** Steps taken. */
  steps: number;
  /**
   * Changes the weights in place.
   *
   * @returns the gradients' global norm before clipping
   */
  step(gradients: Gradients, options: OptimizerStepOptions): number;
}

export interface OptimizerStepOptions {
  readonly lr: number;
  readonly weightDecay: number;
  /** Largest global norm (Pascanu et al., 2013, arXiv:1211.5063), as `torch.nn.utils.clip_grad_norm_`; 0 is off. */
  readonly clip: number;
  /** The share of `lr` that a parameter gets; 1 without it. */
  readonly rateShare?: (name: string) => number;
}

export function createOptimizer(weights: Weights): Optimizer {
  const moments = new Map(
    [...weights].map(([name, weight]) => [
      name,
      { first: new Float32Array(weight.length), second: new Float32Array(weight.length) },
    ]),
  );
  const moved = new Map<string, Uint8Array>();

  /**
   * Rows of a table that were never looked up have no moments and only decay, which is the greater part of a vocabulary.
   * Derived from the moments, so that it need not be kept in a checkpoint.
   */
  const movedRows = (name: string, width: number): Uint8Array => {
    const known = moved.get(name);
    if (known) return known;
    const { second } = moments.get(name)!;
    const rows = Uint8Array.from({ length: second.length / width }, (_, row) =>
      second.subarray(row * width, (row + 1) * width).some((value) => value !== 0) ? 1 : 0,
    );
    moved.set(name, rows);
    return rows;
  };

  const stepTable = (name: string, { values, table }: Gradient, width: number, factors: StepFactors) => {
    const weight = weights.get(name)!;
    const isMoved = movedRows(name, width);
    for (const row of table!.rows) isMoved[row] = 1;
    const rows: number[] = [];
    let still = 0;
    for (let row = 0; row <= isMoved.length; row++) {
      if (row < isMoved.length && isMoved[row] === 0) continue;
      decayStep(weight, { from: still * width, to: row * width }, factors);
      if (row < isMoved.length) rows.push(row);
      still = row + 1;
    }
    adamWRows(weight, values, moments.get(name)!, { rows, width }, factors);
  };

  return {
    moments,
    steps: 0,
    step(gradients, { lr, weightDecay, clip, rateShare = () => 1 }) {
      this.steps++;
      const norm = globalNorm(gradients);
      // The small constant is PyTorch's.
      const scale = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
      for (const [name, gradient] of gradients) {
        const decayed = isDecayed(name) ? weightDecay : 0;
        const factors = stepFactors(this.steps, scale, {
          ...ADAMW_DEFAULTS,
          lr: lr * rateShare(name),
          weightDecay: decayed,
        });
        const all = { from: 0, to: gradient.values.length };
        if (gradient.table) stepTable(name, gradient, gradient.table.width, factors);
        else adamWStep(weights.get(name)!, gradient.values, moments.get(name)!, all, factors);
      }
      return norm;
    },
  };
}
