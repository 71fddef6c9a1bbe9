import type { LabelledExample, LabelSet } from '../../base/core/types.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { expectedCalibrationError, type Judged, reliabilityBins } from '../../base/eval/reliability.ts';
import type { Calibration, Reliability } from '../../engine/runs/calibration.ts';
import { probabilitiesOf, type TypePair, typePairsOf } from './answer.ts';

export interface CalibrationInput {
  readonly labelSet: LabelSet;
  readonly training: readonly LabelledExample[];
  /** How many times a row of each label counts in the class priors that the model learned, in label order. */
  readonly rowWeights: readonly number[];
  readonly validation: readonly LabelledExample[];
  /** The model's logits on the validation rows. */
  readonly logits: readonly ArrayLike<number>[];
}

/**
 * What validation rows say of a model's confidence: the temperature, whether a type mask helps, and the thresholds.
 *
 * The mask is on where it makes micro-F1 on the validation rows higher and accuracy not lower; it knows the training rows
 * alone, so a relation that is new to a type pair counts against it.
 */
export function fitCalibration({ labelSet, training, rowWeights, validation, logits }: CalibrationInput): Calibration {
  const { labels } = labelSet;
  const labelIds = validation.map(({ label }) => labels.indexOf(label));
  const temperature = fitTemperature(logits, labelIds);
  const typePairs = typePairsOf(training, labelSet);
  const answers = (pairs: readonly TypePair[] | null, T = temperature) =>
    validation.map((row, i) =>
      answer(
        probabilitiesOf(logits[i]!, row, { labelSet, temperature: T, priorRatios: null, typePairs: pairs }),
        labels,
      ),
    );
  const reliability = (T: number): Reliability => {
    const bins = reliabilityBins(judged(answers(null, T), validation));
    return { nll: meanNll(logits, labelIds, T), ece: expectedCalibrationError(bins), bins };
  };
  const figures = (pairs: readonly TypePair[] | null) => {
    const predictions = answers(pairs).map(({ relation }, i) => ({
      guid: validation[i]!.guid,
      predicted: relation,
      probabilities: null,
    }));
    const gold = validation.map(({ label }) => label);
    const { accuracy, macro_f1, micro_f1 } = computeMetrics(gold, predictions, labelSet);
    return { accuracy, macro_f1, micro_f1 };
  };
  const [without, masked] = [figures(null), typePairs && figures(typePairs)];
  const use = masked !== null && masked.micro_f1 > without.micro_f1 && masked.accuracy >= without.accuracy;
  return {
    rows: validation.length,
    temperature,
    before: reliability(1),
    after: reliability(temperature),
    thresholds: fitThresholds(judged(answers(use ? typePairs : null), validation)),
    training: {
      rows: training.length,
      priors: weightedPriors(training, rowWeights, labels),
      type_pairs: typePairs?.map((pair) => ({ ...pair, relations: [...pair.relations] })) ?? null,
    },
    type_mask: masked && { use, without, with: masked },
    text: null,
  };
}

const answer = (probabilities: readonly number[], labels: readonly string[]) => {
  const confidence = Math.max(...probabilities);
  return { relation: labels[probabilities.indexOf(confidence)]!, confidence };
};

const judged = (
  answers: readonly { readonly relation: string; readonly confidence: number }[],
  rows: readonly LabelledExample[],
) => answers.map((row, i) => ({ ...row, isRight: row.relation === rows[i]!.label }));

/**
 * The class priors that a model learned: with class weights in its loss, say, it estimates p(y|x) as if each label's rows
 * were as many times more.
 */
function weightedPriors(
  rows: readonly LabelledExample[],
  weights: readonly number[],
  labels: readonly string[],
): Record<string, number> {
  const mass = labels.map((label, id) => weights[id]! * rows.filter((row) => row.label === label).length);
  const total = mass.reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(labels.map((label, id) => [label, mass[id]! / total]));
}

// The temperature.

/** log softmax(logits / T)[label], in double precision. */
export function logProbability(logits: ArrayLike<number>, label: number, temperature: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) largest = Math.max(largest, logits[id]! / temperature);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id]! / temperature - largest);
  return logits[label]! / temperature - largest - Math.log(sum);
}

/** Mean negative log-likelihood of the labels at a temperature. */
export function meanNll(
  logits: readonly ArrayLike<number>[],
  labelIds: readonly number[],
  temperature: number,
): number {
  const total = labelIds.reduce((sum, label, row) => sum - logProbability(logits[row]!, label, temperature), 0);
  return total / labelIds.length;
}

/** Temperatures looked at; a fit at an end says that the rows cannot tell. */
const RANGE = [0.05, 20] as const;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const LOG_TOLERANCE = 1e-6;

/**
 * The temperature that minimises the negative log-likelihood (temperature scaling, Guo et al., 2017, arXiv:1706.04599),
 * by golden-section search over log T: the likelihood is convex in 1/T, so it has one minimum.
 *
 * @param logits (rows, labels)
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], labelIds: readonly number[]): number {
  const loss = (log: number) => meanNll(logits, labelIds, Math.exp(log));
  let [low, high] = [Math.log(RANGE[0]), Math.log(RANGE[1])];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  while (high - low > LOG_TOLERANCE) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}

// The thresholds.

/** An answer with the relation that it names. */
export interface Answered extends Judged {
  readonly relation: string;
}

/**
 * What "uncertain" costs where a wrong answer costs 1 (Chow, 1970, "On optimum recognition error and reject tradeoff"): half, so
 * that an answer is given where it is more likely right than wrong. With calibrated confidences that is a threshold of ½.
 */
export const UNCERTAIN_COST = 0.5;
/** Answers that a relation needs on the validation rows to have a threshold of its own. */
export const MIN_SUPPORT = 30;
const FOLDS = 5;
/** Coarse, so that little can be overfitted. */
const GRID = Array.from({ length: 20 }, (_, i) => i / 20);

/** Mean cost of a threshold: 1 for each wrong answer that is given, `UNCERTAIN_COST` for each that is not. */
export const chowRisk = (rows: readonly Judged[], threshold: number): number =>
  rows.reduce((sum, { confidence, isRight }) => sum + (confidence < threshold ? UNCERTAIN_COST : isRight ? 0 : 1), 0) /
  Math.max(1, rows.length);

/** The threshold of the grid with the lowest risk; of equal ones the one closest to ½. */
export function bestThreshold(rows: readonly Judged[]): number {
  let best = { threshold: UNCERTAIN_COST, risk: chowRisk(rows, UNCERTAIN_COST) };
  for (const threshold of GRID) {
    const risk = chowRisk(rows, threshold);
    const isCloser = Math.abs(threshold - UNCERTAIN_COST) < Math.abs(best.threshold - UNCERTAIN_COST);
    if (risk < best.risk - 1e-12 || (risk <= best.risk + 1e-12 && isCloser)) best = { threshold, risk };
  }
  return best.threshold;
}

/**
 * Thresholds from validation rows: one for all relations, and one of its own for a relation that has the support and gains
 * by it on rows that its threshold was not fitted on (five folds).
 */
export function fitThresholds(rows: readonly Answered[]): { default: number; per_relation: Record<string, number> } {
  const common = bestThreshold(rows);
  const own: Record<string, number> = {};
  for (const relation of [...new Set(rows.map((row) => row.relation))].sort()) {
    const members = rows.filter((row) => row.relation === relation);
    if (members.length < MIN_SUPPORT || crossRisk(members) >= chowRisk(members, common)) continue;
    own[relation] = bestThreshold(members);
  }
  return { default: common, per_relation: own };
}

/** Risk of rows at thresholds that were fitted without them. */
function crossRisk(rows: readonly Judged[]): number {
  let total = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = rows.filter((_, i) => i % FOLDS === fold);
    total += held.length * chowRisk(held, bestThreshold(rows.filter((_, i) => i % FOLDS !== fold)));
  }
  return total / rows.length;
}
