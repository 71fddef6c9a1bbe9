import type { LossName } from '../../base/core/settings.ts';
import { LEAST_REST, type LossSpec } from '../nn/loss.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { labelShares } from './sampling.ts';

/** What a training minimises. */
export interface Objective extends LossSpec {
  /** What a label's rows weigh, in label order. */
  readonly classWeights: readonly number[];
  /** Share of a target that is spread over all labels. */
  readonly labelSmoothing: number;
}

type LossPlan = Pick<TrainingPlan, 'loss' | 'focalGamma' | 'effectiveBeta' | 'labelSmoothing' | 'logitAdjust'>;

/**
 * @param labelIds of the training rows
 * @param rowWeights what each of them counts, in the frequencies of labels as well; 1 without it
 */
export const objectiveOf = (
  plan: LossPlan,
  labelIds: readonly number[],
  labels: number,
  rowWeights?: readonly number[],
): Objective => ({
  classWeights: classWeightsOf(plan, labelIds, labels, rowWeights),
  labelSmoothing: plan.labelSmoothing,
  focalGamma: plan.focalGamma,
  adjustment: plan.logitAdjust > 0 ? adjustmentOf(plan.logitAdjust, labelCounts(labelIds, labels, rowWeights)) : null,
});

/**
 * τ · log π, with π the share of a label among the training rows: the logit-adjusted loss (Menon et al., 2021, "Long-tail
 * learning via logit adjustment", arXiv:2007.07314). The logits without it are then those of a classifier for labels that
 * are equally frequent. A label without rows counts as if it had one: its logit must be learned to be low too.
 */
function adjustmentOf(tau: number, counts: readonly number[]): Float32Array {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => tau * Math.log((count > 0 ? count : 1) / rows));
}

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
  rowWeights?: readonly number[],
): number[] {
  if (!weighsLabels(plan.loss)) return new Array<number>(labels).fill(1);
  const counts = labelCounts(labelIds, labels, rowWeights);
  const weights = WEIGHTINGS[plan.loss](
    counts.filter((count) => count > 0),
    plan,
  );
  let next = 0;
  return counts.map((count) => (count > 0 ? weights[next++]! : 0));
}

/** Rows by label id, each as often as it counts. */
export function labelCounts(labelIds: readonly number[], labels: number, rowWeights?: readonly number[]): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const [row, id] of labelIds.entries()) counts[id]! += rowWeights?.[row] ?? 1;
  return counts;
}

/**
 * Target distributions (rows, labels), one row per label id, as `torch.nn.functional.cross_entropy(weight=w,
 * label_smoothing=ε)` has them, mean and all: ((1 - ε) · [c = label] + ε / K) · w[c], divided by the sum of w[label] over
 * the rows; K counts all labels. Without smoothing and with equal weights that is the plain mean. With weights of rows, each
 * row's part and its share of the sum are multiplied by its own.
 *
 * @param smoothing ε: label smoothing (Szegedy et al., 2016, arXiv:1512.00567, section 7)
 */
export function targetsOf(
  labelIds: readonly number[],
  weights: readonly number[],
  smoothing = 0,
  rowWeights?: readonly number[],
): Float32Array {
  const labels = weights.length;
  const targets = new Float32Array(labelIds.length * labels);
  const own = (row: number) => rowWeights?.[row] ?? 1;
  const total = labelIds.reduce((sum, id, row) => sum + weights[id]! * own(row), 0);
  for (const [row, id] of labelIds.entries()) {
    const share = own(row) / total;
    if (smoothing > 0)
      for (let c = 0; c < labels; c++) targets[row * labels + c] = (smoothing / labels) * weights[c]! * share;
    targets[row * labels + id]! += (1 - smoothing) * weights[id]! * share;
  }
  return targets;
}

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

/**
 * How many times each row of a label counts in the class priors that a model learns, in label order: its weight in the loss,
 * how often it is drawn, and π^-τ where the answers lack the τ · log π that training added to them.
 *
 * @param trained labels of the training rows
 * @param rowWeights what each of them counts in the loss; 1 without it
 */
export function learnedRowWeights(
  plan: TrainingPlan,
  trained: readonly string[],
  labels: readonly string[],
  rowWeights?: readonly number[],
): number[] {
  const labelIds = trained.map((label) => labels.indexOf(label));
  const { classWeights, adjustment } = objectiveOf(plan, labelIds, labels.length, rowWeights);
  const [counts, weighted] = [labelCounts(labelIds, labels.length), labelCounts(labelIds, labels.length, rowWeights)];
  const [drawn, rows] = [labelShares(plan.sampling, trained), labelShares('none', trained)];
  return labels.map((label, id) => {
    const often = rows.has(label) ? drawn.get(label)! / rows.get(label)! : 1;
    const mean = counts[id]! > 0 ? weighted[id]! / counts[id]! : 1;
    return classWeights[id]! * mean * often * Math.exp(-(adjustment?.[id] ?? 0));
  });
}
