import { mean } from '../core/averages.ts';
import { failure } from '../core/errors.ts';
import { randomStream } from '../core/random.ts';
import type { Metrics } from '../core/types.ts';
import type { CodedRows } from './codedRows.ts';
import { eachMetric, METRIC_NAMES, type MetricName, macroF1, metricsOf, onceEach } from './metrics.ts';

/** [low, high], fractions; null where the figure itself is null. */
export type Interval = readonly [number, number];
export type Intervals = Readonly<Record<MetricName, Interval | null>>;

export interface BootstrapOptions {
  readonly seed: number;
  /** Default 1,000. */
  readonly resamples?: number;
  /** Share of the resamples inside the interval, default 0.95. */
  readonly level?: number;
}

export const BOOTSTRAP = { resamples: 1000, level: 0.95 } as const;

/**
 * Percentile confidence intervals of the four figures over resampled test rows (Efron and Tibshirani 1993, §13.3).
 *
 * `runs` are one system's predictions of the same rows under different seeds; their mean is what is measured.
 * A resample that misses a rare label scores it 0 in macro-F1 and leaves it out of AUPRC, as the figures' definitions
 * say, so the interval may lie a little below the figure where many labels are rare.
 * Rows × labels × resamples decide the time: 8,000 rows of 30 labels take about a second.
 */
export function bootstrapIntervals(runs: readonly CodedRows[], options: BootstrapOptions): Intervals {
  const { level = BOOTSTRAP.level } = options;
  const samples = eachMetric((): number[] => []);
  for (const weights of resamples(rowCount(runs), options)) {
    const metrics = meanMetrics(runs.map((rows) => metricsOf(rows, weights)));
    for (const name of METRIC_NAMES) {
      const value = metrics[name];
      if (value !== null) samples[name].push(value);
    }
  }
  return eachMetric((name) => (samples[name].length === 0 ? null : percentileInterval(samples[name], level)));
}

/** Figures averaged over runs; AUPRC is null if one run's is. */
export function meanMetrics(runs: readonly Metrics[]): Metrics {
  const meanOf = (name: Exclude<MetricName, 'auprc'>) => mean(runs.map((metrics) => metrics[name]));
  const areas = runs.map(({ auprc }) => auprc);
  return {
    n: runs[0]?.n ?? 0,
    accuracy: meanOf('accuracy'),
    macro_f1: meanOf('macro_f1'),
    micro_f1: meanOf('micro_f1'),
    auprc: areas.every((area) => area !== null) ? mean(areas) : null,
  };
}

/** How much better the first system is than the second in one figure, macro-F1 unless another is named. */
export interface PairedDifference {
  /** The figure of the first minus that of the second. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Paired bootstrap of the difference in macro-F1: both systems are scored on the same resamples.
 *
 * p = 2 · (1 + the fewer of the resamples at or below and at or above zero) / (1 + resamples), at most 1; counting the
 * observed sample keeps it from being 0 (Davison and Hinkley 1997, §4.2). It is the level at which the percentile
 * interval just touches zero.
 */
export function pairedBootstrap(first: CodedRows, second: CodedRows, options: BootstrapOptions): PairedDifference {
  const differenceOn = (weights: Uint32Array) => macroF1(first, weights) - macroF1(second, weights);
  const differences = Array.from(resamples(rowCount([first, second]), options), differenceOn);
  return testedDifference(differenceOn(onceEach(first)), differences, options);
}

/** The observed difference with the interval and the p of its resamples. */
export function testedDifference(
  difference: number,
  resampled: readonly number[],
  { level = BOOTSTRAP.level }: Pick<BootstrapOptions, 'level'>,
): PairedDifference {
  const atOrBelow = resampled.filter((value) => value <= 0).length;
  const atOrAbove = resampled.filter((value) => value >= 0).length;
  const [low, high] = percentileInterval(resampled, level);
  const p = Math.min(1, (2 * (1 + Math.min(atOrBelow, atOrAbove))) / (1 + resampled.length));
  return { difference, low, high, p };
}

/** The value below which a share of the values lies, interpolated linearly between neighbours (numpy's default). */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [low, high] = [sorted[below] ?? Number.NaN, sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN];
  return low + (high - low) * (position - below);
}

/** The interval that holds `level` of the values, as much left out on either side. */
export function percentileInterval(values: readonly number[], level: number): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

/** Yields how often each row was drawn (n draws with replacement). It is the same array each time: use it before taking the next. */
export function* resamples(n: number, { seed, resamples: count = BOOTSTRAP.resamples }: BootstrapOptions) {
  const weights = new Uint32Array(n);
  for (let sample = 0; sample < count; sample++) {
    const stream = randomStream(seed, 'bootstrap', sample);
    weights.fill(0);
    for (let draw = 0; draw < n; draw++) weights[Math.floor(stream.uniform(draw) * n)]! += 1;
    yield weights;
  }
}

/** Errors: `failed` where systems answer different numbers of rows. */
export function rowCount(systems: readonly CodedRows[]): number {
  const counts = new Set(systems.map(({ gold }) => gold.length));
  if (counts.size !== 1)
    throw failure({
      en: `Systems can be compared on the same rows only; found ${[...counts].join(', ')} rows.`,
      ko: `같은 행의 시스템만 비교할 수 있는데, 행 수가 다르다: ${[...counts].join(', ')}.`,
    });
  return [...counts][0] ?? 0;
}
