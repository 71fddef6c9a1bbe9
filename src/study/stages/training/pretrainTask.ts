import { checkMemory, machineMemory } from '../../../engine/train/memoryEstimate.ts';
import { PRETRAIN_DEFAULTS, pretrainRate } from '../../../engine/train/pretrainPlan.ts';
import type { PretrainResult } from '../../../engine/train/pretrainRun.ts';
import { recipeOf } from '../../../engine/train/recipes.ts';
import type { StageContext } from '../stage.ts';
import { pretrainingMemory, readRows } from './prepareRuns.ts';
import { preparePretraining, runPretraining } from './pretraining.ts';

/**
 * Pretrains the encoder of the settings on the training sentences and writes it into a folder: `korex pretrain`. The same as
 * before a training with `taptEpochs`, but with the settings' own epochs, rate and batch size.
 *
 * Errors: `usage` for rows or an encoder that it cannot be done with; those of `pretrainRun`.
 */
export async function pretrainTask(folder: string, context: StageContext): Promise<PretrainResult> {
  const { settings, dataset, reporter } = context;
  const { view, task, inputs, rows } = await readRows(context);
  const { encoder, seed, weightDecay, clip } = settings;
  const settled = <T>(value: T | 'auto', fallback: T): T => (value === 'auto' ? fallback : value);
  const choice = {
    layers: settled<number | null>(settings.encoderLayers, recipeOf(encoder).layers),
    epochs: settled(settings.epochs, PRETRAIN_DEFAULTS.epochs),
    batchSize: settled(settings.batchSize, PRETRAIN_DEFAULTS.batchSize),
    lr: settled(settings.lr, pretrainRate(encoder)),
    dropout: settled<number | null>(settings.dropout, null),
    ...{ weightDecay, clip, seed },
  };
  const pretraining = await preparePretraining({ settings, task, inputs, rows, test: dataset.test }, choice);
  if (settings.device === 'cpu')
    checkMemory(pretrainingMemory(pretraining, view, inputs.tokenizer.size), machineMemory(), reporter);
  return runPretraining(folder, pretraining, context, settings.force);
}
