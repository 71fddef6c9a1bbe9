import { join } from 'node:path';
import { writeFigure } from '../../charts/figure.ts';
import { reliabilityDiagram } from '../../charts/reliability.ts';
import { writeJson } from '../../core/files.ts';
import type { LabelledExample, LabelSet } from '../../core/types.ts';
import { CALIBRATION_FILE } from '../../predict/calibrationFile.ts';
import { fitCalibration } from '../../predict/fitCalibration.ts';
import { learnedRowWeights } from '../../train/learnedPriors.ts';
import type { TrainingPlan } from '../../train/plan.ts';

export const RELIABILITY_FIGURE = 'reliability_diagram';

/** A trained run with the logits of its best model on the validation rows. */
export interface TrainedRows {
  readonly plan: TrainingPlan;
  readonly rows: Readonly<Record<'train' | 'validation', readonly { readonly example: LabelledExample }[]>>;
  readonly labelSet: LabelSet;
  readonly logits: readonly Float32Array[];
}

/**
 * Fits the confidence of a run's best model on the validation rows: `best/calibration.json` and the reliability diagram.
 * Without validation rows there is nothing to fit, and the model answers uncalibrated.
 */
export async function calibrateRun(folder: string, { plan, rows, labelSet, logits }: TrainedRows): Promise<void> {
  if (rows.validation.length === 0) return;
  const training = rows.train.map(({ example }) => example);
  const calibration = fitCalibration({
    labelSet,
    training,
    rowWeights: learnedRowWeights(
      plan,
      training.map(({ label }) => label),
      labelSet.labels,
    ),
    validation: rows.validation.map(({ example }) => example),
    logits,
  });
  await writeJson(join(folder, 'best', CALIBRATION_FILE), calibration);
  await writeFigure(folder, RELIABILITY_FIGURE, (lang) => reliabilityDiagram(calibration, lang));
}
