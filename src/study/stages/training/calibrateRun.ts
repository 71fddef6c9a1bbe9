import { join } from 'node:path';
import { writeFigure } from '../../../base/charts/figure.ts';
import { reliabilityDiagram } from '../../../base/charts/reliability.ts';
import { writeJson } from '../../../base/core/files.ts';
import type { LabelledExample, LabelSet } from '../../../base/core/types.ts';
import { CALIBRATION_FILE } from '../../../engine/runs/calibration.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { bestFolder, RUN_FIGURES } from '../../../engine/runs/runFolder.ts';
import { learnedRowWeights } from '../../../engine/train/objective.ts';
import { fitCalibration } from '../../../inference/predict/fitCalibration.ts';

/** A trained run with the logits of its best model on the validation rows. */
export interface TrainedRows {
  readonly plan: TrainingPlan;
  readonly rows: Readonly<Record<'train' | 'validation', readonly { readonly example: LabelledExample }[]>>;
  readonly labelSet: LabelSet;
  readonly logits: readonly Float32Array[];
}

/**
 * Fits the confidence of a run's best model on the validation rows, and writes it with the reliability diagram.
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
  await writeJson(join(bestFolder(folder), CALIBRATION_FILE), calibration);
  await writeFigure(folder, RUN_FIGURES.reliability, (lang) => reliabilityDiagram(calibration, lang));
}
