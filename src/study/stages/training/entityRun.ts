import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../base/core/settings.ts';
import type { EntitySentence } from '../../../base/data/entities/entitySentence.ts';
import { type EntityData, entityTypesOf, splitSentences } from '../../../base/data/entities/loadEntities.ts';
import type { EntityReport } from '../../../base/eval/entityMetrics.ts';
import { readEncoderConfig } from '../../../engine/nn/encoderConfig.ts';
import { resolveEncoder } from '../../../engine/nn/encoderFolder.ts';
import {
  createEntityModel,
  type EntityModel,
  type EntityTask,
  saveEntityModel,
} from '../../../engine/nn/entityModel.ts';
import { writeEntityEvaluation } from '../../../engine/runs/entityEvaluation.ts';
import { digestOf, type TrainingPlan } from '../../../engine/runs/plan.ts';
import { bestFolder, runFolder, runsFolder } from '../../../engine/runs/runFolder.ts';
import { writeTrainingCurve } from '../../../engine/runs/trainingLog.ts';
import { type EntityRow, entityRow } from '../../../engine/train/entityTask.ts';
import { checkMemory, machineMemory, trainingMemory } from '../../../engine/train/memoryEstimate.ts';
import { checkPlan } from '../../../engine/train/planChecks.ts';
import { recipeOf } from '../../../engine/train/recipes.ts';
import { stepCount } from '../../../engine/train/sampling.ts';
import { TRAINING_TASKS } from '../../../engine/train/tasks.ts';
import { trainRun } from '../../../engine/train/trainRun.ts';
import { evaluateRecognizer } from '../../../inference/extract/evaluateRecognizer.ts';
import { fitTemperature } from '../../../inference/extract/fitTemperature.ts';
import { openTokenRecognizer } from '../../../inference/extract/tokenRecognizer.ts';
import { findTeachers, type Teacher, teachersDigest } from '../../../inference/predict/findModel.ts';
import type { StageContext } from '../stage.ts';
import { refuseToReplace } from '../training.ts';
import { refuseRelationSettings } from './entitySettings.ts';
import { teacherTags } from './entityTeachers.ts';
import { choiceOf, runPlan } from './runPlan.ts';
import { reportingNotes } from './startingPoint.ts';

type Context = Pick<StageContext, 'settings' | 'out' | 'reporter' | 'signal'>;

/** Longest input where the settings leave it open: of KLUE's sentences one in a thousand is longer. */
const MAX_LENGTH = 192;

export interface EntityRun {
  readonly name: string;
  readonly folder: string;
  /** On the test sentences; null where there are none. */
  readonly report: EntityReport | null;
}

/**
 * Trains a model that finds entities, from sentences to an evaluated run: `korex train --task entities`.
 *
 * Errors: `usage` for settings that do not go with the task, the encoder or the sentences; those of a training.
 */
export async function trainEntities(context: Context, data: EntityData): Promise<EntityRun> {
  const { settings, out, reporter, signal } = context;
  refuseRelationSettings(settings);
  const name = settings.name ?? 'entities';
  const folder = runFolder(out, name);

  // Sentences, as the encoder reads them.
  const { train, validation } = splitSentences(data.train, settings.validation, settings.seed);
  const encoder = await resolveEncoder(settings.encoder);
  const layers = settings.encoderLayers === 'auto' ? recipeOf(settings.encoder).layers : settings.encoderLayers;
  const maxLength = settings.maxLength === 'auto' ? MAX_LENGTH : settings.maxLength;
  const task: EntityTask = { types: entityTypesOf(train), maxLength, temperature: 1 };
  const seed = settings.trainingSeed ?? settings.seed;
  const start = reportingNotes(() => createEntityModel(encoder, task, { layers, seed }), reporter);
  const untrained = await start();
  const rowsOf = (sentences: readonly EntitySentence[]) => sentences.map((each) => entityRow(untrained, each));
  const taught = { train: rowsOf(train), validation: rowsOf(validation) };

  // The plan, held against all of it.
  const teachers = await teachersOf(context);
  const plan: TrainingPlan = {
    ...runPlan(
      settings,
      { marker: null, head: 'tokens', maxLength },
      settings.loss,
      { given: train.length, digest: digestOf([train, validation]) },
      teachers.length > 0 ? teachersDigest(teachers) : null,
    ),
    task: 'entities',
    bestMetric: settings.bestMetric === DEFAULT_SETTINGS.bestMetric ? 'micro_f1' : settings.bestMetric,
  };
  const groups = TRAINING_TASKS.entities.groupsOf(taught.train);
  const config = await readEncoderConfig(join(encoder, 'config.json'));
  checkPlan(plan, { config, trainLabels: groups, validationRows: validation.length, augmentedRows: 0 });
  const longest = taught.train.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  if (settings.device === 'cpu') {
    const facts = { config: untrained.spec.config, labels: untrained.spec.labels, longest };
    checkMemory(trainingMemory(plan, facts), machineMemory(), reporter);
  }
  if (!settings.force) await refuseToReplace(folder, plan);

  // The loop, on the teachers' answers too where there are teachers.
  const rows = await withTeachers(context, taught, teachers, untrained);
  const partial = train.filter((each) => each.partial).length;
  reporter.info(
    `run ${name}: ${train.length} sentences (${partial} of them with some of their entities), types ${task.types.join(' ')}, ${plan.epochs} epochs, batch size ${plan.batchSize}, lr ${plan.lr}`,
  );
  const resume = settings.force ? 'never' : settings.resume ? 'required' : 'if-same';
  const trained = await trainRun({
    ...{ task: TRAINING_TASKS.entities, folder, plan, rows, options: settings, resume, reporter, signal },
    start,
  });
  await writeTrainingCurve(folder, trained.log, stepCount(plan, groups).perEpoch);

  // How sure its answers are, and what they are worth.
  const model = await calibrated(context, trained.model, taught.validation);
  await saveEntityModel(bestFolder(folder), model);
  const report = await evaluate(context, name, model, data.test);
  await writeEntityEvaluation(folder, {
    report,
    validation: trained.best.validation,
    seed: settings.seed,
    facts: {
      dataset: data.name,
      trained_rows: train.length,
      split: digestOf([train, validation]),
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

const teachersOf = ({ settings, out, reporter, signal }: Context): Promise<Teacher[]> =>
  settings.teacher === null
    ? Promise.resolve([])
    : findTeachers(settings.teacher, runsFolder(out), { reporter, signal });

/** The rows with what the teachers answer to those to train on. */
async function withTeachers(
  { settings, reporter, signal }: Context,
  rows: { readonly train: readonly EntityRow[]; readonly validation: readonly EntityRow[] },
  teachers: readonly Teacher[],
  student: EntityModel,
) {
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

/** What the model finds in sentences, held against what is there; null without sentences. */
async function evaluate(
  { settings, signal }: Context,
  name: string,
  model: EntityModel,
  sentences: readonly EntitySentence[],
): Promise<EntityReport | null> {
  const recognizer = await openTokenRecognizer(name, model, { ...settings, precision: 'fp32' });
  try {
    return await evaluateRecognizer(recognizer, sentences, { seed: settings.seed, signal });
  } finally {
    await recognizer.release();
  }
}
