import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { Metrics, Prediction } from '../../base/core/types.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { latestProgress } from '../../engine/runs/checkpoint.ts';
import { type Evaluation, writeEvaluation } from '../../engine/runs/evaluation.ts';
import { differences, PLANNED_SETTINGS, type TrainingPlan } from '../../engine/runs/plan.ts';
import { bestFolder, RUN_FILES, runFolder, TRAINING_FOLDER } from '../../engine/runs/runFolder.ts';
import type { RunFacts } from '../../engine/runs/summary.ts';
import { writeTrainingCurve } from '../../engine/runs/trainingLog.ts';
import { stepCount } from '../../engine/train/sampling.ts';
import { labelsOf } from '../../engine/train/trainingState.ts';
import { openClassifier } from '../../inference/predict/classifier.ts';
import type { Teacher } from '../../inference/predict/findModel.ts';
import type { Stage, StageContext } from './stage.ts';
import { writeAugmentedRows } from './training/augmentedFile.ts';
import { calibrateRun } from './training/calibrateRun.ts';
import { evaluationChecklist } from './training/checklist.ts';
import { finalAnswers, fineTune } from './training/fineTune.ts';
import { frozenRun } from './training/frozenRun.ts';
import { madeRows, type PreparedRows, rowFacts } from './training/preparedRows.ts';
import { prepareRuns, STUDY_RUNS } from './training/preparedRuns.ts';
import { choiceOf } from './training/runPlan.ts';
import { startingPoint } from './training/startingPoint.ts';
import { taughtRows } from './training/taughtRows.ts';

/** Stage 06: fine-tuning, and the two systems that show what it is worth (untrained head, frozen encoder). */
export const trainStage: Stage = {
  name: 'train',
  number: '06',
  folder: TRAINING_FOLDER,
  title: { ko: '학습과 평가', en: 'Training and evaluation' },
  needs: [],
  settings: [
    ...PLANNED_SETTINGS,
    ...(['seed', 'trainingSeed', 'teacher', 'device', 'threads', 'evalBatchSize'] as const),
    ...(['checkpointEvery', 'keepCheckpoints', 'keepBest', 'name'] as const),
  ],
  owns: ({ name }) => (name === null ? ['untrained', 'frozen', ...Object.keys(STUDY_RUNS)] : [name]),
  run: runStage,
};

async function runStage(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { settings, out } = context;
  const prepared = await prepareRuns(context);
  const { plans, teachers } = prepared;
  if (settings.name !== null && !settings.force)
    for (const [name, plan] of Object.entries(plans)) await refuseToReplace(runFolder(out, name), plan);
  const start = startingPoint(context, prepared);
  const rows = await taughtRows(context, prepared);
  const references = settings.name === null ? await referenceRuns(context, await start(), rows) : {};
  const fineTuned: Record<string, Metrics> = {};
  // The baseline last: commands that are given no model take the newest run.
  for (const [name, plan] of Object.entries(plans).reverse())
    fineTuned[name] = await fineTunedRun(context, name, plan, rows, teachers, start);
  return { runs: { ...references, ...fineTuned } };
}

/** What fine-tuning is compared with: the encoder under an untrained head, and frozen under a linear classifier. */
async function referenceRuns(
  context: StageContext,
  model: RelationModel,
  rows: PreparedRows,
): Promise<Record<string, Metrics>> {
  const { settings, dataset } = context;
  const classifier = await openClassifier(model, settings);
  const predictions = await classifier.predict(dataset.test, { batchSize: settings.evalBatchSize });
  const untrained = await evaluated(context, 'untrained', predictions, null, { trained_rows: 0 });
  const { predictions: answers, validation, facts } = await frozenRun(context, classifier, rows);
  await classifier.release();
  const frozenFacts = { ...rowFacts(rows), ...facts };
  const frozen = await evaluated(context, 'frozen', answers, validation, frozenFacts);
  return { untrained: untrained.metrics, frozen: frozen.metrics };
}

/** Trains a run, or goes on with it, then evaluates its best epoch on the test rows. */
async function fineTunedRun(
  context: StageContext,
  name: string,
  plan: TrainingPlan,
  rows: PreparedRows,
  teachers: readonly Teacher[],
  start: () => Promise<RelationModel>,
): Promise<Metrics> {
  const { settings } = context;
  const folder = runFolder(context.out, name);
  // Of the study's two runs one may be finished and the other not begun: both go on from wherever they are.
  const resume = settings.force ? 'never' : settings.resume && settings.name !== null ? 'required' : 'if-same';
  const trained = await fineTune(context, { name, folder, plan, rows, start, resume });
  if (plan.augment !== null) await writeAugmentedRows(join(folder, RUN_FILES.augmentedRows), madeRows(rows));
  await writeTrainingCurve(folder, trained.log, stepCount(plan, labelsOf(rows.train)).perEpoch);
  const { predictions, validationLogits } = await finalAnswers(context, name, trained.model, rows);
  await calibrateRun(folder, { plan, rows, labelSet: context.dataset.labelSet, logits: validationLogits });
  const facts = {
    dataset: context.dataset.name,
    ...rowFacts(rows),
    split: rows.split,
    best_epoch: trained.best.epoch,
    best_step: trained.best.step,
    steps: trained.steps,
    stopped_early: trained.stoppedEarly,
    plan,
    choice: choiceOf(settings),
    ...(teachers.length > 0 && { teachers: teachers.map((teacher) => teacher.name) }),
  };
  const summary = await evaluated(context, name, predictions, trained.best.validation, facts);
  const checklist = await evaluationChecklist({ context, rows, plan, start, predictions, summary });
  await writeJson(join(folder, RUN_FILES.checklist), checklist);
  return summary.metrics;
}

const evaluated = (
  { out, dataset, settings }: StageContext,
  name: string,
  predictions: readonly Prediction[],
  validation: Metrics | null,
  facts: RunFacts,
): Promise<Evaluation> =>
  writeEvaluation(runFolder(out, name), {
    examples: dataset.test,
    predictions,
    labelSet: dataset.labelSet,
    seed: settings.seed,
    validation,
    facts,
  });

/** A run that the user named is the user's: it is not replaced by one with other settings. */
async function refuseToReplace(folder: string, plan: TrainingPlan): Promise<void> {
  if (existsSync(join(folder, RUN_FILES.ensemble)))
    throw usageError(`${folder} holds an ensemble.`, 'Choose another --name, or replace it with --force.');
  const latest = await latestProgress(folder);
  if (!latest && !existsSync(bestFolder(folder))) return;
  const changed = latest && differences(plan, latest.progress.plan);
  if (changed?.length === 0) return;
  throw usageError(
    `${folder} holds a run ${changed ? `with other settings (${changed.join(', ')})` : 'whose checkpoints are gone'}.`,
    'Choose another --name, or replace it with --force.',
  );
}
