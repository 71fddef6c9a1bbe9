import { usageError } from '../../base/core/errors.ts';
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
type Check = (plan: TrainingPlan, facts: PlanFacts) => readonly [string, string] | null;

const CHECKS: readonly Check[] = [
  (_, { trainLabels }) =>
    trainLabels.length === 0 ? ['There are no rows to train on.', 'Give more with --data or --train-rows.'] : null,

  ({ task }, { trainLabels }) =>
    task === 'relation' && new Set(trainLabels).size === 1
      ? [
          `All ${trainLabels.length} training rows have the label ${JSON.stringify(trainLabels[0])}: there is nothing to tell apart.`,
          'Give rows of at least two labels.',
        ]
      : null,

  ({ encoderLayers }, { config: { num_hidden_layers: layers } }) =>
    encoderLayers !== null && encoderLayers > layers
      ? [`--encoder-layers ${encoderLayers} is more than the encoder's ${layers} layers.`, `Use at most ${layers}.`]
      : null,

  ({ maxLength }, { config }) =>
    maxLength > maxPositions(config)
      ? [
          `--max-length ${maxLength} is more than the encoder's ${maxPositions(config)} positions.`,
          `Use at most ${maxPositions(config)}: longer sentences get a window around both entities.`,
        ]
      : null,

  ({ pairEncoding, head }) =>
    pairEncoding !== 'inline' && (head === 'tokens' || !readsMarkers(head))
      ? [
          `--pair-encoding ${pairEncoding} needs a head that reads the markers of a pair; ${head} reads what all pairs of a sentence have in common.`,
          'Take --head start-mean, start-cls or entity-start.',
        ]
      : null,

  ({ pairEncoding, question }) =>
    pairEncoding !== 'inline' && question
      ? [
          `--pair-encoding ${pairEncoding} cannot be combined with --question: a question is about one pair.`,
          'Leave one of them out.',
        ]
      : null,

  ({ freezeLayers, encoderLayers }, { config }) => {
    const layers = encoderLayers ?? config.num_hidden_layers;
    return freezeLayers > layers
      ? [`--freeze-layers ${freezeLayers} is more than the ${layers} layers in use.`, `${layers} freezes all of them.`]
      : null;
  },

  ({ loraRank, freezeLayers, layerDecay }) =>
    loraRank !== null && (freezeLayers > 0 || layerDecay < 1)
      ? [
          `--lora-rank cannot be combined with ${freezeLayers > 0 ? '--freeze-layers' : '--layer-decay'}.`,
          'LoRA leaves every encoder weight as it is and trains adapters in all layers: choose one of them.',
        ]
      : null,

  ({ loraRank }, { config: { hidden_size: width } }) =>
    loraRank !== null && loraRank > width
      ? [
          `--lora-rank ${loraRank} is more than the encoder's width of ${width}: such a matrix is not of low rank.`,
          'Usual ranks are 4 … 64.',
        ]
      : null,

  (plan, { trainLabels }) => {
    const { steps } = stepCount(plan, trainLabels);
    return plan.evalEvery !== null && plan.evalEvery > steps
      ? [`--eval-every ${plan.evalEvery} is more than the ${steps} steps of this training.`, `Use at most ${steps}.`]
      : null;
  },

  (plan) => {
    const measures = rareLabelMeasures(plan);
    return measures.length > 1
      ? [
          `${measures.join(' and ')} cannot be combined: each of them alone compensates for rare labels.`,
          'Choose one of them. Without --name, the study’s run with --loss weighted is trained too.',
        ]
      : null;
  },

  ({ patience }, { validationRows }) =>
    patience !== null && validationRows === 0
      ? ['--patience needs validation rows, and there are none.', 'Raise --validation, or give more rows.']
      : null,

  ({ augment }, { augmentedRows }) =>
    augment !== null && augmentedRows === 0
      ? [
          `--augment ${augment} makes no rows of these training rows.`,
          'inverse needs relations of KLUE with an inverse, delete and swap need words beside the entities, entity needs other entities of the same type: choose others.',
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
