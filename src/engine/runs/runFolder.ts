import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Localized } from '../../base/core/types.ts';
import { RUN_KEYS } from '../../base/eval/systems.ts';

/** The folder of stage 06 below `--out`: a folder for each run, which is where models are found. */
export const TRAINING_FOLDER = '06_klue_re_training';

/** The figures of a run's folder, without language and ending. */
export const RUN_FIGURES = {
  confusion: 'confusion_matrix',
  confusionShares: 'confusion_matrix_normalized',
  curve: 'training_curve',
  reliability: 'reliability_diagram',
} as const;

/** The files of a run's folder. Whoever writes, reads or names one of them takes its name from here. */
export const RUN_FILES = {
  /** Metrics with their intervals, and how the run came about. */
  summary: 'metrics_summary.json',
  /** Every answer to a test row. */
  predictions: 'predictions.jsonl',
  /** Precision, recall and F1 by label. */
  classes: 'per_class_report.csv',
  confusion: `${RUN_FIGURES.confusion}.csv`,
  /** The same as shares of the gold label. */
  confusionShares: `${RUN_FIGURES.confusionShares}.csv`,
  errors: 'error_samples.csv',
  checklist: 'evaluation_checklist.json',
  /** Every optimizer step and every validation; written at each checkpoint and at the end. */
  log: 'training_log.jsonl',
  /** The same while the run is being trained, for whoever follows it. */
  liveLog: 'training_log.live.jsonl',
  timings: 'timings.json',
  /** The rows that were made from training rows. */
  augmentedRows: 'augmented_rows.jsonl',
  /** By this file a run is known as one of `korex ensemble`. */
  ensemble: 'ensemble.json',
} as const;

/** The subfolder with the model of the best validation. */
export const BEST_FOLDER = 'best';

export const runsFolder = (out: string): string => join(out, TRAINING_FOLDER);
export const runFolder = (out: string, name: string): string => join(out, TRAINING_FOLDER, name);
export const bestFolder = (run: string): string => join(run, BEST_FOLDER);

/** Whether a folder holds a model: a run's best one, a checkpoint, or one made elsewhere. */
export const holdsModel = (folder: string): boolean => existsSync(join(folder, 'config.json'));

/** The checkpoint of a step. */
export const checkpointName = (step: number | string): string => `checkpoint-${step}`;

const CHECKPOINT = new RegExp(`^${checkpointName('(\\d+)')}$`);

/** The step of a checkpoint's folder; null for any other name. */
export function checkpointStep(name: string): number | null {
  const match = CHECKPOINT.exec(name);
  return match ? Number(match[1]) : null;
}

/** Steps of the checkpoints of a run, newest first. */
export async function checkpointSteps(run: string): Promise<number[]> {
  const names = existsSync(run) ? await readdir(run) : [];
  return names.flatMap((name) => checkpointStep(name) ?? []).sort((a, b) => b - a);
}

/** Whether a run is one of those that the study expects. */
export const isStudyRun = (name: string): boolean => RUN_KEYS.some((key) => key === name);

/** Names of runs in order: those of the study first, then the others as given. */
export const inStudyOrder = (names: readonly string[]): string[] => [
  ...RUN_KEYS.filter((key) => names.includes(key)),
  ...names.filter((name) => !isStudyRun(name)),
];

/** The finished runs under `out`: those of the study in their order, then others by name. */
export async function runNames(out: string): Promise<string[]> {
  const entries = await readdir(runsFolder(out)).catch(() => []);
  return inStudyOrder(entries.filter((name) => existsSync(join(runFolder(out, name), RUN_FILES.summary))).sort());
}

/** Whether the run was fine-tuned: neither untrained nor on a frozen encoder. */
export const isFineTuned = (out: string, name: string): boolean =>
  existsSync(join(runFolder(out, name), RUN_FILES.log));

/** How to have a run of stage 06 written again. */
export function trainAgain(name: string): Localized {
  const command = `korex train ${isStudyRun(name) ? '' : `--name ${name} `}--force`;
  return { en: `Train it again: ${command}`, ko: `다시 학습한다: ${command}` };
}
