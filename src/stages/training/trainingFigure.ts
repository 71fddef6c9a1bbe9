import { writeFigure } from '../../charts/figure.ts';
import { trainingCurve } from '../../charts/trainingCurve.ts';
import type { LogEntry } from '../../train/trainingLog.ts';

export const TRAINING_CURVE = 'training_curve';

/** Writes `training_curve` into a run's folder, in both languages. */
export async function writeTrainingCurve(folder: string, log: readonly LogEntry[]): Promise<void> {
  const curve = {
    steps: log.flatMap((entry) => ('loss' in entry ? entry : [])),
    epochs: log.flatMap((entry) =>
      'validation' in entry ? { epoch: entry.epoch, step: entry.step, ...entry.validation } : [],
    ),
  };
  await writeFigure(folder, TRAINING_CURVE, (lang) => trainingCurve(curve, lang));
}
