import type { LossSpec } from '../nn/loss.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { classWeightsOf, labelCounts } from './classWeights.ts';

/** What a training minimises. */
export interface Objective extends LossSpec {
  /** What a label's rows weigh, in label order. */
  readonly classWeights: readonly number[];
  /** Share of a target that is spread over all labels. */
  readonly labelSmoothing: number;
}

type LossPlan = Pick<TrainingPlan, 'loss' | 'focalGamma' | 'effectiveBeta' | 'labelSmoothing' | 'logitAdjust'>;

/** @param labelIds of the training rows */
export const objectiveOf = (plan: LossPlan, labelIds: readonly number[], labels: number): Objective => ({
  classWeights: classWeightsOf(plan, labelIds, labels),
  labelSmoothing: plan.labelSmoothing,
  focalGamma: plan.focalGamma,
  adjustment: plan.logitAdjust > 0 ? adjustmentOf(plan.logitAdjust, labelIds, labels) : null,
});

/**
 * τ · log π, with π the share of a label among the training rows: the logit-adjusted loss (Menon et al., 2021, "Long-tail
 * learning via logit adjustment", arXiv:2007.07314). The logits without it are then those of a classifier for labels that
 * are equally frequent. A label without rows counts as if it had one: its logit must be learned to be low too.
 */
function adjustmentOf(tau: number, labelIds: readonly number[], labels: number): Float32Array {
  const counts = labelCounts(labelIds, labels);
  return Float32Array.from(counts, (count) => tau * Math.log(Math.max(count, 1) / labelIds.length));
}
