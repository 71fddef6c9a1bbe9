import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, KorexError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { LabelledExample, Prediction } from '../../base/core/types.ts';
import { labelText } from '../../base/eval/ablation/labelText.ts';
import type { AblationRun, FinishedRun } from '../../base/eval/ablation/results.ts';
import { bootstrapIntervals } from '../../base/eval/bootstrap.ts';
import { codeRows } from '../../base/eval/codedRows.ts';
import { metricsOf, onceEach } from '../../base/eval/metrics.ts';
import { asWritten, writePredictions } from '../../engine/runs/evaluation.ts';
import type { TrainedRun } from '../../engine/train/trainRun.ts';
import { codeVersion } from '../pipeline/codeVersion.ts';
import type { StageContext } from '../stages/stage.ts';
import { finalAnswers } from '../stages/training/evaluateRun.ts';
import { prepareRuns } from '../stages/training/prepareRuns.ts';
import { withDistillationTargets } from '../stages/training/rows.ts';
import { startingPoint } from '../stages/training/startingPoint.ts';
import { fineTune } from '../stages/training.ts';
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

export interface Work extends Pick<StageContext, 'reporter' | 'signal'> {
  /** Leave the best model in the run's folder. */
  readonly keepModels: boolean;
}

/**
 * Trains a run of the queue, or continues it, and lets its best model answer the judged rows. Writes `run.json` and
 * the predictions into its folder, and removes its weights.
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
  const record = await finishedRun(grid, run, work).then(
    async ({ minutes, facts, predictions }): Promise<AblationRun> => {
      const { test, labelSet } = grid.dataset;
      await writePredictions(folder, test, predictions, labelSet);
      return { ...identity, minutes, status: 'finished', ...facts };
    },
    (error: unknown): AblationRun => {
      if (work.signal.aborted) throw interruption(error);
      const reason = error instanceof Error ? error.message : String(error);
      return { ...identity, minutes: (performance.now() - started) / 60_000, status: 'failed', reason };
    },
  );
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

async function finishedRun(grid: Grid, run: QueuedRun, work: Work) {
  const context = contextOf(grid, run, work);
  const prepared = await prepareRuns(context);
  const rows = await withDistillationTargets(context, prepared);
  const folder = trainingFolder(grid, run);
  const job = { name: run.name, folder, plan: prepared.plans[run.name]!, rows, resume: 'if-same' } as const;
  const { value: trained, minutes } = await timed(join(grid.folder, RUNS_FOLDER, run.name, SITTINGS), run.digest, () =>
    fineTune(context, { ...job, start: startingPoint(context, prepared) }),
  );
  const predictions = asWritten((await finalAnswers(context, run.name, trained.model, rows)).predictions);
  return { minutes, predictions, facts: factsOf(grid, trained, grid.dataset.test, predictions) };
}

/** How a finished run went, and its answers. */
function factsOf(
  grid: Grid,
  { best, steps }: TrainedRun,
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
) {
  const { n, accuracy, macro_f1, micro_f1, auprc } = best.validation;
  const validation = { n, accuracy, macro_f1, micro_f1, auprc };
  return { best_epoch: best.epoch, steps, validation, ...answerFacts(grid, examples, predictions) };
}

/** Metrics of answers, and the answers themselves as short as they go. */
export function answerFacts(
  { dataset, experiment }: Pick<Grid, 'dataset' | 'experiment'>,
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
): Pick<FinishedRun, 'metrics' | 'auprc_interval' | 'predicted'> {
  const gold = examples.map(({ label }) => label);
  const rows = codeRows(gold, predictions, dataset.labelSet);
  return {
    metrics: metricsOf(rows, onceEach(rows)),
    auprc_interval: bootstrapIntervals([rows], { seed: experiment.rows.seed }).auprc,
    predicted: labelText(rows.predicted),
  };
}

export const trainingFolder = ({ folder }: Pick<Grid, 'folder'>, { name }: Pick<QueuedRun, 'name'>): string =>
  join(folder, RUNS_FOLDER, name, TRAINING);

/** Removes the weights of a run: checkpoints and the best model; its log stays. */
export async function removeWeights(grid: Pick<Grid, 'folder'>, run: Pick<QueuedRun, 'name'>): Promise<void> {
  const folder = trainingFolder(grid, run);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory()) await rm(join(folder, entry.name), { recursive: true, force: true });
}
