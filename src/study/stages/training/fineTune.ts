import type { Prediction } from '../../../base/core/types.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { lossText } from '../../../engine/runs/plan.ts';
import { type TrainedRun, type TrainingJob, trainRun } from '../../../engine/train/trainRun.ts';
import { openClassifier } from '../../../inference/predict/classifier.ts';
import type { StageContext } from '../stage.ts';
import type { PreparedRows } from './preparedRows.ts';

/** A run to train, all of it settled: what stage 06 and experiments have in common. */
export interface FineTuning extends Pick<TrainingJob, 'folder' | 'plan' | 'start' | 'resume'> {
  readonly name: string;
  readonly rows: PreparedRows;
}

/** Trains a run, or goes on with it. Errors: those of `trainRun`. */
export function fineTune(
  { settings, reporter, signal }: Pick<StageContext, 'settings' | 'reporter' | 'signal'>,
  { name, folder, plan, rows, start, resume }: FineTuning,
): Promise<TrainedRun> {
  reporter.info(
    `run ${name}: ${rows.train.length} rows, ${plan.epochs} epochs, batch size ${plan.batchSize}, lr ${plan.lr}, marker ${plan.marker}, head ${plan.head}, loss ${lossText(plan)}${plan.sampling === 'none' ? '' : `, sampling ${plan.sampling}`}${plan.ema === 0 ? '' : `, weights averaged (${plan.ema})`}`,
  );
  return trainRun({ folder, plan, rows, options: settings, start, resume, reporter, signal });
}

/** What a run's best model says of the test rows and of the validation rows. */
export async function finalAnswers(
  { settings, dataset, reporter, signal }: Pick<StageContext, 'settings' | 'dataset' | 'reporter' | 'signal'>,
  name: string,
  model: RelationModel,
  { validation }: Pick<PreparedRows, 'validation'>,
): Promise<{ predictions: readonly Prediction[]; validationLogits: readonly Float32Array[] }> {
  const classifier = await openClassifier(model, settings);
  const bar = reporter.progress(`evaluate ${name}`, dataset.test.length, 'rows');
  const onProgress = (done: number) => bar.update(done);
  try {
    const predictions = await classifier.predict(dataset.test, {
      batchSize: settings.evalBatchSize,
      signal,
      onProgress,
    });
    const encoded = validation.map((row) => row.encoded);
    return {
      predictions,
      validationLogits: await classifier.logits(encoded, { batchSize: settings.evalBatchSize, signal }),
    };
  } finally {
    bar.end();
    await classifier.release();
  }
}
