import type { LossName } from '../core/settings.ts';

/**
 * Target distributions (rows, labels) for cross-entropy: one row per label id, `weights[label]` at the label, all divided
 * by the sum of the rows' weights: the weighted mean of `torch.nn.functional.cross_entropy(weight=…)`. Equal weights give
 * the plain mean.
 */
export function targetsOf(labelIds: readonly number[], weights: readonly number[]): Float32Array {
  const targets = new Float32Array(labelIds.length * weights.length);
  const total = labelIds.reduce((sum, id) => sum + weights[id]!, 0);
  for (const [row, id] of labelIds.entries()) targets[row * weights.length + id] = weights[id]! / total;
  return targets;
}

/** What a label's rows weigh in the loss, in label order: all the same, or by `balancedWeights`. */
export const classWeightsOf = (loss: LossName, labelIds: readonly number[], labels: number): number[] =>
  loss === 'weighted' ? balancedWeights(labelIds, labels) : new Array<number>(labels).fill(1);

/**
 * Class weights n / (K · count), "balanced" as in scikit-learn's `compute_class_weight` (King & Zeng, 2001); K counts the
 * labels that occur, a label without rows weighs 0.
 */
export function balancedWeights(labelIds: readonly number[], labels: number): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const id of labelIds) counts[id]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? labelIds.length / (present * count) : 0));
}
