import type { EntityData } from '../../../base/data/entities/loadEntities.ts';
import type { EntityReport } from '../../../base/eval/entityMetrics.ts';
import {
  type EntityModel,
  type NewEntityModel,
  saveEntityModel,
  withStartingWeights,
} from '../../../engine/nn/entityModel.ts';
import { writeEntityEvaluation } from '../../../engine/runs/entityEvaluation.ts';
import { bestFolder, runFolder } from '../../../engine/runs/runFolder.ts';
import { writeTrainingCurve } from '../../../engine/runs/trainingLog.ts';
import type { EntityRow } from '../../../engine/train/entityTask.ts';
import { stepCount } from '../../../engine/train/sampling.ts';
import { TRAINING_TASKS } from '../../../engine/train/tasks.ts';
import { type TrainedRun, type TrainingJob, trainRun } from '../../../engine/train/trainRun.ts';
import { evaluateRecognizer } from '../../../inference/extract/evaluateRecognizer.ts';
import { fitTemperature } from '../../../inference/extract/fitTemperature.ts';
import type { EntityRecognizer } from '../../../inference/extract/recognizer.ts';
import { openTokenRecognizer } from '../../../inference/extract/tokenRecognizer.ts';
import type { Teacher } from '../../../inference/predict/findModel.ts';
import type { StageContext } from '../stage.ts';
import { refuseToReplace } from '../training.ts';
import { teacherTags } from './entityTeachers.ts';
import { type PreparedEntities, prepareEntities } from './prepareEntities.ts';
import { choiceOf } from './runPlan.ts';
import { reportingNotes } from './startingPoint.ts';

type Context = Pick<StageContext, 'settings' | 'out' | 'reporter' | 'signal'>;

export interface EntityRun {
  readonly name: string;
  readonly folder: string;
  /** On the test sentences; null where there are none. */
  readonly report: EntityReport | null;
}

/** The name of a run that is given none. */
export const entityRunName = ({ name }: Pick<Context['settings'], 'name'>): string => name ?? 'entities';

/**
 * Trains a model that finds entities, from sentences to an evaluated run: `korex train --task entities`.
 *
 * Errors: `usage` for settings that do not go with the task, the encoder or the sentences; those of a training.
 */
export async function trainEntities(context: Context, data: EntityData): Promise<EntityRun> {
  const { settings, out } = context;
  const name = entityRunName(settings);
  const folder = runFolder(out, name);
  const prepared = await prepareEntities(context, data.train);
  const { rows, plan, teachers, split } = prepared;
  if (!settings.force) await refuseToReplace(folder, plan);

  // The loop.
  const resume = settings.force ? 'never' : settings.resume ? 'required' : 'if-same';
  const trained = await fitEntities(context, prepared, { folder, resume });
  const groups = TRAINING_TASKS.entities.groupsOf(rows.train);
  await writeTrainingCurve(folder, trained.log, stepCount(plan, groups).perEpoch);

  // What its answers are worth.
  const recognizer = await trained.open();
  const report = await evaluateRecognizer(recognizer, data.test, {
    seed: settings.seed,
    signal: context.signal,
  }).finally(() => recognizer.release());
  await writeEntityEvaluation(folder, {
    report,
    validation: trained.best.validation,
    seed: settings.seed,
    facts: {
      dataset: data.name,
      trained_rows: rows.train.length,
      split,
      best_epoch: trained.best.epoch,
      best_step: trained.best.step,
      steps: trained.steps,
      stopped_early: trained.stoppedEarly,
      plan,
      choice: choiceOf(settings),
      ...(teachers.length > 0 && { teachers: teachers.map((teacher) => teacher.name) }),
    },
  });
  return { name, folder, report };
}

/** A trained model of entities, how sure it is fitted. */
export interface FittedEntities extends Omit<TrainedRun<EntityModel>, 'model'> {
  /** The model, ready to find entities. */
  open(): Promise<EntityRecognizer>;
}

/**
 * Trains a prepared run, or continues it, on the teachers' answers too where there are teachers; then fits how sure its answers
 * are. What runs and experiments have in common.
 */
export async function fitEntities(
  context: Context,
  { model: design, rows: given, plan, teachers }: PreparedEntities,
  { folder, resume }: Pick<TrainingJob, 'folder' | 'resume'>,
): Promise<FittedEntities> {
  const { settings, reporter, signal } = context;
  const start = reportingNotes(() => withStartingWeights(design, plan.seed), reporter);
  const rows = await withTeachers(context, given, teachers, design);
  const partial = rows.train.filter(({ sentence }) => sentence.partial).length;
  reporter.info(
    `run ${entityRunName(settings)}: ${rows.train.length} sentences (${partial} of them with some of their entities), types ${design.task.types.join(' ')}, ${plan.epochs} epochs, batch size ${plan.batchSize}, lr ${plan.lr}`,
  );
  const { model: best, ...trained } = await trainRun({
    ...{ task: TRAINING_TASKS.entities, folder, plan, rows, options: settings, start, resume, reporter, signal },
  });
  const model = await calibrated(context, best, rows.validation);
  await saveEntityModel(bestFolder(folder), model);
  return {
    ...trained,
    open: () => openTokenRecognizer(entityRunName(settings), model, { ...settings, precision: 'fp32' }),
  };
}

/** The rows with what the teachers answer to those to train on. */
async function withTeachers(
  { settings, reporter, signal }: Context,
  rows: PreparedEntities['rows'],
  teachers: readonly Teacher[],
  student: NewEntityModel,
): Promise<PreparedEntities['rows']> {
  if (teachers.length === 0) return rows;
  const soft = await teacherTags(teachers, rows.train, student, { ...settings, reporter, signal });
  return { ...rows, train: rows.train.map((row, i) => ({ ...row, soft: soft[i]! })) };
}

/** The model with a temperature fitted on validation sentences all of whose entities are known. */
async function calibrated(
  { settings }: Context,
  model: EntityModel,
  validation: readonly EntityRow[],
): Promise<EntityModel> {
  const whole = validation.map(({ sentence }) => sentence).filter(({ partial }) => !partial);
  const temperature = await fitTemperature(model, whole, settings);
  return { ...model, task: { ...model.task, temperature } };
}
