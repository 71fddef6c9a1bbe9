import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../base/core/errors.ts';
import { readJson, writeJson } from '../../base/core/files.ts';
import { replaceFolder } from '../../base/core/folders.ts';
import type { Weights } from '../nn/parameters.ts';
import { loadRelationModel, type RelationModel, saveRelationModel, writeTensors } from '../nn/relationModel.ts';
import type { NamedFloats } from '../nn/weights/safetensors.ts';
import { averageOf } from './average.ts';
import { createOptimizer } from './optimizer.ts';
import { readMoments, readTensors, writeMoments } from './optimizerFile.ts';
import { type TrainingPlan, trainingPlanSchema } from './plan.ts';
import { logEntrySchema, validationEntrySchema } from './trainingLog.ts';
import { savedModel, type TrainingState } from './trainingLoop.ts';
import { copyOf, loraOf, type Tuning, tuningOf } from './tuning.ts';

const progressSchema = z.object({
  plan: trainingPlanSchema,
  step: z.number().int(),
  /** The validation that `best/` was chosen at. */
  best: validationEntrySchema.nullable(),
  log: z.array(logEntrySchema),
});

/** Where a training stands: `trainer_state.json`. */
export type TrainingProgress = z.output<typeof progressSchema>;

const STATE_FILE = 'trainer_state.json';
const OPTIMIZER_FILE = 'optimizer.safetensors';
/** Adapters, and the weights that they are merged into in `model.safetensors`. */
const ADAPTER_FILE = 'adapters.safetensors';
/** Where `model.safetensors` holds averaged weights: the trained ones. */
const UNAVERAGED_FILE = 'unaveraged.safetensors';
const CHECKPOINT = /^checkpoint-(\d+)$/;

/** Which checkpoints stay: the newest ones, and those of some steps. */
export interface Kept {
  readonly newest: number;
  readonly steps: readonly number[];
}

/** Writes `checkpoint-STEP/` whole or not at all, then removes those that are not to be kept. */
export async function saveCheckpoint(
  runFolder: string,
  state: TrainingState,
  progress: TrainingProgress,
  kept: Kept,
): Promise<void> {
  const { optimizer, tuning, average } = state;
  const { aside } = average?.tuning ?? tuning;
  await replaceFolder(join(runFolder, `checkpoint-${progress.step}`), async (folder) => {
    await saveRelationModel(folder, savedModel(state));
    await writeMoments(join(folder, OPTIMIZER_FILE), tuning.trained, optimizer);
    if (aside.length > 0) await writeTensors(join(folder, ADAPTER_FILE), aside);
    if (average) await writeTensors(join(folder, UNAVERAGED_FILE), trainedOf(tuning));
    await writeJson(join(folder, STATE_FILE), progress);
  });
  await removeOldCheckpoints(runFolder, kept);
}

/** Removes all checkpoints of a run but those to be kept. */
export async function removeOldCheckpoints(runFolder: string, { newest, steps }: Kept): Promise<void> {
  for (const step of (await checkpointSteps(runFolder)).slice(newest))
    if (!steps.includes(step)) await rm(join(runFolder, `checkpoint-${step}`), { recursive: true, force: true });
}

/** A training as a checkpoint holds it. */
export interface Checkpoint {
  readonly state: TrainingState;
  readonly progress: TrainingProgress;
}

/** Where the newest checkpoint of a run stands, without its weights; null where there is none. */
export async function latestProgress(
  runFolder: string,
): Promise<{ folder: string; progress: TrainingProgress } | null> {
  const [newest] = await checkpointSteps(runFolder);
  if (newest === undefined) return null;
  const folder = join(runFolder, `checkpoint-${newest}`);
  const parsed = progressSchema.safeParse(await readJson(join(folder, STATE_FILE)).catch(unreadable(folder)));
  if (!parsed.success) throw unreadable(folder)(parsed.error);
  return { folder, progress: parsed.data };
}

/** Opens a checkpoint. Errors: `failed` where it cannot be read; the others stay as they are. */
export async function loadCheckpoint(folder: string, progress: TrainingProgress): Promise<Checkpoint> {
  try {
    const model = await loadRelationModel(folder);
    const aside = loraOf(progress.plan) ? await readTensors(join(folder, ADAPTER_FILE)) : undefined;
    const { tuning, average } = await tuningsOf(folder, progress.plan, model, aside);
    const optimizer = createOptimizer(tuning.trainedWeights);
    optimizer.steps = progress.step;
    await readMoments(join(folder, OPTIMIZER_FILE), optimizer);
    return { state: { model, tuning, optimizer, average }, progress };
  } catch (error) {
    throw unreadable(folder)(error);
  }
}

/** The tuning of a saved model, and its average: with one, the saved weights are the averaged ones. */
async function tuningsOf(
  folder: string,
  plan: TrainingPlan,
  model: RelationModel,
  aside?: Weights,
): Promise<Pick<TrainingState, 'tuning' | 'average'>> {
  const saved = tuningOf(plan, model, aside);
  if (plan.ema === 0) return { tuning: saved, average: null };
  const tuning = copyOf(plan, model, saved);
  const trained = await readTensors(join(folder, UNAVERAGED_FILE));
  for (const [name, weight] of tuning.trainedWeights) weight.set(trained.get(name)!);
  return { tuning, average: averageOf(plan.ema, tuning, saved) };
}

const unreadable = (folder: string) => (error: unknown) =>
  failure(
    `The checkpoint ${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    'Remove this folder to go on from the checkpoint before it, or start anew with --force.',
    error,
  );

/** Steps of the checkpoints of a run, newest first. */
async function checkpointSteps(runFolder: string): Promise<number[]> {
  if (!existsSync(runFolder)) return [];
  const steps = (await readdir(runFolder)).flatMap((name) => {
    const match = CHECKPOINT.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return steps.sort((a, b) => b - a);
}

const trainedOf = ({ trained, trainedWeights }: Tuning): NamedFloats[] =>
  trained.map(({ name, shape }) => ({ name, shape, data: trainedWeights.get(name)! }));
