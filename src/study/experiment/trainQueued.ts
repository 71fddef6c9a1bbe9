import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, KorexError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { AblationRun } from '../../base/eval/ablation/results.ts';
import { codeVersion } from '../pipeline/codeVersion.ts';
import type { RunContext, RunJob } from './experimentTask.ts';
import { contextOf, type Grid, type QueuedRun } from './queue.ts';
import { begunRun, timed } from './stopwatch.ts';

/** Below an experiment's folder: a folder a run. */
export const RUNS_FOLDER = 'runs';
export const RUN_FILE = 'run.json';
/** Below a run's folder: checkpoints, the best model, the log. */
const TRAINING = 'training';
const SITTINGS = 'sittings.json';

/** Of the code that is loaded: what happens to the files later does not change this process. */
export const CODE_VERSION = codeVersion();

export interface Work extends Pick<RunContext, 'reporter' | 'signal'> {
  /** Leave the best model in the run's folder. */
  readonly keepModels: boolean;
  /** Asked right before the run is recorded; where it fails, somebody else has the run. */
  readonly beforeRecord?: () => Promise<void>;
}

/**
 * Trains a run of the queue, or continues it, and lets its best model answer the judged rows. Writes `run.json` and
 * the answers into its folder, and removes its weights.
 *
 * Errors: what interrupted it. All others make a failed run, with the reason.
 */
export async function trainQueued(grid: Grid, run: QueuedRun, work: Work): Promise<AblationRun> {
  const folder = join(grid.folder, RUNS_FOLDER, run.name);
  const sittings = join(folder, SITTINGS);
  const { technique, seed, given: settings, digest } = run;
  const identity = { technique, seed, settings, digest, korex: CODE_VERSION };
  const begun = await begunRun(sittings);
  // What an experiment with other settings left there.
  if (begun?.digest !== digest) await rm(folder, { recursive: true, force: true });
  const started = performance.now();
  const job: RunJob = {
    name: run.name,
    folder: trainingFolder(grid, run),
    timed: (training) => timed(sittings, digest, training),
  };
  const record = await grid.rows.train(contextOf(grid, run, work), job).then(
    async ({ minutes, facts, writeAnswers }): Promise<AblationRun> => {
      await writeAnswers(folder);
      return { ...identity, minutes, status: 'finished', ...facts };
    },
    (error: unknown): AblationRun => {
      if (work.signal.aborted) throw interruption(error);
      const reason = error instanceof Error ? error.message : String(error);
      return { ...identity, minutes: (performance.now() - started) / 60_000, status: 'failed', reason };
    },
  );
  await work.beforeRecord?.();
  await writeJson(join(folder, RUN_FILE), record);
  // If it is ever trained again, its minutes start at zero.
  await rm(sittings, { force: true });
  if (!work.keepModels) await removeWeights(grid, run);
  return record;
}

const interruption = (error: unknown): unknown =>
  error instanceof KorexError
    ? failure(
        error.words.message,
        { en: 'The same command continues from there.', ko: '같은 명령이 거기서 이어 간다.' },
        error,
      )
    : error;

export const trainingFolder = ({ folder }: Pick<Grid, 'folder'>, { name }: Pick<QueuedRun, 'name'>): string =>
  join(folder, RUNS_FOLDER, name, TRAINING);

/** Removes the weights of a run: checkpoints and the best model; its log stays. */
export async function removeWeights(grid: Pick<Grid, 'folder'>, run: Pick<QueuedRun, 'name'>): Promise<void> {
  const folder = trainingFolder(grid, run);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory()) await rm(join(folder, entry.name), { recursive: true, force: true });
}
