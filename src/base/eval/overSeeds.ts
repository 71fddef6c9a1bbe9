import { deviation, mean } from '../core/averages.ts';
import { eachMetric, type MetricName } from './metrics.ts';

/** The four figures over several training seeds; null where a run has none, or where one run alone has no deviation. */
export type SeedFigures = Readonly<Record<MetricName, number | null>>;

/** Means, and sample standard deviations (over n - 1), of the runs' figures. */
export function overSeeds(runs: readonly SeedFigures[]): { mean: SeedFigures; deviation: SeedFigures } {
  const column = (metric: MetricName) => runs.map((run) => run[metric]);
  return {
    mean: eachMetric((metric) => meanOf(column(metric))),
    deviation: eachMetric((metric) => deviationOf(column(metric))),
  };
}

/** Null where a value is missing, or all are. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return null;
  return mean(known);
}

function deviationOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : deviation(known);
}
