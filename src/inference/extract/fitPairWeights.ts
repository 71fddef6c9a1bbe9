import { distributionOf, type PairUnit, type PairWeights } from './sentencePairs.ts';

/** A unit of a document with the labels that annotators gave both directions. */
export interface JudgedUnit {
  readonly unit: PairUnit;
  /** Indices into the labels of each direction; `back` is 0 where there is no such direction. */
  readonly gold: { readonly forth: number; readonly back: number };
}

/** Precision of the normal prior of each relation's bias around 0, against overfitting rare ones. */
const PRIOR = 5;
/** Of the scale and the bias of "no relation", which every unit tells of: hardly any. */
const WEAK_PRIOR = 1e-3;
const STEPS = 40;
const TOLERANCE = 1e-6;

/**
 * The scale of the logits and a bias for each label under which the annotated labels of both directions are likeliest, given
 * the rules: a log-linear model, so that the penalised likelihood has one maximum. By Newton's method, each step halved until
 * the likelihood rises.
 *
 * @param labels number of labels
 * @param none id of "no relation"
 * @param near weights to begin from, where ones of nearly the same units are known
 */
export function fitPairWeights(
  units: readonly JudgedUnit[],
  labels: number,
  none: number,
  near: PairWeights | null = null,
): PairWeights {
  const precision = (at: number) => (at === 0 || at === none + 1 ? WEAK_PRIOR : PRIOR);
  const start = (at: number): number => (at === 0 ? 1 : 0);
  const penalty = (values: readonly number[]) =>
    values.reduce((sum, value, at) => sum + (precision(at) * (value - start(at)) ** 2) / 2, 0);
  const objective = (values: readonly number[]) => penalty(values) + lossOf(units, weightsOf(values));
  let values = near ? [near.scale, ...near.bias] : Array.from({ length: labels + 1 }, (_, at) => start(at));
  let current = objective(values);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, curvature } = derivatives(units, weightsOf(values), labels + 1);
    for (const [at, value] of values.entries()) {
      gradient[at]! += precision(at) * (value - start(at));
      curvature[at]![at]! += precision(at);
    }
    const direction = solved(curvature, gradient);
    let size = 1;
    let next = values;
    let reached = Number.POSITIVE_INFINITY;
    for (; size > 1e-4; size /= 2) {
      next = values.map((value, at) => value - size * direction[at]!);
      reached = next[0]! > 0 ? objective(next) : Number.POSITIVE_INFINITY;
      if (reached < current) break;
    }
    const gain = current - reached;
    if (!(gain > 0)) break;
    [values, current] = [next, reached];
    if (gain < TOLERANCE * Math.max(1, current)) break;
  }
  return weightsOf(values);
}

const weightsOf = ([scale, ...bias]: readonly number[]): PairWeights => ({ scale: scale!, bias });

/** Negative log-likelihood of the annotated labels. */
const lossOf = (units: readonly JudgedUnit[], weights: PairWeights): number =>
  units.reduce((sum, { unit, gold }) => {
    const { joint, back } = distributionOf(unit, weights);
    return sum - Math.log(Math.max(LEAST, joint[gold.forth * back.length + gold.back]!));
  }, 0);

/** Smaller probabilities count as this. */
const LEAST = 1e-300;

/**
 * Gradient and Hessian of the loss: expected less annotated features, and the features' covariance. A unit's features are its
 * logits' sum (place 0) and how often it has each label (places from 1 on).
 */
function derivatives(units: readonly JudgedUnit[], weights: PairWeights, size: number) {
  const gradient = new Float64Array(size);
  const curvature = Array.from({ length: size }, () => new Float64Array(size));
  for (const { unit, gold } of units) {
    const { forth, back } = unit;
    const { joint, forth: rows, back: columns } = distributionOf(unit, weights);
    const width = columns.length;
    const mean = new Float64Array(size);
    for (let a = 0; a < rows.length; a++) {
      const first = forth.labels[a]! + 1;
      for (let b = 0; b < width; b++) {
        const p = joint[a * width + b]!;
        if (p === 0) continue;
        const sum = forth.logits[a]! + (back ? back.logits[b]! : 0);
        mean[0]! += p * sum;
        mean[first]! += p;
        curvature[0]![0]! += p * sum * sum;
        curvature[0]![first]! += p * sum;
        curvature[first]![first]! += p;
        if (back === null) continue;
        const second = back.labels[b]! + 1;
        mean[second]! += p;
        curvature[0]![second]! += p * sum;
        curvature[second]![second]! += p;
        curvature[first]![second]! += p;
        curvature[second]![first]! += p;
      }
    }
    const places = [0, ...new Set([...forth.labels, ...(back?.labels ?? [])].map((label) => label + 1))];
    for (const i of places) {
      gradient[i]! += mean[i]!;
      for (const j of places) curvature[i]![j]! -= mean[i]! * mean[j]!;
    }
    gradient[0]! -= forth.logits[gold.forth]! + (back ? back.logits[gold.back]! : 0);
    gradient[forth.labels[gold.forth]! + 1]! -= 1;
    if (back) gradient[back.labels[gold.back]! + 1]! -= 1;
  }
  // Only the row of the logits was filled, not its column.
  for (let i = 1; i < size; i++) curvature[i]![0] = curvature[0]![i]!;
  return { gradient, curvature };
}

/** x of A x = b for a symmetric positive definite A, by Cholesky's decomposition. */
function solved(matrix: readonly Float64Array[], right: Float64Array): number[] {
  const size = right.length;
  const lower = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j]![j]!;
    }
  const half: number[] = [];
  for (let i = 0; i < size; i++) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i]![k]! * half[k]!;
    half.push(sum / lower[i]![i]!);
  }
  const x = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let sum = half[i]!;
    for (let k = i + 1; k < size; k++) sum -= lower[k]![i]! * x[k]!;
    x[i] = sum / lower[i]![i]!;
  }
  return x;
}
