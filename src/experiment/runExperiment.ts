import { join } from 'node:path';
import { usageError } from '../core/errors.ts';
import { duration } from '../core/format.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Settings } from '../core/settings.ts';
import type { Dataset } from '../core/types.ts';
import { datasetDigest, rowsDigest } from '../data/digest.ts';
import { type LoadedSide, loadSide } from '../data/loadSide.ts';
import { labelText } from '../eval/ablation/labelText.ts';
import { type AblationResults, type AblationRun, EXPERIMENTS_FOLDER } from '../eval/ablation/results.ts';
import { ablationBootstrap, summarizeAblation } from '../eval/ablation/summarize.ts';
import { withLock } from '../pipeline/lock.ts';
import { checkDevice } from '../runtime/checkDevice.ts';
import { type Experiment, readExperiment } from './config.ts';
import { finalResults } from './final.ts';
import { writeResults } from './outputs.ts';
import { type Grid, type QueuedRun, queueOf } from './queue.ts';
import { type Known, readKnown } from './records.ts';
import { drawRows } from './rows.ts';
import { timeLeft } from './timeLeft.ts';
import { CODE_VERSION, removeWeights, trainQueued } from './trainQueued.ts';

export interface ExperimentJob {
  /** The configuration. */
  readonly file: string;
  /** Instead of the configuration's. */
  readonly data: string | null;
  readonly settings: Pick<Settings, 'out' | 'device' | 'threads' | 'evalBatchSize' | 'onBadRow'>;
  /** Then evaluate the baseline and the best technique on the test rows. */
  readonly final: boolean;
  /** Train nothing and read no rows: verdicts, table and figure anew from runs and results that there are. */
  readonly resultsOnly: boolean;
  readonly keepModels: boolean;
  /** Train runs again that failed before. */
  readonly retryFailed: boolean;
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C: the run in progress is saved, and goes on with the next call. */
  readonly signal: AbortSignal;
}

export interface ExperimentOutcome {
  readonly folder: string;
  readonly results: AblationResults;
}

/**
 * Trains every technique of a configuration under every seed, and judges them against the baseline on training rows that
 * none of them sees. What is finished is kept, what was interrupted goes on. Test rows are not read unless `final` asks.
 *
 * Errors: `usage` for the configuration, the rows, or settings that cannot go together; `failed` where another process works
 * on the experiment; what interrupted it. A run that fails is recorded and does not stop the others.
 */
export async function runExperiment(job: ExperimentJob): Promise<ExperimentOutcome> {
  const experiment = await readExperiment(job.file);
  const folder = join(job.settings.out, EXPERIMENTS_FOLDER, experiment.name);
  const results = await withLock(folder, async () => {
    const known = await readKnown(job.file, folder);
    return job.resultsOnly ? rebuilt(job, experiment, known) : workThrough(job, experiment, folder, known);
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
  const source = { data: job.data ?? experiment.data, onBadRow: settings.onBadRow, out: folder };
  const side = await loadSide(source, 'train', reporter);
  const { train, judged } = drawRows(side.rows, experiment.rows, job.file);
  const dataset: Dataset = {
    name: side.name,
    labelSet: side.labelSet,
    entityTypes: side.entityTypes,
    train,
    test: judged,
    files: [side.file],
    digest: datasetDigest(side.labelSet, side.entityTypes, train, judged),
  };
  // Named one by one: whoever calls may hand over all settings, and the others are the techniques'.
  const { device, threads, evalBatchSize } = settings;
  const grid: Grid = { experiment, dataset, running: { out: folder, device, threads, evalBatchSize }, folder };
  const queue = await queueOf(grid, { reporter, signal });
  const isDone = (run: AblationRun) => run.status === 'finished' || !retryFailed;
  const records = new Map<string, AblationRun>();
  for (const run of queue) {
    const record = known.runs.get(run.digest);
    if (record && isDone(record)) records.set(run.digest, renamed(record, run));
  }
  const resampled: Resampled = new Map();
  const results = (final: AblationResults['final']) => resultsOf(grid, side, inOrder(queue, records), final, resampled);
  reporter.info(
    `${experiment.name}: ${experiment.techniques.length} techniques and the baseline × ${experiment.seeds.length} seeds = ${queue.length} runs on ${train.length} rows, judged on ${judged.length}; ${records.size} finished`,
  );
  const older = [...records.values()].filter(({ korex }) => korex !== CODE_VERSION).length;
  if (older > 0) reporter.info(`${older} of the finished runs were trained by other versions of korex.`);
  for (const [i, run] of queue.entries()) {
    signal.throwIfAborted();
    if (records.has(run.digest)) {
      if (!keepModels) await removeWeights(grid, run);
      continue;
    }
    const left = timeLeft(queue, records);
    reporter.info(
      `▸ run ${i + 1} of ${queue.length}: ${run.technique}, seed ${run.seed}${left === null ? '' : ` · ${queue.length - records.size} to go, about ${duration(left * 60)}`}`,
    );
    const record = await trainQueued(grid, run, { reporter, signal, keepModels });
    records.set(run.digest, record);
    reporter.info(endOf(record));
    await writeResults(folder, results(known.results?.final ?? null));
  }
  const judgedResults = results(null);
  if (!job.final) return { ...judgedResults, final: stillValid(known.results?.final ?? null, judgedResults) };
  const work = { reporter, signal, keepModels };
  return {
    ...judgedResults,
    final: await finalResults(grid, source, queue, judgedResults, known.results?.final ?? null, work),
  };
}

const endOf = (run: AblationRun): string =>
  run.status === 'finished'
    ? `  ${run.technique}, seed ${run.seed}: macro-F1 ${run.metrics.macro_f1.toFixed(4)}, micro-F1 ${run.metrics.micro_f1.toFixed(4)} in ${duration(run.minutes * 60)}`
    : `  ${run.technique}, seed ${run.seed}: failed: ${run.reason.split('\n')[0]}`;

/** A record under the names that the configuration has now. */
const renamed = (record: AblationRun, { technique, seed, given }: QueuedRun): AblationRun => ({
  ...record,
  technique,
  seed,
  settings: given,
});

const inOrder = (queue: readonly QueuedRun[], records: ReadonlyMap<string, AblationRun>): AblationRun[] =>
  queue.flatMap(({ digest }) => records.get(digest) ?? []);

function resultsOf(
  { experiment, dataset }: Grid,
  side: LoadedSide,
  runs: readonly AblationRun[],
  final: AblationResults['final'],
  resampled: Resampled,
): AblationResults {
  const { labelSet, train, test } = dataset;
  const rows = (examples: Dataset['train']) => ({
    file: side.file,
    rows: examples.length,
    digest: rowsDigest(examples),
  });
  const gold = labelText(Int32Array.from(test, ({ label }) => labelSet.labels.indexOf(label)));
  const data = { name: side.name, seed: experiment.rows.seed, training: rows(train), judged: rows(test) };
  const facts = { data, labels: [...labelSet.labels], no_relation: labelSet.noRelation, gold, final };
  return summarized(experiment, runs, facts, resampled);
}

type Facts = Pick<AblationResults, 'data' | 'labels' | 'no_relation' | 'gold' | 'final'>;
type Resampled = NonNullable<Parameters<typeof summarizeAblation>[0]['resampled']>;

function summarized(
  experiment: Experiment,
  runs: readonly AblationRun[],
  { data, labels, no_relation, gold, final }: Facts,
  resampled: Resampled,
): AblationResults {
  const { name, description, seeds, baseline, techniques } = experiment;
  const labelSet = { labels, noRelation: no_relation };
  const { seed } = data;
  const summary = summarizeAblation({ baseline, techniques, seeds, runs, labelSet, gold, seed, resampled });
  return {
    experiment: { name, description, seeds: [...seeds] },
    ...{ data, labels, no_relation, gold, bootstrap: ablationBootstrap(seed) },
    ...summary,
    runs: [...runs],
    final,
  };
}

/** Results from what is there, read no rows: the runs whose settings the configuration still has. */
function rebuilt({ file, reporter }: ExperimentJob, experiment: Experiment, { results, runs }: Known): AblationResults {
  if (results === null)
    throw usageError(
      `There are no results of ${experiment.name} yet.`,
      `Leave --results-only out to train: korex experiment --config ${file}`,
    );
  const wanted = [experiment.baseline, ...experiment.techniques].flatMap(({ technique, settings }) =>
    experiment.seeds.map((seed) => ({ technique, seed, settings })),
  );
  const found = wanted.flatMap(({ technique, seed, settings }) => {
    const fits = [...runs.values()].filter((run) => run.seed === seed && isSame(run.settings, settings));
    return fits.slice(-1).map((run) => ({ ...run, technique }));
  });
  const others = runs.size - found.length;
  if (others > 0) reporter.warn(`${others} runs have settings that ${file} does not have; they are left out.`);
  return summarized(experiment, found, results, new Map());
}

const isSame = (a: AblationRun['settings'], b: AblationRun['settings']): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => a[name] === b[name]);

/** Results on test rows hold for the runs that gave them alone. */
const stillValid = (final: AblationResults['final'], { runs }: AblationResults): AblationResults['final'] =>
  final?.runs.every(({ digest }) => runs.some((run) => run.digest === digest)) ? final : null;
