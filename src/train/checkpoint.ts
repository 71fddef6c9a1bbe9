import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../core/errors.ts';
import { readJson, writeJson } from '../core/files.ts';
import { replaceFolder } from '../core/folders.ts';
import type { Metrics } from '../core/types.ts';
import { parameterSpecs } from '../nn/parameters.ts';
import { loadRelationModel, type RelationModel, saveRelationModel, writeTensors } from '../nn/relationModel.ts';
import { openSafetensors } from '../nn/weights/safetensors.ts';
import { createOptimizer, type Optimizer } from './optimizer.ts';
import { trainingPlanSchema } from './plan.ts';

const metricsSchema: z.ZodType<Metrics> = z.object({
  n: z.number(),
  accuracy: z.number(),
  macro_f1: z.number(),
  micro_f1: z.number(),
  auprc: z.number().nullable(),
});

const bestSchema = z.object({ epoch: z.number().int(), step: z.number().int(), validation: metricsSchema });

export const logEntrySchema = z.union([
  z.object({
    step: z.number().int(),
    epoch: z.number().int(),
    loss: z.number(),
    lr: z.number(),
    norm: z.number(),
  }),
  z.object({ step: z.number().int(), epoch: z.number().int(), validation: metricsSchema }),
]);

const progressSchema = z.object({
  plan: trainingPlanSchema,
  step: z.number().int(),
  epochs_done: z.number().int(),
  best: bestSchema.nullable(),
  log: z.array(logEntrySchema),
});

/** A line of `training_log.jsonl`: an optimizer step, or the validation after an epoch. */
export type LogEntry = z.output<typeof logEntrySchema>;
/** The epoch with the best validation macro-F1. */
export type Best = z.output<typeof bestSchema>;
/** Where a training stands: `trainer_state.json`. */
export type TrainingProgress = z.output<typeof progressSchema>;

const STATE_FILE = 'trainer_state.json';
const OPTIMIZER_FILE = 'optimizer.safetensors';
const CHECKPOINT = /^checkpoint-(\d+)$/;

/** Writes `checkpoint-STEP/` whole or not at all, then removes all but the newest `keep`. */
export async function saveCheckpoint(
  runFolder: string,
  model: RelationModel,
  optimizer: Optimizer,
  progress: TrainingProgress,
  keep: number,
): Promise<void> {
  await replaceFolder(join(runFolder, `checkpoint-${progress.step}`), async (folder) => {
    await saveRelationModel(folder, model);
    await writeTensors(join(folder, OPTIMIZER_FILE), optimizerTensors(model, optimizer));
    await writeJson(join(folder, STATE_FILE), progress);
  });
  await removeOldCheckpoints(runFolder, keep);
}

/** Removes all checkpoints of a run but the newest. */
export async function removeOldCheckpoints(runFolder: string, keep: number): Promise<void> {
  for (const name of (await checkpointNames(runFolder)).slice(keep))
    await rm(join(runFolder, name), { recursive: true, force: true });
}

/** A training as a checkpoint holds it. */
export interface Checkpoint {
  readonly model: RelationModel;
  readonly optimizer: Optimizer;
  readonly progress: TrainingProgress;
}

/** Where the newest checkpoint of a run stands, without its weights; null where there is none. */
export async function latestProgress(
  runFolder: string,
): Promise<{ folder: string; progress: TrainingProgress } | null> {
  const [newest] = await checkpointNames(runFolder);
  if (newest === undefined) return null;
  const folder = join(runFolder, newest);
  const parsed = progressSchema.safeParse(await readJson(join(folder, STATE_FILE)).catch(unreadable(folder)));
  if (!parsed.success) throw unreadable(folder)(parsed.error);
  return { folder, progress: parsed.data };
}

/** Opens a checkpoint. Errors: `failed` where it cannot be read; the others stay as they are. */
export async function loadCheckpoint(folder: string, progress: TrainingProgress): Promise<Checkpoint> {
  try {
    const model = await loadRelationModel(folder);
    const optimizer = createOptimizer(model.weights);
    optimizer.steps = progress.step;
    const stored = await openSafetensors(join(folder, OPTIMIZER_FILE));
    try {
      for (const [name, { first, second }] of optimizer.moments) {
        first.set(await stored.read(`first.${name}`));
        second.set(await stored.read(`second.${name}`));
      }
    } finally {
      await stored.close();
    }
    return { model, optimizer, progress };
  } catch (error) {
    throw unreadable(folder)(error);
  }
}

const unreadable = (folder: string) => (error: unknown) =>
  failure(
    `The checkpoint ${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    'Remove this folder to go on from the checkpoint before it, or start anew with --force.',
    error,
  );

/** Checkpoint folders of a run, newest first. */
async function checkpointNames(runFolder: string): Promise<string[]> {
  if (!existsSync(runFolder)) return [];
  const steps = (await readdir(runFolder)).flatMap((name) => {
    const match = CHECKPOINT.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return steps.sort((a, b) => b - a).map((step) => `checkpoint-${step}`);
}

function optimizerTensors({ spec }: RelationModel, { moments }: Optimizer) {
  return parameterSpecs(spec.config, spec.head, spec.labels).flatMap(({ name, shape }) => {
    const { first, second } = moments.get(name)!;
    return [
      { name: `first.${name}`, shape, data: first },
      { name: `second.${name}`, shape, data: second },
    ];
  });
}
