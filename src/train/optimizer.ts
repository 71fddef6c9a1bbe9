import type { Weights } from '../nn/parameters.ts';
import { ADAMW_DEFAULTS, adamWStep, globalNorm, isDecayed, type Moments } from './adamw.ts';

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
  step(gradients: ReadonlyMap<string, Float32Array>, options: OptimizerStepOptions): number;
}

export interface OptimizerStepOptions {
  readonly lr: number;
  readonly weightDecay: number;
  /** Largest global norm (Pascanu et al., 2013, arXiv:1211.5063), as `torch.nn.utils.clip_grad_norm_`; 0 is off. */
  readonly clip: number;
}

export function createOptimizer(weights: Weights): Optimizer {
  const moments = new Map(
    [...weights].map(([name, weight]) => [
      name,
      { first: new Float32Array(weight.length), second: new Float32Array(weight.length) },
    ]),
  );
  return {
    moments,
    steps: 0,
    step(gradients, { lr, weightDecay, clip }) {
      this.steps++;
      const norm = globalNorm(gradients.values());
      // The small constant is PyTorch's.
      const scale = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
      for (const [name, gradient] of gradients)
        adamWStep(weights.get(name)!, gradient, moments.get(name)!, this.steps, scale, {
          ...ADAMW_DEFAULTS,
          lr,
          weightDecay: isDecayed(name) ? weightDecay : 0,
        });
      return norm;
    },
  };
}
