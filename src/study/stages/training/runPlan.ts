import type { LossName, Settings } from '../../../base/core/settings.ts';
import { RECIPE_SETTINGS, type TrainingPlan } from '../../../engine/runs/plan.ts';
import type { RunFacts } from '../../../engine/runs/summary.ts';
import { augmentationsOf } from '../../../engine/train/augment/rows.ts';
import { pretrainRate } from '../../../engine/train/pretrainPlan.ts';
import { LORA_RATE_FACTOR, recipeEpochs, recipeOf } from '../../../engine/train/recipes.ts';
import { encoderName } from '../encoderView.ts';
import type { PreparedRows } from './rows.ts';

/**
 * The plan of a run: the settings, with `auto` settled by the encoder's recipe.
 *
 * @param teachers what identifies the teachers; null without any
 */
export function runPlan(
  settings: Settings,
  task: Pick<TrainingPlan, 'marker' | 'head' | 'maxLength'>,
  loss: LossName,
  rows: Pick<PreparedRows, 'given' | 'digest'>,
  teachers: string | null = null,
): TrainingPlan {
  const { loraRank, augment, taptEpochs } = settings;
  const recipe = recipeOf(settings.encoder);
  const settled = <T>(value: T | 'auto', fallback: T): T => (value === 'auto' ? fallback : value);
  return {
    task: 'relation',
    encoder: encoderName(settings),
    encoderLayers: settled<number | null>(settings.encoderLayers, recipe.layers),
    marker: task.marker,
    head: task.head,
    loss,
    maxLength: task.maxLength,
    epochs: settled(settings.epochs, recipeEpochs(recipe, rows.given)),
    batchSize: settled(settings.batchSize, recipe.batchSize),
    lr: settled(settings.lr, loraRank === null ? recipe.lr : recipe.lr * LORA_RATE_FACTOR),
    schedule: settings.schedule,
    warmup: settings.warmup,
    weightDecay: settings.weightDecay,
    clip: settings.clip,
    dropout: settled<number | null>(settings.dropout, null),
    accumulate: settings.accumulate,
    question: settings.question,
    pairEncoding: settings.pairEncoding,
    augment: augment === null ? null : augmentationsOf(augment).join(','),
    augmentShare: augment === null ? null : settings.augmentShare,
    augmentWeight: augment === null ? null : settings.augmentWeight,
    textWeight: settings.textData === null ? null : settings.textWeight,
    textOrder: settings.textData === null ? null : settings.textOrder,
    freezeLayers: settings.freezeLayers,
    layerDecay: settings.layerDecay,
    loraRank,
    loraAlpha: loraRank === null ? null : settled(settings.loraAlpha, 2 * loraRank),
    loraTargets: loraRank === null ? null : settings.loraTargets,
    focalGamma: loss === 'focal' ? settings.focalGamma : null,
    effectiveBeta: loss === 'effective' ? settings.effectiveBeta : null,
    labelSmoothing: settings.labelSmoothing,
    logitAdjust: settings.logitAdjust,
    sampling: settings.sampling,
    ema: settings.ema,
    evalEvery: settings.evalEvery,
    bestMetric: settings.bestMetric,
    patience: settings.patience,
    taptEpochs,
    taptLr: taptEpochs === 0 ? null : settled(settings.taptLr, pretrainRate(settings.encoder)),
    // Of the study, not of one run: runs with other training seeds share the pretrained encoder.
    taptSeed: taptEpochs === 0 ? null : settings.seed,
    teachers,
    distillWeight: teachers === null ? null : settings.distillWeight,
    distillTemperature: teachers === null ? null : settings.distillTemperature,
    validation: settings.validation,
    seed: settings.trainingSeed ?? settings.seed,
    data: rows.digest,
  };
}

/** How a run came by its hyper-parameters. */
export const choiceOf = (settings: Settings): NonNullable<RunFacts['choice']> => ({
  recipe: recipeOf(settings.encoder).reason,
  given: RECIPE_SETTINGS.filter((name) => settings[name] !== 'auto'),
});
