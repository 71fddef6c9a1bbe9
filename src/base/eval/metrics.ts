import { z } from 'zod';
import { mean, sum } from '../core/averages.ts';
import type { LabelSet, Metrics, Prediction } from '../core/types.ts';
import { type CodedRows, codeRows, type Ranking } from './codedRows.ts';

export const METRIC_NAMES = ['accuracy', 'macro_f1', 'micro_f1', 'auprc'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** Something for each metric, in their order. */
export const eachMetric = <T>(of: (name: MetricName) => T): Record<MetricName, T> =>
  Object.fromEntries(METRIC_NAMES.map((name) => [name, of(name)])) as Record<MetricName, T>;

/** The four figures as files hold them. */
export const metricsSchema = z.object({
  n: z.number(),
  accuracy: z.number(),
  macro_f1: z.number(),
  micro_f1: z.number(),
  auprc: z.number().nullable(),
}) satisfies z.ZodType<Metrics>;

/**
 * KLUE's four figures, as fractions in [0, 1]; `predictions[i]` answers `gold[i]`.
 *
 * - `accuracy`: rows whose label is right, of all rows.
 * - `macro_f1`: mean F1 over all labels of the label set; 0 for a label with neither gold nor prediction.
 * - `micro_f1`: F1 of the pooled counts of all labels but `no_relation` (of all where there is none); 0 where
 *   neither gold nor predictions hold such a label.
 * - `auprc`: mean over the labels that have gold rows, `no_relation` included, of the trapezoid area under the
 *   precision–recall curve. Null without probabilities, and where there are no rows.
 *
 * The same figures as scikit-learn's `accuracy_score`, `f1_score(labels=…)` and `auc` of `precision_recall_curve`.
 * Source: Park et al. 2021 (arXiv:2105.09680) §3.5; KLUE-baseline, `metrics/functional.py`.
 * Without any row every F1 and the accuracy are 0.
 */
export function computeMetrics(
  gold: readonly string[],
  predictions: readonly Prediction[],
  labelSet: LabelSet,
): Metrics {
  const rows = codeRows(gold, predictions, labelSet);
  return metricsOf(rows, onceEach(rows));
}

/** Every row counted once: the weights of the plain figures. */
export const onceEach = (rows: CodedRows): Uint32Array => new Uint32Array(rows.gold.length).fill(1);

/** The figures where row i counts `weights[i]` times: those of a bootstrap resample, without copying a row. */
export function metricsOf(rows: CodedRows, weights: Uint32Array): Metrics {
  const counts = countLabels(rows, weights);
  const n = sum(counts.gold);
  const skipped = rows.labelSet.noRelation === null ? -1 : rows.labelSet.labels.indexOf(rows.labelSet.noRelation);
  const butNoRelation = (values: Float64Array) => sum(values) - (values[skipped] ?? 0);
  return {
    n,
    accuracy: n === 0 ? 0 : sum(counts.right) / n,
    macro_f1: macroF1Of(counts),
    micro_f1: f1(butNoRelation(counts.right), butNoRelation(counts.gold), butNoRelation(counts.predicted)),
    auprc: meanArea(rows, weights, counts),
  };
}

/** Macro-F1 alone, for resamples that need nothing else. */
export const macroF1 = (rows: CodedRows, weights: Uint32Array): number => macroF1Of(countLabels(rows, weights));

/** Per label: rows of that gold label, rows predicted so, and rows where both agree. */
export interface LabelCounts {
  readonly gold: Float64Array;
  readonly predicted: Float64Array;
  readonly right: Float64Array;
}

export function countLabels({ gold, predicted, labelSet }: CodedRows, weights: Uint32Array): LabelCounts {
  const labels = labelSet.labels.length;
  // The inner loop of resampling: each array is a local variable, and rows that were not drawn are skipped.
  const goldCounts = new Float64Array(labels);
  const predictedCounts = new Float64Array(labels);
  const rightCounts = new Float64Array(labels);
  for (let row = 0; row < gold.length; row++) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    const label = gold[row]!;
    const answer = predicted[row]!;
    goldCounts[label]! += weight;
    predictedCounts[answer]! += weight;
    if (label === answer) rightCounts[label]! += weight;
  }
  return { gold: goldCounts, predicted: predictedCounts, right: rightCounts };
}

/** F1 = 2·right / (gold + predicted), the harmonic mean of precision and recall; 0 where there is neither gold nor prediction. */
export const f1 = (right: number, gold: number, predicted: number): number =>
  gold + predicted === 0 ? 0 : (2 * right) / (gold + predicted);

/**
 * Area under one label's precision–recall curve by the trapezoid rule, over scikit-learn's points: one for each
 * distinct probability, and (recall 0, precision 1) to begin with. Null where no row has the label.
 */
export function areaUnderCurve(ranking: Ranking, gold: Int32Array, label: number, weights: Uint32Array): number | null {
  const { rows, endsTie } = ranking;
  let found = 0; // rows of the label at or above the threshold
  let taken = 0; // all rows at or above it
  let foundBefore = 0;
  let takenBefore = 0;
  let twiceArea = 0; // in units of rows; recall = found / rows of the label
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    taken += weights[row]!;
    if (gold[row] === label) found += weights[row]!;
    if (endsTie[i] === 0) continue;
    // Recall moves only where rows of the label were found; elsewhere the trapezoid has no width.
    if (found > foundBefore)
      twiceArea += (found - foundBefore) * (found / taken + (takenBefore === 0 ? 1 : foundBefore / takenBefore));
    foundBefore = found;
    takenBefore = taken;
  }
  return found === 0 ? null : twiceArea / 2 / found;
}

function meanArea({ rankings, gold }: CodedRows, weights: Uint32Array, counts: LabelCounts): number | null {
  const areas = rankings?.flatMap((ranking, label) =>
    counts.gold[label] === 0 ? [] : (areaUnderCurve(ranking, gold, label, weights) ?? []),
  );
  return areas === undefined || areas.length === 0 ? null : mean(areas);
}

function macroF1Of({ gold, predicted, right }: LabelCounts): number {
  return gold.length === 0 ? 0 : mean(gold.map((count, label) => f1(right[label]!, count, predicted[label]!)));
}
