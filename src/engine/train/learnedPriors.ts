import type { TrainingPlan } from '../runs/plan.ts';
import { objectiveOf } from './objective.ts';
import { labelShares } from './sampling.ts';

/**
 * How many times each row of a label counts in the class priors that a model learns, in label order: its weight in the loss,
 * how often it is drawn, and π^-τ where the answers lack the τ · log π that training added to them.
 *
 * @param trained labels of the training rows
 */
export function learnedRowWeights(plan: TrainingPlan, trained: readonly string[], labels: readonly string[]): number[] {
  const labelIds = trained.map((label) => labels.indexOf(label));
  const { classWeights, adjustment } = objectiveOf(plan, labelIds, labels.length);
  const [drawn, rows] = [labelShares(plan.sampling, trained), labelShares('none', trained)];
  return labels.map((label, id) => {
    const often = rows.has(label) ? drawn.get(label)! / rows.get(label)! : 1;
    return classWeights[id]! * often * Math.exp(-(adjustment?.[id] ?? 0));
  });
}
