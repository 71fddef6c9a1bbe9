import type { Metrics } from '../../base/core/types.ts';
import type { Intervals } from '../../base/eval/bootstrap.ts';
import { METRIC_NAMES } from '../../base/eval/metrics.ts';
import { textTable } from './textTable.ts';

/** The four metrics with the ends of their 95 % intervals, as a table. */
export const figureTable = (metrics: Metrics, intervals: Intervals): string =>
  textTable(
    METRIC_NAMES.map((metric) => ({
      metric,
      value: metrics[metric],
      'from (95 %)': intervals[metric]?.[0] ?? null,
      to: intervals[metric]?.[1] ?? null,
    })),
  );
