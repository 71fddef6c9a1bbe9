import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { Metrics } from '../../base/core/types.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { latestProgress } from '../../engine/runs/checkpoint.ts';
import { differences, lossText, PLANNED_SETTINGS, type TrainingPlan } from '../../engine/runs/plan.ts';
import { bestFolder, RUN_FILES, runFolder, TRAINING_FOLDER } from '../../engine/runs/runFolder.ts';
import { writeTrainingCurve } from '../../engine/runs/trainingLog.ts';
import { stepCount } from '../../engine/train/sampling.ts';
import { TRAINING_TASKS } from '../../engine/train/tasks.ts';
import { labelsOf } from '../../engine/train/trainingState.ts';
import { type TrainedRun, type TrainingJob, trainRun } from '../../engine/train/trainRun.ts';
import type { Teacher } from '../../inference/predict/findModel.ts';
import type { Stage, StageContext } from './stage.ts';
import { evaluationChecklist } from './training/checklist.ts';
import { calibrateRun, calibrateTexts, evaluateRun, finalAnswers } from './training/evaluateRun.ts';
import { prepareRuns, STUDY_RUNS } from './training/prepareRuns.ts';
import { referenceRuns } from './training/references.ts';
import {
  type PreparedRows,
  rowFacts,
  rowSettings,
  withDistillationTargets,
  writeAugmentedRows,
} from './training/rows.ts';
import { choiceOf } from './training/runPlan.ts';
import { startingPoint } from './training/startingPoint.ts';

/** Stage 06: fine-tuning, and the two systems that show what it is worth (untrained head, frozen encoder). */
export const trainStage: Stage = {
  name: 'train',
  number: '06',
  folder: TRAINING_FOLDER,
  title: { ko: '학습과 평가', en: 'Training and evaluation' },
  needs: [],
  settings: [
    ...PLANNED_SETTINGS,
    // In a plan under another name, or beside it: where it runs, and what it leaves.
    ...(['name', 'seed', 'trainingSeed', 'teacher', 'device', 'threads', 'evalBatchSize'] as const),
    ...(['checkpointEvery', 'keepCheckpoints', 'keepBest'] as const),
    ...(['textData', 'textPairs', 'textNegatives'] as const),
  ],
  owns: ({ name }) => (name === null ? ['untrained', 'frozen', ...Object.keys(STUDY_RUNS)] : [name]),
  run: runStage,
};

/** From rows to files, in the order in which it happens; `trainRun` has the loop. */
async function runStage(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { settings, out } = context;

  // Rows, plans and checks: all of it is settled before any weight is read.
  const prepared = await prepareRuns(context);
  const { plans, teachers } = prepared;
  if (settings.name !== null && !settings.force)
    for (const [name, plan] of Object.entries(plans)) await refuseToReplace(runFolder(out, name), plan);

  // What the rows teach, and the model that every run starts from.
  const start = startingPoint(context, prepared);
  const rows = await withDistillationTargets(context, prepared);

  // What fine-tuning is compared with.
  const references = settings.name === null ? await referenceRuns(context, await start(), rows) : {};

  // The runs. The baseline last: commands that are given no model take the newest run.
  const fineTuned: Record<string, Metrics> = {};
  for (const [name, plan] of Object.entries(plans).reverse())
    fineTuned[name] = await fineTunedRun(context, name, { plan, rows, teachers, start });
  return { runs: { ...references, ...fineTuned } };
}

export interface PlannedRun {
  readonly plan: TrainingPlan;
  readonly rows: PreparedRows;
  readonly teachers: readonly Teacher[];
  start(): Promise<RelationModel>;
}

/** A run: trained, evaluated on the test rows, calibrated, checked; of the stage, or of whoever settled one. */
export async function fineTunedRun(
  context: StageContext,
  name: string,
  { plan, rows, teachers, start }: PlannedRun,
): Promise<Metrics> {
  const { settings, dataset, out } = context;
  const folder = runFolder(out, name);

  // The loop. Of the study's two runs one may be finished and the other not begun: both continue from where they are.
  const resume = settings.force ? 'never' : settings.resume && settings.name !== null ? 'required' : 'if-same';
  const { model, best, steps, stoppedEarly, log } = await fineTune(context, {
    ...{ name, folder, plan, rows, start, resume },
  });
  if (plan.augment !== null) await writeAugmentedRows(folder, rows);
  await writeTrainingCurve(folder, log, stepCount(plan, labelsOf(rows.train)).perEpoch);

  // The best model's answers, its calibration, and the files of the evaluation.
  const { predictions, validationLogits } = await finalAnswers(context, name, model, rows);
  await calibrateRun(folder, { plan, rows, labelSet: dataset.labelSet, logits: validationLogits });
  await calibrateTexts(context, name, { folder, model, documents: rows.heldTexts });
  const evaluation = await evaluateRun(context, name, predictions, best.validation, {
    dataset: dataset.name,
    ...rowFacts(rows),
    ...rowSettings(settings),
    split: rows.split,
    best_epoch: best.epoch,
    best_step: best.step,
    steps,
    stopped_early: stoppedEarly,
    plan,
    choice: choiceOf(settings),
    ...(teachers.length > 0 && { teachers: teachers.map((teacher) => teacher.name) }),
  });
  const checklist = await evaluationChecklist({ context, rows, plan, start, predictions, evaluation });
  await writeJson(join(folder, RUN_FILES.checklist), checklist);
  return evaluation.metrics;
}

/** A run to train, all of it settled: what stage 06 and experiments have in common. */
export interface FineTuning extends Pick<TrainingJob, 'folder' | 'plan' | 'start' | 'resume'> {
  readonly name: string;
  readonly rows: PreparedRows;
}

/** Trains a run, or continues it. Errors: those of `trainRun`. */
export function fineTune(
  { settings, reporter, signal }: Pick<StageContext, 'settings' | 'reporter' | 'signal'>,
  { name, folder, plan, rows, start, resume }: FineTuning,
): Promise<TrainedRun> {
  reporter.info(
    `run ${name}: ${rows.train.length} rows, ${plan.epochs} epochs, batch size ${plan.batchSize}, lr ${plan.lr}, marker ${plan.marker}, head ${plan.head}, loss ${lossText(plan)}${plan.sampling === 'none' ? '' : `, sampling ${plan.sampling}`}${plan.ema === 0 ? '' : `, weights averaged (${plan.ema})`}`,
  );
  return trainRun({
    task: TRAINING_TASKS.relation,
    folder,
    plan,
    rows,
    options: settings,
    start,
    resume,
    reporter,
    signal,
  });
}

/** A run that the user named is the user's: it is not replaced by one with other settings. */
export async function refuseToReplace(folder: string, plan: TrainingPlan): Promise<void> {
  if (existsSync(join(folder, RUN_FILES.ensemble)))
    throw usageError(
      { en: `${folder} holds an ensemble.`, ko: `${folder}: 앙상블이 들어 있다.` },
      { en: 'Choose another --name, or replace it with --force.', ko: '다른 --name을 고르거나, --force로 바꾼다.' },
    );
  const latest = await latestProgress(folder);
  if (!latest && !existsSync(bestFolder(folder))) return;
  const changed = latest && differences(plan, latest.progress.plan);
  if (changed?.length === 0) return;
  throw usageError(
    {
      en: `${folder} holds a run ${changed ? `with other settings (${changed.join(', ')})` : 'whose checkpoints are gone'}.`,
      ko: `${folder}: ${changed ? `설정이 다른 학습이 들어 있다(${changed.join(', ')}).` : '체크포인트가 없어진 학습이 들어 있다.'}`,
    },
    { en: 'Choose another --name, or replace it with --force.', ko: '다른 --name을 고르거나, --force로 바꾼다.' },
  );
}
