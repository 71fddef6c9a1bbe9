import type { LabelledExample, LabelSet, Metrics, Prediction } from '../../base/core/types.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { expectedCalibrationError, reliabilityBins } from '../../base/eval/reliability.ts';
import type { Calibration } from '../../engine/runs/calibration.ts';
import { probabilitiesOf } from './answer.ts';
import { postprocessingOf } from './postprocessing.ts';
import { estimatePriors, type Priors, trainingPriorsOf } from './priors.ts';

/** Metrics of a model's answers under some class priors. */
export interface ShiftedMetrics extends Metrics {
  readonly priors: 'as trained' | 'given' | 'by EM';
  /** Expected calibration error on these rows. */
  readonly ece: number;
}

export interface PriorShift {
  readonly rows: readonly ShiftedMetrics[];
  /** The priors that EM found. */
  readonly estimated: Priors;
}

/**
 * Figures of calibrated answers under the priors of training, under given ones, and under those that EM estimates from the
 * answers alone, never from labels. Separate rows, since a validation set has the priors of training.
 *
 * @param predictions with the probabilities of the uncalibrated model
 * Errors: `usage` for a model without calibration, or priors that are none.
 */
export function priorShiftMetrics(
  model: string,
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
  labelSet: LabelSet,
  calibration: Calibration | null,
  given: Priors | null,
): PriorShift {
  const { labels } = labelSet;
  const answers = (priors: Priors | null): Prediction[] => {
    const post = postprocessingOf(model, labelSet, calibration, { priors });
    return predictions.map(({ guid, probabilities }, row) => {
      // The logarithms of a softmax are its logits but for a constant.
      const calibrated = probabilitiesOf(probabilities!.map(Math.log), examples[row]!, post);
      return { guid, predicted: labels[calibrated.indexOf(Math.max(...calibrated))]!, probabilities: calibrated };
    });
  };
  const figures = (priors: ShiftedMetrics['priors'], shifted: readonly Prediction[]): ShiftedMetrics => {
    const gold = examples.map(({ label }) => label);
    const judged = shifted.map(({ predicted, probabilities }, row) => ({
      confidence: Math.max(...probabilities!),
      isRight: predicted === gold[row],
    }));
    const ece = expectedCalibrationError(reliabilityBins(judged));
    return { priors, ...computeMetrics(gold, shifted, labelSet), ece };
  };
  const trained = answers(null);
  const estimated = estimatePriors(
    trained.map(({ probabilities }) => probabilities!),
    labels,
    trainingPriorsOf(model, calibration),
  );
  return {
    rows: [
      figures('as trained', trained),
      ...(given === null ? [] : [figures('given', answers(given))]),
      figures('by EM', answers(estimated)),
    ],
    estimated,
  };
}
