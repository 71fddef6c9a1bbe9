import { usageError } from '../../base/core/errors.ts';
import type { Localized } from '../../base/core/types.ts';
import { type EncoderConfig, maxPositions } from '../nn/encoderConfig.ts';
import { readsMarkers } from '../nn/packedBatch.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { weighsLabels } from './objective.ts';
import { stepCount } from './sampling.ts';

/** What a plan is held against, all known before any weight is read. */
export interface PlanFacts {
  /** The encoder's own configuration, with all its layers. */
  readonly config: EncoderConfig;
  /** Of the training rows. */
  readonly trainLabels: readonly string[];
  readonly validationRows: number;
  /** How many of the training rows were made from others. */
  readonly augmentedRows: number;
}

/** A check: what is wrong with a plan and how to correct it; null where nothing is. */
type Check = (plan: TrainingPlan, facts: PlanFacts) => readonly [Localized, Localized] | null;

const CHECKS: readonly Check[] = [
  (_, { trainLabels }) =>
    trainLabels.length === 0
      ? [
          { en: 'There are no rows to train on.', ko: '학습할 행이 없다.' },
          { en: 'Give more with --data or --train-rows.', ko: '--data나 --train-rows로 더 준다.' },
        ]
      : null,

  ({ task }, { trainLabels }) =>
    task === 'relation' && new Set(trainLabels).size === 1
      ? [
          {
            en: `All ${trainLabels.length} training rows have the label ${JSON.stringify(trainLabels[0])}: there is nothing to tell apart.`,
            ko: `학습 행 ${trainLabels.length}개의 라벨이 모두 ${JSON.stringify(trainLabels[0])}이어서 구별할 것이 없다.`,
          },
          { en: 'Give rows of at least two labels.', ko: '라벨이 둘 이상인 행을 준다.' },
        ]
      : null,

  ({ encoderLayers }, { config: { num_hidden_layers: layers } }) =>
    encoderLayers !== null && encoderLayers > layers
      ? [
          {
            en: `--encoder-layers ${encoderLayers} is more than the encoder's ${layers} layers.`,
            ko: `--encoder-layers ${encoderLayers}: 인코더는 ${layers}층이다.`,
          },
          { en: `Use at most ${layers}.`, ko: `${layers} 이하로 한다.` },
        ]
      : null,

  ({ maxLength }, { config }) =>
    maxLength > maxPositions(config)
      ? [
          {
            en: `--max-length ${maxLength} is more than the encoder's ${maxPositions(config)} positions.`,
            ko: `--max-length ${maxLength}: 인코더의 위치는 ${maxPositions(config)}개이다.`,
          },
          {
            en: `Use at most ${maxPositions(config)}: longer sentences get a window around both entities.`,
            ko: `${maxPositions(config)} 이하로 한다. 더 긴 문장은 두 엔티티 둘레만 읽는다.`,
          },
        ]
      : null,

  ({ pairEncoding, head }) =>
    pairEncoding !== 'inline' && (head === 'tokens' || !readsMarkers(head))
      ? [
          {
            en: `--pair-encoding ${pairEncoding} needs a head that reads the markers of a pair; ${head} reads what all pairs of a sentence have in common.`,
            ko: `--pair-encoding ${pairEncoding}: 쌍의 마커를 읽는 헤드가 필요한데, ${head}는 문장의 모든 쌍에 공통된 것을 읽는다.`,
          },
          {
            en: 'Take --head start-mean, start-cls or entity-start.',
            ko: '--head start-mean, start-cls, entity-start 가운데 하나를 쓴다.',
          },
        ]
      : null,

  ({ pairEncoding, question }) =>
    pairEncoding !== 'inline' && question
      ? [
          {
            en: `--pair-encoding ${pairEncoding} cannot be combined with --question: a question is about one pair.`,
            ko: `--pair-encoding ${pairEncoding}: 질문은 한 쌍에 대한 것이어서 --question과 함께 쓸 수 없다.`,
          },
          { en: 'Leave one of them out.', ko: '둘 가운데 하나를 뺀다.' },
        ]
      : null,

  ({ freezeLayers, encoderLayers }, { config }) => {
    const layers = encoderLayers ?? config.num_hidden_layers;
    return freezeLayers > layers
      ? [
          {
            en: `--freeze-layers ${freezeLayers} is more than the ${layers} layers in use.`,
            ko: `--freeze-layers ${freezeLayers}: 쓰는 층은 ${layers}개이다.`,
          },
          { en: `${layers} freezes all of them.`, ko: `${layers}이면 모두 고정한다.` },
        ]
      : null;
  },

  ({ loraRank, freezeLayers, layerDecay }) =>
    loraRank !== null && (freezeLayers > 0 || layerDecay < 1)
      ? [
          {
            en: `--lora-rank cannot be combined with ${freezeLayers > 0 ? '--freeze-layers' : '--layer-decay'}.`,
            ko: `--lora-rank는 ${freezeLayers > 0 ? '--freeze-layers' : '--layer-decay'}와 함께 쓸 수 없다.`,
          },
          {
            en: 'LoRA leaves every encoder weight as it is and trains adapters in all layers: choose one of them.',
            ko: 'LoRA는 인코더의 가중치를 그대로 두고 모든 층에서 어댑터를 학습한다. 둘 가운데 하나를 고른다.',
          },
        ]
      : null,

  ({ loraRank }, { config: { hidden_size: width } }) =>
    loraRank !== null && loraRank > width
      ? [
          {
            en: `--lora-rank ${loraRank} is more than the encoder's width of ${width}: such a matrix is not of low rank.`,
            ko: `--lora-rank ${loraRank}: 인코더의 너비 ${width}보다 커서 낮은 계수의 행렬이 아니다.`,
          },
          { en: 'Usual ranks are 4 … 64.', ko: '흔히 4부터 64까지를 쓴다.' },
        ]
      : null,

  (plan, { trainLabels }) => {
    const { steps } = stepCount(plan, trainLabels);
    return plan.evalEvery !== null && plan.evalEvery > steps
      ? [
          {
            en: `--eval-every ${plan.evalEvery} is more than the ${steps} steps of this training.`,
            ko: `--eval-every ${plan.evalEvery}: 이 학습은 ${steps}스텝이다.`,
          },
          { en: `Use at most ${steps}.`, ko: `${steps} 이하로 한다.` },
        ]
      : null;
  },

  (plan) => {
    const measures = rareLabelMeasures(plan);
    return measures.length > 1
      ? [
          {
            en: `${measures.join(' and ')} cannot be combined: each of them alone compensates for rare labels.`,
            ko: `${measures.join(', ')}: 저마다 드문 라벨을 보정하므로 함께 쓸 수 없다.`,
          },
          {
            en: 'Choose one of them. Without --name, the study’s run with --loss weighted is trained too.',
            ko: '하나를 고른다. --name이 없으면 연구의 --loss weighted 학습도 함께 돈다.',
          },
        ]
      : null;
  },

  ({ patience }, { validationRows }) =>
    patience !== null && validationRows === 0
      ? [
          {
            en: '--patience needs validation rows, and there are none.',
            ko: '--patience에는 검증 행이 필요한데 하나도 없다.',
          },
          { en: 'Raise --validation, or give more rows.', ko: '--validation을 늘리거나 행을 더 준다.' },
        ]
      : null,

  ({ augment }, { augmentedRows }) =>
    augment !== null && augmentedRows === 0
      ? [
          {
            en: `--augment ${augment} makes no rows of these training rows.`,
            ko: `--augment ${augment}: 이 학습 행에서는 만들 수 있는 행이 없다.`,
          },
          {
            en: 'inverse needs relations of KLUE with an inverse, delete and swap need words beside the entities, entity needs other entities of the same type: choose others.',
            ko: 'inverse에는 역관계가 있는 KLUE의 관계가, delete와 swap에는 엔티티 밖의 단어가, entity에는 유형이 같은 다른 엔티티가 있어야 한다. 다른 것을 고른다.',
          },
        ]
      : null,
];

/** Settings of a plan that compensate for rare labels: two of them would do so twice. */
const rareLabelMeasures = ({ loss, logitAdjust, sampling }: TrainingPlan): string[] => [
  ...(weighsLabels(loss) ? [`--loss ${loss}`] : []),
  ...(logitAdjust > 0 ? [`--logit-adjust ${logitAdjust}`] : []),
  ...(sampling === 'none' ? [] : [`--sampling ${sampling}`]),
];

/** Holds a plan against encoder and rows. Errors: `usage` for the first thing that cannot be. */
export function checkPlan(plan: TrainingPlan, facts: PlanFacts): void {
  for (const check of CHECKS) {
    const problem = check(plan, facts);
    if (problem) throw usageError(...problem);
  }
}
