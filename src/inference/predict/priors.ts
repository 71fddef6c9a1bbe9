import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { readValidated } from '../../base/core/validate.ts';
import { CALIBRATION_FILE, type Calibration } from '../../engine/runs/calibration.ts';

/** Class priors: the share of each label among the rows to come. */
export type Priors = Readonly<Record<string, number>>;

/** Class priors of a JSON file: label → share. Errors: `usage` for a file that is none. */
export const readPriors = (path: string): Promise<Priors> =>
  readValidated(path, z.record(z.string(), z.number()), {
    says: { en: 'holds no class priors', ko: '라벨 비율이 아니다' },
    hint: {
      en: 'Write a JSON object with a share for every label, e.g. {"no_relation": 0.6, "per:title": 0.1, …}.',
      ko: '모든 라벨의 비율을 JSON 객체로 쓴다. 예: {"no_relation": 0.6, "per:title": 0.1, …}.',
    },
  });

/** The class priors that a model learned. Errors: `usage` where they are not known. */
export function trainingPriorsOf(model: string, calibration: Calibration | null): Priors {
  if (calibration !== null) return calibration.training.priors;
  throw usageError(
    {
      en: `The class priors that the model ${model} was trained with are not known.`,
      ko: `모델 ${model}: 학습한 라벨 비율을 알 수 없다.`,
    },
    {
      en: `Priors can be shifted for models with a ${CALIBRATION_FILE}, which \`korex train\` writes: train it again.`,
      ko: `라벨 비율은 \`korex train\`이 쓰는 ${CALIBRATION_FILE}이(가) 있는 모델에서만 옮길 수 있다. 다시 학습한다.`,
    },
  );
}

/** How far the sum of priors may be from 1, for files with rounded figures. */
const SUM_TOLERANCE = 0.01;

/**
 * π′(y) / π(y) in label order (Saerens et al., 2002, "Adjusting the outputs of a classifier to new a priori
 * probabilities", equation 2.4). A label that training never had keeps what the model gives it.
 */
export function priorRatios(
  model: string,
  { labels }: LabelSet,
  calibration: Calibration | null,
  priors: Priors,
): number[] {
  const training = trainingPriorsOf(model, calibration);
  const unknown = Object.keys(priors).filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw usageError(
      {
        en: `The priors have labels that the model ${model} does not know: ${unknown.slice(0, 5).join(', ')}.`,
        ko: `라벨 비율에 모델 ${model}이(가) 모르는 라벨이 있다: ${unknown.slice(0, 5).join(', ')}.`,
      },
      {
        en: `It knows ${labels.slice(0, 5).join(', ')}${labels.length > 5 ? ', …' : ''}.`,
        ko: `아는 것: ${labels.slice(0, 5).join(', ')}${labels.length > 5 ? ', …' : ''}.`,
      },
    );
  const missing = labels.filter((label) => !Object.hasOwn(priors, label));
  if (missing.length > 0)
    throw usageError(
      {
        en: `The priors lack ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? `, … (${missing.length} labels)` : ''}.`,
        ko: `라벨 비율에 빠진 라벨: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? `, … (라벨 ${missing.length}개)` : ''}.`,
      },
      {
        en: 'Give a share for every label of the model, 0 for those that cannot occur.',
        ko: '모델의 모든 라벨에 비율을 준다. 나올 수 없는 것은 0이다.',
      },
    );
  const wrong = labels.find((label) => !(priors[label]! >= 0 && priors[label]! <= 1));
  if (wrong !== undefined)
    throw usageError(
      { en: `The prior of ${wrong} is ${priors[wrong]}.`, ko: `${wrong}의 비율이 ${priors[wrong]}이다.` },
      { en: 'Priors are shares from 0 to 1.', ko: '비율은 0부터 1까지의 수이다.' },
    );
  const sum = labels.reduce((total, label) => total + priors[label]!, 0);
  if (Math.abs(sum - 1) > SUM_TOLERANCE)
    throw usageError(
      { en: `The priors add up to ${sum.toFixed(4)}.`, ko: `라벨 비율을 더하면 ${sum.toFixed(4)}이다.` },
      { en: 'Shares of all labels add up to 1.', ko: '모든 라벨의 비율을 더하면 1이어야 한다.' },
    );
  return labels.map((label) => {
    const trained = training[label] ?? 0;
    return trained > 0 ? priors[label]! / trained : 1;
  });
}

const MAX_STEPS = 1_000;
const TOLERANCE = 1e-8;

/**
 * Class priors of unlabelled rows by expectation–maximisation (Saerens et al., 2002, "Adjusting the outputs of a
 * classifier to new a priori probabilities", equation 2.9): shift the probabilities to the priors, take their mean as the
 * new priors, until nothing changes. Labels that training never had stay at 0.
 *
 * @param probabilities (rows, labels) as the model gives them under its training priors
 */
export function estimatePriors(
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
  training: Priors,
): Priors {
  const trained = labels.map((label) => training[label] ?? 0);
  let priors = trained;
  for (let step = 0; step < MAX_STEPS && probabilities.length > 0; step++) {
    const ratios = priors.map((prior, id) => (trained[id]! > 0 ? prior / trained[id]! : 0));
    const sums = new Array<number>(labels.length).fill(0);
    for (const row of probabilities) {
      const total = row.reduce((sum, p, id) => sum + p * ratios[id]!, 0);
      if (total > 0) for (const [id, p] of row.entries()) sums[id]! += (p * ratios[id]!) / total;
    }
    const mass = sums.reduce((sum, value) => sum + value, 0);
    const next = sums.map((sum) => sum / mass);
    const change = Math.max(...next.map((prior, id) => Math.abs(prior - priors[id]!)));
    priors = next;
    if (change < TOLERANCE) break;
  }
  return Object.fromEntries(labels.map((label, id) => [label, priors[id]!]));
}
