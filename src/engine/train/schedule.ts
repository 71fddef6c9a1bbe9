import type { ScheduleName } from '../../base/core/settings.ts';

/** The share of the peak learning rate, by the share of the steps after warm-up that are done (0 … 1). */
const DECAY: Record<ScheduleName, (progress: number) => number> = {
  linear: (progress) => 1 - progress,
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
  constant: () => 1,
};

/**
 * Learning rate of a step (0-based): rises linearly over the warm-up steps, then falls, as transformers'
 * `get_linear_schedule_with_warmup` and `get_cosine_schedule_with_warmup`.
 */
export function learningRate(
  step: number,
  { peak, steps, warmup, schedule }: { peak: number; steps: number; warmup: number; schedule: ScheduleName },
): number {
  const warmupSteps = Math.ceil(warmup * steps);
  if (step < warmupSteps) return (peak * step) / Math.max(1, warmupSteps);
  return peak * DECAY[schedule]((step - warmupSteps) / Math.max(1, steps - warmupSteps));
}
