import { usageError } from '../../base/core/errors.ts';
import { PAIR_ENCODINGS, type PairEncoding, type Precision } from '../../base/core/settings.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { VERSION } from '../../base/core/version.ts';
import { relationDescription } from '../../base/data/relations.ts';
import { MARKERS } from '../../base/text/markers.ts';
import { sharesPass } from '../../engine/nn/packedBatch.ts';
import type { TaskSpec } from '../../engine/nn/relationModel.ts';
import type { Calibration } from '../../engine/runs/calibration.ts';
import type { TextSetting } from '../../engine/runs/textSetting.ts';
import { type Aim, aimedThreshold } from './aim.ts';
import type { Postprocessing } from './answer.ts';
import { MAX_ENTITIES } from './api/limits.ts';
import { type Priors, priorRatios } from './priors.ts';
import type { ModelResponse } from './schema.ts';

export interface PostprocessingOptions {
  /** Class priors of the rows to come, where they are not those of training. */
  readonly priors?: Priors | null | undefined;
  /** Whether to rule out relations that a type pair never had in training; as the calibration says without it. */
  readonly typeMask?: boolean | undefined;
  /** The precision or recall wanted of the relations of a text, in the place of the threshold that the calibration chose. */
  readonly aim?: Aim | null | undefined;
}

/**
 * How a model's logits become answers. Without calibration: temperature 1, threshold 0, nothing ruled out.
 *
 * Errors: `usage` for priors of other labels, for an aim that no threshold reaches, or where something is asked for that only a
 * calibration knows.
 */
export function postprocessingOf(
  model: string,
  labelSet: LabelSet,
  calibration: Calibration | null,
  { priors = null, typeMask, aim = null }: PostprocessingOptions = {},
): Postprocessing {
  const pairs = calibration?.training.type_pairs ?? null;
  if (typeMask === true && pairs === null)
    throw usageError(
      {
        en: `The model ${model} does not know which relations a pair of entity types can have.`,
        ko: `모델 ${model}: 엔티티 유형의 쌍마다 어떤 관계가 있을 수 있는지 모른다.`,
      },
      {
        en: 'Leave the type mask off, or train the model again on rows with entity types.',
        ko: '유형 제약을 끄거나, 엔티티 유형이 있는 행으로 다시 학습한다.',
      },
    );
  const text = calibration?.text ?? null;
  const aimed = aim && aimedThreshold(model, text, aim);
  return {
    model,
    labelSet,
    temperature: calibration?.temperature ?? 1,
    thresholds: calibration?.thresholds ?? { default: 0, per_relation: {} },
    priorRatios: priors === null ? null : priorRatios(model, labelSet, calibration, priors),
    typePairs: (typeMask ?? calibration?.type_mask?.use ?? false) ? pairs : null,
    text: aim === null ? text : { ...text!, thresholds: { default: aimed!.threshold, per_relation: {} } },
  };
}

/**
 * What a model is and knows, as the API gives it.
 *
 * @param first how the pairs of texts are read where nothing is asked
 */
export function modelInfo(
  task: TaskSpec,
  post: Postprocessing,
  calibration: Calibration | null,
  precision: Precision,
  first: PairEncoding = 'inline',
): ModelResponse {
  const { labelSet, marker, entityTypes, maxLength, head, question } = task;
  return {
    id: post.model,
    version: VERSION,
    labels: labelSet.labels.map((relation, id) => ({
      id,
      relation,
      description: { ko: relationDescription(relation, 'ko'), en: relationDescription(relation, 'en') },
    })),
    no_relation: labelSet.noRelation,
    marker,
    needs_types: MARKERS[marker].typed,
    reads_question: question ?? false,
    pair_encodings: sharesPass(task) ? [first, ...PAIR_ENCODINGS.filter((each) => each !== first)] : ['inline'],
    entity_types: [...entityTypes],
    max_length: maxLength,
    head,
    precision,
    calibration: calibration && {
      temperature: calibration.temperature,
      ece_before: calibration.before.ece,
      ece_after: calibration.after.ece,
      rows: calibration.rows,
    },
    thresholds: { default: post.thresholds.default, per_relation: { ...post.thresholds.per_relation } },
    type_pairs: calibration?.training.type_pairs ?? null,
    type_mask: post.typePairs !== null,
    priors: post.priorRatios === null ? 'training' : 'given',
    max_entities: MAX_ENTITIES,
    text: post.text && textInfo(post.text),
  };
}

/** What is known of the answers to texts at the threshold in use: figures of the curve where it is another than the fitted one. */
function textInfo(text: TextSetting): NonNullable<ModelResponse['text']> {
  const { default: threshold } = text.thresholds;
  const { precision, recall } =
    text.curve.find((point) => Math.abs(point.threshold - threshold) < 1e-9) ?? text.measured;
  return { documents: text.documents, threshold, precision, recall, ece: text.measured.ece };
}
