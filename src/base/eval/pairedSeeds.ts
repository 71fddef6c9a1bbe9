import { mean } from '../core/averages.ts';
import { randomStream } from '../core/random.ts';
import type { Metrics } from '../core/types.ts';
import {
  BOOTSTRAP,
  type BootstrapOptions,
  type PairedDifference,
  resamples,
  rowCount,
  testedDifference,
} from './bootstrap.ts';
import type { CodedRows } from './codedRows.ts';
import { eachMetric, METRIC_NAMES, type MetricName, metricsOf } from './metrics.ts';

/** One run's figures on the rows as they are, and on each resample of them. */
export interface ResampledRun {
  readonly observed: Metrics;
  /** One value a resample; of AUPRC only where the run has probabilities. */
  readonly values: Readonly<Record<MetricName, Float64Array>>;
}

/** Scores runs on the same resamples of the same rows, so that any of them can be compared in pairs. */
export const resampleRuns = (runs: readonly CodedRows[], options: BootstrapOptions): ResampledRun[] =>
  resampleScores(
    runs.map((rows) => (weights) => metricsOf(rows, weights)),
    rowCount(runs),
    options,
  );

/** The figures of a run where each row counts as often as its weight says. */
export type Scorer = (weights: Uint32Array) => Metrics;

/** The same of runs of any task, which score themselves. */
export function resampleScores(scorers: readonly Scorer[], rows: number, options: BootstrapOptions): ResampledRun[] {
  const count = options.resamples ?? BOOTSTRAP.resamples;
  const once = new Uint32Array(rows).fill(1);
  const scored = scorers.map((scorer) => ({
    scorer,
    observed: scorer(once),
    values: eachMetric(() => new Float64Array(count)),
  }));
  let sample = 0;
  for (const weights of resamples(rows, options)) {
    for (const { scorer, values } of scored) {
      const metrics = scorer(weights);
      for (const name of METRIC_NAMES) values[name][sample] = metrics[name] ?? Number.NaN;
    }
    sample++;
  }
  return scored.map(({ observed, values }) => ({ observed, values }));
}

/** Two runs of the same training seed. */
export type SeedPair = readonly [first: ResampledRun, second: ResampledRun];

/**
 * Paired bootstrap of how much a technique changes a figure, over rows and seeds; null where a run has no such figure.
 *
 * Each seed s gives a pair of runs that differ in the technique alone, with a difference d(s); their mean is what is
 * measured. A resample draws the test rows, the same for all runs, and the pairs too: with the rows' differences
 * d*(s), their mean d̄*, and the mean d̄** of as many pairs drawn with replacement, its value is
 * d̄* + √(S / (S − 1)) · (d̄** − d̄*). The factor makes the spread over S seeds that of a sample's mean: pairs drawn from so
 * few vary too little (Davison and Hinkley 1997, §2.3 and §3.8). One pair alone says nothing of seeds: then rows alone
 * are drawn. p as in `pairedBootstrap`.
 */
export function pairedSeeds(
  pairs: readonly SeedPair[],
  figure: MetricName,
  options: BootstrapOptions,
): PairedDifference | null {
  const observed = pairs.map(([first, second]) => [first.observed[figure], second.observed[figure]] as const);
  if (pairs.length === 0 || observed.some((pair) => pair.includes(null))) return null;
  const stretch = pairs.length === 1 ? 0 : Math.sqrt(pairs.length / (pairs.length - 1));
  const stream = randomStream(options.seed, 'seedPairs');
  const resampled = Array.from({ length: pairs[0]![0].values[figure].length }, (_, sample) => {
    const differences = pairs.map(([first, second]) => first.values[figure][sample]! - second.values[figure][sample]!);
    const drawn = differences.map(
      (__, draw) => differences[Math.floor(stream.uniform(sample * pairs.length + draw) * pairs.length)]!,
    );
    return mean(differences) + stretch * (mean(drawn) - mean(differences));
  });
  return testedDifference(mean(observed.map(([first, second]) => first! - second!)), resampled, options);
}
