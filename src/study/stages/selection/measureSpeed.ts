import { openForwardPass } from '../../../engine/runtime/forwardPass.ts';
import { encoderName } from '../encoderView.ts';
import type { StageContext } from '../stage.ts';
import { openUntrainedModel } from '../untrainedModel.ts';
import type { MeasuredSpeed } from './measuredSpeed.ts';

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
      tokens: rows.reduce((sum, { ids }) => sum + ids.length, 0) / rows.length,
      seconds,
      rows_per_second: rows.length / seconds,
    };
  } finally {
    await forward.release();
  }
}
