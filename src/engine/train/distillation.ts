import type { TrainingPlan } from '../runs/plan.ts';

/** p^(1/T), normalised: softmax(logits / T) of what softmax(logits) is p. */
export function softened(probabilities: ArrayLike<number>, temperature: number): Float32Array {
  const powers = Array.from(probabilities, (p) => p ** (1 / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/**
 * Targets of a student (Hinton et al., 2015, arXiv:1503.02531): of each row (1 - α) · its own target + α · the teachers'
 * softened distribution, with the weight in the loss that the row had.
 *
 * The student has one softmax, at temperature 1, for labels and teachers alike, so that the factor T² that Hinton et al. need
 * for a second one at T has no place here. What it learns is the softened distribution itself: for T > 1 it is less sure than
 * its teachers, which the temperature that is fitted on validation rows takes back.
 *
 * @param targets (rows, labels), as `targetsOf` makes them
 * @param soft a distribution over the labels for each row
 * @param weight α
 */
export function distilledTargets(
  targets: Float32Array,
  soft: readonly ArrayLike<number>[],
  weight: number,
): Float32Array {
  const labels = targets.length / soft.length;
  const mixed = new Float32Array(targets.length);
  for (const [row, distribution] of soft.entries()) {
    const own = targets.subarray(row * labels, (row + 1) * labels);
    const mass = own.reduce((sum, value) => sum + value, 0);
    for (let label = 0; label < labels; label++)
      mixed[row * labels + label] = (1 - weight) * own[label]! + weight * mass * distribution[label]!;
  }
  return mixed;
}

/** The targets of a batch, with the teachers' part where the plan has teachers. */
export const withTeachers = (
  targets: Float32Array,
  rows: readonly { readonly soft?: ArrayLike<number> }[],
  { distillWeight }: Pick<TrainingPlan, 'distillWeight'>,
): Float32Array =>
  distillWeight === null
    ? targets
    : distilledTargets(
        targets,
        rows.map(({ soft }) => soft!),
        distillWeight,
      );
