import { basename } from 'node:path';
import type { LossName, Settings } from '../../core/settings.ts';
import type { TaskSpec } from '../../nn/relationModel.ts';
import type { TrainingPlan } from '../../train/plan.ts';
import { recipeEpochs, recipeOf } from '../../train/recipes.ts';

/** The plan of a run: the settings, with `auto` settled by the encoder's recipe. */
export function runPlan(
  settings: Settings,
  task: TaskSpec,
  loss: LossName,
  rows: { readonly train: readonly unknown[]; readonly digest: string },
): TrainingPlan {
  const recipe = recipeOf(settings.encoder);
  const settled = <T>(value: T | 'auto', fallback: T): T => (value === 'auto' ? fallback : value);
  return {
    encoder: basename(settings.encoder),
    encoderLayers: settled<number | null>(settings.encoderLayers, recipe.layers),
    marker: task.marker,
    head: task.head,
    loss,
    maxLength: task.maxLength,
    epochs: settled(settings.epochs, recipeEpochs(recipe, rows.train.length)),
    batchSize: settled(settings.batchSize, recipe.batchSize),
    lr: settled(settings.lr, recipe.lr),
    schedule: settings.schedule,
    warmup: settings.warmup,
    weightDecay: settings.weightDecay,
    clip: settings.clip,
    dropout: settled<number | null>(settings.dropout, null),
    accumulate: settings.accumulate,
    validation: settings.validation,
    seed: settings.seed,
    data: rows.digest,
  };
}
