import type { LossName } from '../../base/core/settings.ts';
import type { TrainingPlan } from '../runs/plan.ts';

/** From the rows of each label that has any to what one of them weighs. */
type Weighting = (counts: readonly number[], plan: Pick<TrainingPlan, 'effectiveBeta'>) => number[];

/**
 * Class weights n / (K · count), "balanced" as in scikit-learn's `compute_class_weight` (King & Zeng, 2001): all labels have
 * the same part in the loss.
 */
const inverse: Weighting = (counts) => {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => rows / (counts.length * count));
};

/**
 * (1 - β) / (1 - βⁿ) for a label of n rows, scaled so that the weights add up to the number of labels (Cui et al., 2019,
 * "Class-Balanced Loss Based on Effective Number of Samples", arXiv:1901.05555, section 4).
 */
const effective: Weighting = (counts, { effectiveBeta }) => {
  const beta = effectiveBeta!;
  const raw = counts.map((count) => (1 - beta) / (1 - beta ** count));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => (weight * counts.length) / total);
};

const equal: Weighting = (counts) => counts.map(() => 1);

const WEIGHTINGS: { readonly [Loss in LossName]: Weighting } = {
  ce: equal,
  weighted: inverse,
  'sqrt-weighted': (counts, plan) => inverse(counts, plan).map(Math.sqrt),
  effective,
  focal: equal,
};

/** Whether a loss weighs labels by their frequency. */
export const weighsLabels = (loss: LossName): boolean => WEIGHTINGS[loss] !== equal;

/**
 * What a label's rows weigh in the loss, in label order. Where labels weigh differently, one without rows weighs nothing.
 *
 * @param labelIds of the training rows
 */
export function classWeightsOf(
  plan: Pick<TrainingPlan, 'loss' | 'effectiveBeta'>,
  labelIds: readonly number[],
  labels: number,
): number[] {
  if (!weighsLabels(plan.loss)) return new Array<number>(labels).fill(1);
  const counts = labelCounts(labelIds, labels);
  const weights = WEIGHTINGS[plan.loss](
    counts.filter((count) => count > 0),
    plan,
  );
  let next = 0;
  return counts.map((count) => (count > 0 ? weights[next++]! : 0));
}

/** Rows by label id. */
export function labelCounts(labelIds: readonly number[], labels: number): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const id of labelIds) counts[id]!++;
  return counts;
}
