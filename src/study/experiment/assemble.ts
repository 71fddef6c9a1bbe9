import { usageError } from '../../base/core/errors.ts';
import type { AblationResults, AblationRun } from '../../base/eval/ablation/results.ts';
import { ablationBootstrap, summarizeAblation } from '../../base/eval/ablation/summarize.ts';
import type { Experiment } from './config.ts';
import type { Grid } from './queue.ts';
import type { Known } from './records.ts';

/** Results of the runs that are finished or failed so far. */
export const resultsOf = (
  { experiment, rows }: Grid,
  runs: readonly AblationRun[],
  final: AblationResults['final'],
  resampled: Resampled,
): AblationResults => summarized(experiment, runs, { ...rows.facts, final }, resampled);

type Facts = Pick<AblationResults, 'data' | 'labels' | 'no_relation' | 'gold' | 'final'>;
/** What `summarizeAblation` keeps from one call to the next. */
export type Resampled = NonNullable<Parameters<typeof summarizeAblation>[0]['resampled']>;

function summarized(
  experiment: Experiment,
  runs: readonly AblationRun[],
  { data, labels, no_relation, gold, final }: Facts,
  resampled: Resampled,
): AblationResults {
  const { name, task, description, seeds, baseline, techniques } = experiment;
  const labelSet = { labels, noRelation: no_relation };
  const { seed } = data;
  const summary = summarizeAblation({ task, baseline, techniques, seeds, runs, labelSet, gold, seed, resampled });
  return {
    experiment: { name, task, description, seeds: [...seeds] },
    ...{ data, labels, no_relation, gold, bootstrap: ablationBootstrap(seed) },
    ...summary,
    runs: [...runs],
    final,
  };
}

/**
 * Results from results files alone, without training: of the runs on the same rows those whose settings the configuration has.
 *
 * Errors: `usage` where there are none, or where they are of other rows than the configuration's.
 */
export function rebuiltResults(file: string, experiment: Experiment, { results: files }: Known): AblationResults {
  const [results] = files;
  if (results === undefined)
    throw usageError(
      { en: `There are no results of ${experiment.name} yet.`, ko: `${experiment.name}: 아직 결과가 없다.` },
      {
        en: `Leave --results-only out to train: korex experiment --config ${file}`,
        ko: `--results-only를 빼면 학습한다: korex experiment --config ${file}`,
      },
    );
  const { data } = results;
  if (results.experiment.task !== experiment.task)
    throw usageError(
      {
        en: `The results of ${experiment.name} are of the task ${results.experiment.task}; ${file} asks for ${experiment.task}.`,
        ko: `${experiment.name}: 결과는 과제 ${results.experiment.task}의 것인데, ${file}은(는) ${experiment.task}을(를) 요구한다.`,
      },
      { en: 'Give the experiment another name.', ko: '실험에 다른 이름을 준다.' },
    );
  const { train, judged, seed } = experiment.rows;
  if (data.training.rows !== train || data.judged.rows !== judged || data.seed !== seed)
    throw usageError(
      {
        en: `The results of ${experiment.name} are of ${data.training.rows} and ${data.judged.rows} rows drawn with seed ${data.seed}; ${file} asks for ${train} and ${judged} with seed ${seed}.`,
        ko: `${experiment.name}: 결과는 시드 ${data.seed}로 뽑은 ${data.training.rows}행과 ${data.judged.rows}행의 것인데, ${file}은(는) 시드 ${seed}의 ${train}행과 ${judged}행을 요구한다.`,
      },
      { en: 'Leave --results-only out to train on these rows.', ko: '--results-only를 빼면 이 행으로 학습한다.' },
    );
  const sameRows = files.filter(
    (other) => other.data.training.digest === data.training.digest && other.data.judged.digest === data.judged.digest,
  );
  const runs = sameRows.flatMap((other) => other.runs);
  const asked = [experiment.baseline, ...experiment.techniques].flatMap(({ technique, settings }) =>
    experiment.seeds.map((trainingSeed) => ({ technique, settings, seed: trainingSeed })),
  );
  const found = asked.flatMap((one) => {
    const run = runs.find((other) => other.seed === one.seed && isSame(other.settings, one.settings));
    return run ? [{ ...run, technique: one.technique }] : [];
  });
  const rebuilt = summarized(experiment, found, results, new Map());
  return { ...rebuilt, final: stillValid(results.final, rebuilt) };
}

const isSame = (a: AblationRun['settings'], b: AblationRun['settings']): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => a[name] === b[name]);

/** Results on test rows hold for the runs that gave them alone. */
export const stillValid = (
  final: AblationResults['final'],
  { runs }: Pick<AblationResults, 'runs'>,
): AblationResults['final'] =>
  final?.runs.every(({ digest }) => runs.some((run) => run.digest === digest)) ? final : null;
