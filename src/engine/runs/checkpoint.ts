import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../base/core/errors.ts';
import { readJson, writeJson } from '../../base/core/files.ts';
import { replaceFolder } from '../../base/core/folders.ts';
import { readValidated, reasonOf } from '../../base/core/validate.ts';
import { writeTensors } from '../nn/modelFolder.ts';
import type { Weights } from '../nn/parameters.ts';
import { type NamedFloats, openSafetensors } from '../nn/weights/safetensors.ts';
import { type TrainingPlan, trainingPlanSchema } from './plan.ts';
import { bestFolder, checkpointName, checkpointSteps } from './runFolder.ts';
import { logSchema, validationEntrySchema } from './trainingLog.ts';

/** What a checkpoint's folder holds beside the model. */
const FILES = {
  progress: 'trainer_state.json',
  /** Adapters, and the weights that they are merged into in the model. */
  adapters: 'adapters.safetensors',
  /** Where the model has averaged weights: the trained ones. */
  unaveraged: 'unaveraged.safetensors',
} as const;

/** Moments of the optimizer, in checkpoints of trainings and of pretrainings. */
const OPTIMIZER_FILE = 'optimizer.safetensors';

const progressSchema = z.object({
  plan: trainingPlanSchema,
  step: z.number().int(),
  /** The validation that the best model was chosen at. */
  best: validationEntrySchema.nullable(),
  log: logSchema,
});

/** How far a training is. */
export type TrainingProgress = z.output<typeof progressSchema>;

/** Tensors by name, as AdamW keeps two for each parameter. */
export type Moments = ReadonlyMap<string, { readonly first: Float32Array; readonly second: Float32Array }>;

/** All that a checkpoint holds of a training. */
export interface CheckpointContent<Model> {
  readonly progress: TrainingProgress;
  /** As it is evaluated. */
  readonly model: Model;
  readonly moments: Moments;
  /** Of the parameters that are trained, in order. */
  readonly trained: readonly Pick<NamedFloats, 'name' | 'shape'>[];
  /** None without adapters. */
  readonly adapters: readonly NamedFloats[];
  /** None without an average. */
  readonly unaveraged: readonly NamedFloats[];
}

/** How a task's models come from folders and into them. */
export interface ModelFiles<Model> {
  load(folder: string): Promise<Model>;
  save(folder: string, model: Model): Promise<void>;
}

/** Writes the checkpoint of a step into a run's folder, whole or not at all. */
export const writeCheckpoint = <Model>(
  run: string,
  content: CheckpointContent<Model>,
  files: ModelFiles<Model>,
): Promise<void> =>
  replaceFolder(join(run, checkpointName(content.progress.step)), async (folder) => {
    const { progress, model, moments, trained, adapters, unaveraged } = content;
    await files.save(folder, model);
    await writeMoments(folder, trained, moments);
    if (adapters.length > 0) await writeTensors(join(folder, FILES.adapters), adapters);
    if (unaveraged.length > 0) await writeTensors(join(folder, FILES.unaveraged), unaveraged);
    await writeJson(join(folder, FILES.progress), progress);
  });

/** Makes a model the best one of a run. */
export const writeBest = <Model>(run: string, model: Model, files: ModelFiles<Model>): Promise<void> =>
  replaceFolder(bestFolder(run), (fresh) => files.save(fresh, model));

/** Which checkpoints stay: the newest ones, and those of some steps. */
export interface Kept {
  readonly newest: number;
  readonly steps: readonly number[];
}

/** Removes all checkpoints of a run but those to be kept. */
export async function removeOldCheckpoints(run: string, { newest, steps }: Kept): Promise<void> {
  for (const step of (await checkpointSteps(run)).slice(newest))
    if (!steps.includes(step)) await rm(join(run, checkpointName(step)), { recursive: true, force: true });
}

/** Notes that a training has come to its end: what is asked of it again is answered without its checkpoints. */
export const writeFinished = (run: string, progress: TrainingProgress): Promise<void> =>
  writeJson(join(run, FILES.progress), progress);

/**
 * The progress of a training that came to its end; null for any other.
 *
 * Errors: `usage` for a note that is none.
 */
export async function finishedProgress(run: string): Promise<TrainingProgress | null> {
  const path = join(run, FILES.progress);
  if (!existsSync(path)) return null;
  return readValidated(path, progressSchema, {
    says: { en: 'is no note of a finished training', ko: '끝난 학습의 기록이 아니다' },
    hint: { en: 'Start again with --force.', ko: '--force로 다시 시작한다.' },
  });
}

/**
 * How far a training is, by its newest checkpoint or, where these are gone, by the note that it is finished; null where there
 * is neither.
 *
 * Errors: `failed` for a checkpoint that cannot be read.
 */
export async function latestProgress(run: string): Promise<{ folder: string; progress: TrainingProgress } | null> {
  const path = await latestProgressFile(run);
  if (path === null) return null;
  const folder = dirname(path);
  try {
    return { folder, progress: progressSchema.parse(await readJson(path)) };
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** The file with the progress of a run's newest checkpoint, else that of a finished training; null where there is neither. */
export async function latestProgressFile(run: string): Promise<string | null> {
  const [newest] = await checkpointSteps(run);
  if (newest !== undefined) return join(run, checkpointName(newest), FILES.progress);
  const finished = join(run, FILES.progress);
  return existsSync(finished) ? finished : null;
}

/** The plan in such a file; null where it cannot be read. */
export const planIn = async (path: string): Promise<TrainingPlan | null> =>
  progressSchema.pick({ plan: true }).safeParse(await readJson(path).catch(() => null)).data?.plan ?? null;

/** The tensors of a checkpoint as `writeCheckpoint` wrote them, read when asked for. */
export interface OpenedCheckpoint<Model> {
  readonly model: Model;
  adapters(): Promise<Weights>;
  unaveraged(): Promise<Weights>;
  fillMoments(moments: Moments): Promise<void>;
}

/**
 * Opens a checkpoint.
 *
 * @param use turns it into the state that the training continues from
 * Errors: `failed` where it cannot be read, or `use` fails.
 */
export async function openCheckpoint<Model, T>(
  folder: string,
  files: Pick<ModelFiles<Model>, 'load'>,
  use: (opened: OpenedCheckpoint<Model>) => Promise<T>,
): Promise<T> {
  try {
    return await use({
      model: await files.load(folder),
      adapters: () => readTensors(join(folder, FILES.adapters)),
      unaveraged: () => readTensors(join(folder, FILES.unaveraged)),
      fillMoments: (moments) => readMoments(folder, moments),
    });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

const unreadable = (folder: string, error: unknown) =>
  failure(
    {
      en: `The checkpoint ${folder} cannot be read: ${reasonOf(error).en}`,
      ko: `체크포인트를 읽을 수 없다: ${folder} (${reasonOf(error).ko})`,
    },
    {
      en: 'Remove this folder to continue from the checkpoint before it, or start again with --force.',
      ko: '이 폴더를 지우면 그 앞의 체크포인트에서 이어지고, --force를 주면 처음부터 시작한다.',
    },
    error,
  );

/** Writes the moments of trained parameters into a checkpoint's folder. Errors: `failed` where the system refuses. */
export const writeMoments = (
  folder: string,
  trained: CheckpointContent<unknown>['trained'],
  moments: Moments,
): Promise<void> =>
  writeTensors(
    join(folder, OPTIMIZER_FILE),
    trained.flatMap(({ name, shape }) => {
      const { first, second } = moments.get(name)!;
      return [
        { name: `first.${name}`, shape, data: first },
        { name: `second.${name}`, shape, data: second },
      ];
    }),
  );

/** Fills moments from a checkpoint's folder. */
export async function readMoments(folder: string, moments: Moments): Promise<void> {
  const stored = await readTensors(join(folder, OPTIMIZER_FILE));
  for (const [name, { first, second }] of moments) {
    first.set(stored.get(`first.${name}`)!);
    second.set(stored.get(`second.${name}`)!);
  }
}

async function readTensors(path: string): Promise<Weights> {
  const stored = await openSafetensors(path);
  try {
    const values = new Map<string, Float32Array>();
    for (const name of stored.tensors.keys()) values.set(name, await stored.read(name));
    return values;
  } finally {
    await stored.close();
  }
}
