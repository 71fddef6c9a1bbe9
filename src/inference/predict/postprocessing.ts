import { usageError } from '../../base/core/errors.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { CALIBRATION_FILE, type Calibration } from '../../engine/runs/calibration.ts';
import type { Postprocessing } from './answer.ts';

/** Class priors: the share of each label among the rows to come. */
export type Priors = Readonly<Record<string, number>>;

export interface PostprocessingOptions {
  /** Class priors of the rows to come, where they are not those of training. */
  readonly priors?: Priors | null | undefined;
  /** Whether to rule out relations that a type pair never had in training; as the calibration says without it. */
  readonly typeMask?: boolean | undefined;
}

/**
 * How a model's logits become answers. Without calibration: temperature 1, threshold 0, nothing ruled out.
 *
 * Errors: `usage` for priors of other labels, or where something is asked for that only a calibration knows.
 */
export function postprocessingOf(
  model: string,
  labelSet: LabelSet,
  calibration: Calibration | null,
  { priors = null, typeMask }: PostprocessingOptions = {},
): Postprocessing {
  const pairs = calibration?.training.type_pairs ?? null;
  if (typeMask === true && pairs === null)
    throw usageError(
      `The model ${model} does not know which relations a pair of entity types can have.`,
      'Leave the type mask off, or train the model again on rows with entity types.',
    );
  return {
    model,
    labelSet,
    temperature: calibration?.temperature ?? 1,
    thresholds: calibration?.thresholds ?? { default: 0, per_relation: {} },
    priorRatios: priors === null ? null : priorRatios(model, labelSet, calibration, priors),
    typePairs: (typeMask ?? calibration?.type_mask?.use ?? false) ? pairs : null,
  };
}

/** The class priors that a model learned. Errors: `usage` where it does not tell them. */
export function trainingPriorsOf(model: string, calibration: Calibration | null): Priors {
  if (calibration !== null) return calibration.training.priors;
  throw usageError(
    `The model ${model} does not tell the class priors that it was trained with.`,
    `Priors can be shifted for models with a ${CALIBRATION_FILE}, which \`korex train\` writes: train it again.`,
  );
}

/** How far the sum of priors may be from 1, for files with rounded figures. */
const SUM_TOLERANCE = 0.01;

/**
 * π′(y) / π(y) in label order (Saerens et al., 2002, "Adjusting the outputs of a classifier to new a priori
 * probabilities", equation 2.4). A label that training never had keeps what the model gives it.
 */
function priorRatios(model: string, { labels }: LabelSet, calibration: Calibration | null, priors: Priors): number[] {
  const training = trainingPriorsOf(model, calibration);
  const unknown = Object.keys(priors).filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw usageError(
      `The priors have labels that the model ${model} does not know: ${unknown.slice(0, 5).join(', ')}.`,
      `It knows ${labels.slice(0, 5).join(', ')}${labels.length > 5 ? ', …' : ''}.`,
    );
  const missing = labels.filter((label) => !Object.hasOwn(priors, label));
  if (missing.length > 0)
    throw usageError(
      `The priors lack ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? `, … (${missing.length} labels)` : ''}.`,
      'Give a share for every label of the model, 0 for those that cannot occur.',
    );
  const wrong = labels.find((label) => !(priors[label]! >= 0 && priors[label]! <= 1));
  if (wrong !== undefined)
    throw usageError(`The prior of ${wrong} is ${priors[wrong]}.`, 'Priors are shares from 0 to 1.');
  const sum = labels.reduce((total, label) => total + priors[label]!, 0);
  if (Math.abs(sum - 1) > SUM_TOLERANCE)
    throw usageError(`The priors add up to ${sum.toFixed(4)}.`, 'Shares of all labels add up to 1.');
  return labels.map((label) => {
    const trained = training[label] ?? 0;
    return trained > 0 ? priors[label]! / trained : 1;
  });
}
