import { DEFAULT_SETTINGS } from '../../../base/core/settings.ts';
import type { EntitySentence } from '../../../base/data/entities/entitySentence.ts';
import { entityTypesOf, splitSentences } from '../../../base/data/entities/loadEntities.ts';
import { resolveEncoder } from '../../../engine/nn/encoderFolder.ts';
import { designEntityModel, type NewEntityModel } from '../../../engine/nn/entityModel.ts';
import { digestOf, type TrainingPlan } from '../../../engine/runs/plan.ts';
import { runsFolder } from '../../../engine/runs/runFolder.ts';
import { type EntityRow, entityRow } from '../../../engine/train/entityTask.ts';
import { checkMemory, machineMemory, trainingMemory } from '../../../engine/train/memoryEstimate.ts';
import { checkPlan } from '../../../engine/train/planChecks.ts';
import { recipeOf } from '../../../engine/train/recipes.ts';
import { TRAINING_TASKS } from '../../../engine/train/tasks.ts';
import type { TrainingRows } from '../../../engine/train/trainingState.ts';
import { findTeachers, type Teacher, teachersDigest } from '../../../inference/predict/findModel.ts';
import type { StageContext } from '../stage.ts';
import { refuseRelationSettings } from './entitySettings.ts';
import { runPlan } from './runPlan.ts';

/** Longest input where the settings leave it open: of KLUE's sentences one in a thousand is longer. */
const MAX_LENGTH = 192;

/** All that is settled and checked of a training before any weight is read. */
export interface PreparedEntities {
  /** The model to come, without its weights. */
  readonly model: NewEntityModel;
  readonly rows: TrainingRows<EntityRow>;
  readonly plan: TrainingPlan;
  readonly teachers: readonly Teacher[];
  /** Digest of the sentences in two. */
  readonly split: string;
  /** Expected peak memory in bytes. */
  readonly memory: number;
}

/**
 * Sentences as the encoder reads them, the plan, and what can be checked of both.
 *
 * Errors: `usage` for settings that do not go with the task, the encoder or the sentences.
 */
export async function prepareEntities(
  { settings, reporter, signal }: Pick<StageContext, 'settings' | 'reporter' | 'signal'>,
  sentences: readonly EntitySentence[],
): Promise<PreparedEntities> {
  refuseRelationSettings(settings);

  // Sentences, as the encoder reads them.
  const { train, validation } = splitSentences(sentences, settings.validation, settings.seed);
  const encoder = await resolveEncoder(settings.encoder);
  const layers = settings.encoderLayers === 'auto' ? recipeOf(settings.encoder).layers : settings.encoderLayers;
  const maxLength = settings.maxLength === 'auto' ? MAX_LENGTH : settings.maxLength;
  const model = await designEntityModel(encoder, { types: entityTypesOf(train), maxLength, temperature: 1 }, layers);
  const rows = {
    train: train.map((each) => entityRow(model, each)),
    validation: validation.map((each) => entityRow(model, each)),
  };

  // The plan, held against all of it.
  // Also where nothing is to be written there (a dry run).
  const folder = runsFolder(settings.out);
  const teachers = settings.teacher === null ? [] : await findTeachers(settings.teacher, folder, { reporter, signal });
  const split = digestOf([train, validation]);
  const plan: TrainingPlan = {
    ...runPlan(
      settings,
      { marker: null, head: 'tokens', maxLength },
      settings.loss,
      { given: train.length, digest: split },
      teachers.length > 0 ? teachersDigest(teachers) : null,
    ),
    task: 'entities',
    bestMetric: settings.bestMetric === DEFAULT_SETTINGS.bestMetric ? 'micro_f1' : settings.bestMetric,
  };
  const trainLabels = TRAINING_TASKS.entities.groupsOf(rows.train);
  checkPlan(plan, {
    ...{ config: model.part.base, trainLabels, validationRows: validation.length, augmentedRows: 0 },
  });

  // The machine.
  const longest = rows.train.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const memory = trainingMemory(plan, { config: model.spec.config, labels: model.spec.labels, longest });
  if (settings.device === 'cpu') checkMemory(memory, machineMemory(), reporter);
  return { model, rows, plan, teachers, split, memory };
}
