import { join } from 'node:path';
import { duration } from '../../base/core/format.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import type { TaskName } from '../../base/core/settings.ts';
import { ANSWER_KINDS } from '../../base/eval/ablation/answers.ts';
import { type AblationResults, type AblationRun, EXPERIMENTS_FOLDER } from '../../base/eval/ablation/results.ts';
import { checkDevice } from '../../engine/runtime/session.ts';
import { withLock } from '../pipeline/lock.ts';
import { type Resampled, rebuiltResults, resultsOf, stillValid } from './assemble.ts';
import { type Experiment, readExperiment } from './config.ts';
import { finalResults } from './final.ts';
import { type GridSource, openGrid } from './openGrid.ts';
import { writeResults } from './outputs.ts';
import { type QueuedRun, queueOf, timeLeft } from './queue.ts';
import { type Known, readKnown } from './records.ts';
import { CODE_VERSION, removeWeights, trainQueued } from './trainQueued.ts';

export interface ExperimentJob extends GridSource {
  /** Then evaluate the baseline and the best technique on the test rows. */
  readonly final: boolean;
  /** Train nothing and read no rows: write verdicts, table and figure again from the runs and results there are. */
  readonly resultsOnly: boolean;
  readonly keepModels: boolean;
  /** Train runs again that failed before. */
  readonly retryFailed: boolean;
  /** Has runs trained elsewhere, several at a time, and calls back with each record; without it they are trained here, one after the other. */
  readonly trainElsewhere?: (
    runs: readonly QueuedRun[],
    note: (run: QueuedRun, record: AblationRun) => Promise<void>,
  ) => Promise<void>;
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C: the run in progress is saved, and the next call continues it. */
  readonly signal: AbortSignal;
}

export interface ExperimentOutcome {
  readonly folder: string;
  readonly results: AblationResults;
}

/**
 * Trains every technique of a configuration under every seed, and judges them against the baseline on training rows that
 * none of them sees. What is finished is kept, what was interrupted is continued. Test rows are not read unless `final` asks.
 *
 * Errors: `usage` for the configuration, the rows, or settings that cannot go together; `failed` where another process works
 * on the experiment; what interrupted it. A run that fails is recorded and does not stop the others.
 */
export async function runExperiment(job: ExperimentJob): Promise<ExperimentOutcome> {
  const experiment = await readExperiment(job.file);
  const folder = join(job.settings.out, EXPERIMENTS_FOLDER, experiment.name);
  const results = await withLock(folder, async () => {
    const known = await readKnown(job.file, folder);
    return job.resultsOnly ? rebuiltResults(job.file, experiment, known) : workThrough(job, experiment, folder, known);
  });
  await writeResults(folder, results);
  return { folder, results };
}

async function workThrough(
  job: ExperimentJob,
  experiment: Experiment,
  folder: string,
  known: Known,
): Promise<AblationResults> {
  const { reporter, signal, settings, keepModels, retryFailed } = job;
  await checkDevice(settings.device);
  const grid = await openGrid(job, experiment, folder, reporter);
  const queue = await queueOf(grid, { reporter, signal });
  const isDone = (run: AblationRun) => run.status === 'finished' || !retryFailed;
  const records = new Map<string, AblationRun>();
  for (const run of queue) {
    const record = known.runs.get(run.digest);
    if (record && isDone(record)) records.set(run.digest, renamed(record, run));
  }
  const before = known.results[0]?.final ?? null;
  const resampled: Resampled = new Map();
  const results = (final: AblationResults['final']) => resultsOf(grid, inOrder(queue, records), final, resampled);
  reporter.info(
    `${experiment.name}: ${experiment.techniques.length} techniques and the baseline × ${experiment.seeds.length} seeds = ${queue.length} runs on ${experiment.rows.train} rows, judged on ${experiment.rows.judged}; ${records.size} finished`,
  );
  const older = [...records.values()].filter(({ korex }) => korex !== CODE_VERSION).length;
  if (older > 0) reporter.info(`${older} of the finished runs were trained by other versions of korex.`);
  const note = async (run: QueuedRun, record: AblationRun) => {
    records.set(run.digest, record);
    reporter.info(endOf(record, experiment.task));
    await writeResults(folder, results(before));
  };
  if (!keepModels) for (const run of queue) if (records.has(run.digest)) await removeWeights(grid, run);
  const isOpen = ({ digest }: QueuedRun) => !records.has(digest);
  await job.trainElsewhere?.(queue.filter(isOpen), note);
  for (const [i, run] of queue.entries()) {
    signal.throwIfAborted();
    if (!isOpen(run)) continue;
    const left = timeLeft(queue, records);
    reporter.info(
      `▸ run ${i + 1} of ${queue.length}: ${run.technique}, seed ${run.seed}${left === null ? '' : ` · ${queue.length - records.size} to go, about ${duration(left * 60)}`}`,
    );
    await note(run, await trainQueued(grid, run, { reporter, signal, keepModels }));
  }
  const judgedResults = results(null);
  if (!job.final) return { ...judgedResults, final: stillValid(before, judgedResults) };
  const work = { reporter, signal, keepModels };
  return {
    ...judgedResults,
    final: await finalResults(grid, queue, judgedResults, before, work),
  };
}

function endOf(run: AblationRun, task: TaskName): string {
  const about = `  ${run.technique}, seed ${run.seed}: `;
  if (run.status === 'failed') return `${about}failed: ${run.reason.split('\n')[0]}`;
  const { leading, other, titles } = ANSWER_KINDS[task];
  const figures = [leading, other].map((name) => `${titles[name].en} ${run.metrics[name].toFixed(4)}`);
  return `${about}${figures.join(', ')} in ${duration(run.minutes * 60)}`;
}

/** A record under the names that the configuration has now. */
const renamed = (record: AblationRun, { technique, seed, given }: QueuedRun): AblationRun => ({
  ...record,
  technique,
  seed,
  settings: given,
});

const inOrder = (queue: readonly QueuedRun[], records: ReadonlyMap<string, AblationRun>): AblationRun[] =>
  queue.flatMap(({ digest }) => records.get(digest) ?? []);
