import { reportStage } from '../report/reportStage.ts';
import { analysisStage } from '../stages/analysis.ts';
import { baselineStage } from '../stages/baselines.ts';
import { compareStage } from '../stages/comparison.ts';
import { datasetStage } from '../stages/dataset.ts';
import { designStage } from '../stages/design.ts';
import { edaStage } from '../stages/eda.ts';
import { selectionStage } from '../stages/selection.ts';
import { trainStage } from '../stages/training.ts';
import type { StageTable } from './runner.ts';

/** All stages, in the order of the study that they come from. */
export const STAGES: StageTable = {
  eda: edaStage,
  dataset: datasetStage,
  design: designStage,
  select: selectionStage,
  baseline: baselineStage,
  train: trainStage,
  compare: compareStage,
  analyze: analysisStage,
  report: reportStage,
};
