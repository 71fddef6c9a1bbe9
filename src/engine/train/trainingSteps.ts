import type { WeightAverage } from './average.ts';
import type { GradientSum, GraphBatch } from './gradientSum.ts';
import type { Crew } from './kernels/crew.ts';
import type { Optimizer, OptimizerStepOptions } from './optimizer.ts';

/** The steps of a training: forward, backward, clipping, AdamW, and the moving average of the weights. */
export interface TrainingSteps {
  /**
   * Takes a step by the sum of the batches' gradients (gradient accumulation). The losses' sum is that of their targets.
   *
   * Errors: `failed` for a loss that is not finite.
   */
  take(batches: readonly GraphBatch[], step: StepCall): Promise<StepFigures>;
  /** Brings the arrays of weights, moments and average up to date. */
  settle(): Promise<void>;
  release(): Promise<void>;
}

export interface StepCall {
  readonly lr: number;
  readonly seed: number;
  /** Which dropout masks the first batch has: the count of batches that this training has seen. */
  readonly firstDraw: number;
  /** What an error calls the batches; their numbers without it. */
  readonly title?: string;
}

export interface StepFigures {
  readonly loss: number;
  /** The gradient's global norm before clipping. */
  readonly norm: number;
}

/** What the optimizer does in all steps of a training alike. */
export type StepPlan = Omit<OptimizerStepOptions, 'lr'>;

/**
 * Steps on the computer's own arrays, which are always up to date; the gradient may be computed on a device.
 *
 * @param crew workers that share what is done between two gradients; released with the steps
 */
export const hostSteps = (
  sum: GradientSum,
  optimizer: Optimizer,
  average: Pick<WeightAverage, 'add'> | null,
  plan: StepPlan,
  crew: Crew,
): TrainingSteps => ({
  async take(batches, { lr, seed, firstDraw, title }) {
    sum.clear();
    let loss = 0;
    for (const [index, batch] of batches.entries()) loss += await sum.add(batch, seed, firstDraw + index, title, crew);
    const norm = optimizer.step(sum.gradients, { ...plan, lr }, crew);
    average?.add(optimizer.steps);
    return { loss, norm };
  },
  settle: async () => {},
  async release() {
    await crew.release();
    await sum.release();
  },
});
