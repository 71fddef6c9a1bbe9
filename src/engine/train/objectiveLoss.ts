import { LEAST_REST } from '../nn/loss.ts';
import type { Objective } from './objective.ts';

/**
 * The loss that training minimises, on rows that a model answered without dropout: with class weights, label smoothing,
 * focal factor and logit adjustment, as `targetsOf` and the training graph have them. Null where the rows' weights add up
 * to nothing.
 */
export function objectiveLoss(
  logits: readonly Float32Array[],
  labelIds: readonly number[],
  { classWeights, labelSmoothing, focalGamma, adjustment }: Objective,
): number | null {
  let loss = 0;
  let total = 0;
  for (const [row, label] of labelIds.entries()) {
    const terms = labelLosses(adjusted(logits[row]!, adjustment), focalGamma);
    const weight = classWeights[label]!;
    loss += (1 - labelSmoothing) * weight * terms(label);
    if (labelSmoothing > 0)
      for (const [c, w] of classWeights.entries()) loss += (labelSmoothing / classWeights.length) * w * terms(c);
    total += weight;
  }
  return total > 0 ? loss / total : null;
}

const adjusted = (logits: Float32Array, adjustment: Float32Array | null): Float32Array =>
  adjustment ? logits.map((value, label) => value + adjustment[label]!) : logits;

/** -(1 - p)^γ · log p of each label, the first factor 1 without γ. */
function labelLosses(logits: Float32Array, gamma: number | null): (label: number) => number {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  const crossEntropy = (label: number) => Math.log(sum) + largest - logits[label]!;
  if (gamma === null) return crossEntropy;
  return (label) => {
    const nll = crossEntropy(label);
    return (1 - Math.exp(-nll) + LEAST_REST) ** gamma * nll;
  };
}
