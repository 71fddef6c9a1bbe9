import { writeFigure } from '../../../base/charts/figure.ts';
import { trainingCurve } from '../../../base/charts/trainingCurve.ts';
import type { LogEntry } from '../../../engine/train/trainingLog.ts';

export const TRAINING_CURVE = 'training_curve';

/** Writes `training_curve` into a run's folder, in both languages; a validation within an epoch stands between the epochs. */
export async function writeTrainingCurve(
  folder: string,
  log: readonly LogEntry[],
  stepsPerEpoch: number,
): Promise<void> {
  const curve = {
    steps: log.flatMap((entry) => ('loss' in entry ? entry : [])),
    epochs: log.flatMap((entry) =>
      'validation' in entry ? { ...entry.validation, epoch: entry.step / stepsPerEpoch, step: entry.step } : [],
    ),
  };
  await writeFigure(folder, TRAINING_CURVE, (lang) => trainingCurve(curve, lang));
}
