import type { LabelledExample, LabelSet } from '../../base/core/types.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { expectedCalibrationError, reliabilityBins } from '../../base/eval/reliability.ts';
import type { Calibration, Reliability } from '../../engine/runs/calibration.ts';
import { probabilitiesOf, type TypePair } from './answer.ts';
import { fitTemperature, meanNll } from './temperature.ts';
import { fitThresholds } from './thresholdFit.ts';
import { typePairsOf } from './typePairs.ts';

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
