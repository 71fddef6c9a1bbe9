import { existsSync } from 'node:fs';
import { z } from 'zod';
import { mean } from '../../../base/core/averages.ts';
import { openForwardPass } from '../../../engine/runtime/forwardPass.ts';
import { encoderName, openUntrainedModel } from '../encoderView.ts';
import type { StageContext } from '../stage.ts';
import { stageFile } from '../stageFile.ts';
import { SELECTION_FOLDER } from './selectionFile.ts';

/**
 * Speed on this machine. It has a file of its own beside the ranking and never enters it: the other figures of
 * stage 04 are the same everywhere.
 */
const measuredSpeedSchema = z.strictObject({
  encoder: z.string(),
  layers: z.number().int().positive(),
  device: z.string(),
  rows: z.number().int().positive(),
  batch: z.number().int().positive(),
  /** Mean tokens of a row, special tokens included. */
  tokens: z.number().positive(),
  seconds: z.number().positive(),
  rows_per_second: z.number().positive(),
});

export type MeasuredSpeed = z.infer<typeof measuredSpeedSchema>;

export const speedFile = stageFile('select', SELECTION_FOLDER, 'measured_speed.json', measuredSpeedSchema);

/** Null where nothing was measured. Errors: those of reading the file. */
export const readMeasuredSpeed = async (out: string): Promise<MeasuredSpeed | null> =>
  existsSync(speedFile.path(out)) ? speedFile.read(out) : null;

const ROWS = 64;

/** Times the forward pass of the encoder in use over test rows, after a first pass that warms it up. */
export async function measureSpeed(context: StageContext): Promise<MeasuredSpeed> {
  const { settings, dataset, signal } = context;
  const { spec, weights, inputs } = await openUntrainedModel(context);
  const rows = (dataset.test.length > 0 ? dataset.test : dataset.train).slice(0, ROWS).map(inputs.encode);
  const batchSize = Math.min(settings.evalBatchSize, rows.length);
  const forward = await openForwardPass(spec, weights, 'fixed', settings);
  try {
    await forward.run(rows.slice(0, batchSize), { batchSize, signal });
    const started = performance.now();
    await forward.run(rows, { batchSize, signal });
    const seconds = (performance.now() - started) / 1000;
    return {
      encoder: encoderName(settings),
      layers: spec.config.num_hidden_layers,
      device: settings.device,
      rows: rows.length,
      batch: batchSize,
      tokens: mean(rows.map(({ ids }) => ids.length)),
      seconds,
      rows_per_second: rows.length / seconds,
    };
  } finally {
    await forward.release();
  }
}
