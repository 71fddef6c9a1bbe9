import { deviation } from '../core/averages.ts';
import { randomStream } from '../core/random.ts';
import type { LabelledExample, LabelSet, Metrics, Prediction } from '../core/types.ts';
import { meanMetrics } from './bootstrap.ts';
import { computeMetrics } from './metrics.ts';
import type { BaselineKey } from './systems.ts';

/** Seeds of the random baselines: as many as this, from the run's seed on. */
export const BASELINE_SEEDS = 10;

export interface BaselineResult {
  readonly system: BaselineKey;
  /** Means over the seeds; AUPRC is null, as these systems state labels and no probabilities. */
  readonly metrics: Metrics;
  /** Sample standard deviation over the seeds (n − 1 in the denominator); 0 for the majority label. */
  readonly deviation: { readonly accuracy: number; readonly macro_f1: number; readonly micro_f1: number };
  /** The accuracy to expect over all seeds, computed exactly. */
  readonly expected_accuracy: number;
  readonly runs: readonly { readonly seed: number; readonly metrics: Metrics }[];
}

interface Rows {
  readonly train: readonly LabelledExample[];
  readonly test: readonly LabelledExample[];
  readonly labelSet: LabelSet;
}

/**
 * The three baselines on the test rows: the random ones under every seed, the majority label, which needs none, once.
 *
 * Expected accuracy: the majority label's share of the test rows; 1/K for uniform draws of K labels;
 * Σₖ train(k) · test(k) for draws from the training priors.
 */
export function runBaselines(rows: Rows, seeds: readonly number[]): BaselineResult[] {
  const { train, test, labelSet } = rows;
  const [trainShares, testShares] = [labelShares(train, labelSet), labelShares(test, labelSet)];
  const gold = test.map(({ label }) => label);
  const expected: Record<BaselineKey, number> = {
    majority: testShares[labelSet.labels.indexOf(majorityLabel(train, labelSet))] ?? 0,
    random_uniform: 1 / labelSet.labels.length,
    random_weighted: trainShares.reduce((sum, share, label) => sum + share * testShares[label]!, 0),
  };
  return Object.entries(expected).map(([key, expected_accuracy]) => {
    const system = key as BaselineKey;
    const runs = (system === 'majority' ? seeds.slice(0, 1) : seeds).map((seed) => ({
      seed,
      metrics: computeMetrics(gold, baselinePredictions(system, rows, seed), labelSet),
    }));
    const metrics = runs.map((run) => run.metrics);
    return {
      system,
      metrics: meanMetrics(metrics),
      deviation: {
        accuracy: deviation(metrics.map(({ accuracy }) => accuracy)) ?? 0,
        macro_f1: deviation(metrics.map(({ macro_f1 }) => macro_f1)) ?? 0,
        micro_f1: deviation(metrics.map(({ micro_f1 }) => micro_f1)) ?? 0,
      },
      expected_accuracy,
      runs,
    };
  });
}

/** A baseline's answer to each test row under a seed; the majority label does not depend on it. */
export function baselinePredictions(system: BaselineKey, { train, test, labelSet }: Rows, seed: number): Prediction[] {
  const stream = randomStream(seed, 'baseline', system);
  const draw = drawer(system, train, labelSet);
  return test.map(({ guid }, row) => ({ guid, predicted: draw(stream.uniform(row)), probabilities: null }));
}

/** Number in [0, 1) → label. */
function drawer(system: BaselineKey, train: readonly LabelledExample[], labelSet: LabelSet): (x: number) => string {
  const { labels } = labelSet;
  if (system === 'majority') {
    const label = majorityLabel(train, labelSet);
    return () => label;
  }
  if (system === 'random_uniform') return (x) => labels[Math.floor(x * labels.length)]!;
  // A training row drawn at random has the labels' priors.
  return (x) => train[Math.floor(x * train.length)]!.label;
}

/** The most frequent label; of several, the first of the label set. */
export function majorityLabel(rows: readonly LabelledExample[], labelSet: LabelSet): string {
  const shares = labelShares(rows, labelSet);
  return labelSet.labels[shares.indexOf(Math.max(...shares))]!;
}

/** Share of the rows that each label has, in the label set's order. */
export function labelShares(rows: readonly LabelledExample[], { labels }: LabelSet): number[] {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label) => (counts.get(label) ?? 0) / Math.max(1, rows.length));
}
