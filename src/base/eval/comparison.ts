import { mean } from '../core/averages.ts';
import type { LabelSet, Metrics } from '../core/types.ts';
import {
  bootstrapIntervals,
  type Intervals,
  meanMetrics,
  type PairedDifference,
  pairedBootstrap,
} from './bootstrap.ts';
import type { CodedRows } from './codedRows.ts';
import { countLabels, f1, metricsOf, onceEach } from './metrics.ts';
import { type McNemar, mcnemarTest } from './significance.ts';

/** A system and its answers to the test rows: one run, or one for each seed where it is random. */
export interface ComparedSystem {
  readonly system: string;
  readonly runs: readonly CodedRows[];
}

/** A row of the comparison. */
export interface ComparisonRow {
  readonly system: string;
  /** Means over the runs. */
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  /** The reference system against this one; null for the reference itself. Of several runs the first is tested. */
  readonly against: { readonly mcnemar: McNemar; readonly macro_f1: PairedDifference } | null;
}

/** Figures and intervals of one system, and the reference's paired tests against it; both answer the same rows. */
export function compareSystem(
  { system, runs }: ComparedSystem,
  reference: ComparedSystem,
  seed: number,
): ComparisonRow {
  const [first, best] = [runs[0], reference.runs[0]];
  const isTested = first && best && system !== reference.system;
  return {
    system,
    metrics: meanMetrics(runs.map((rows) => metricsOf(rows, onceEach(rows)))),
    intervals: bootstrapIntervals(runs, { seed }),
    against: isTested ? { mcnemar: mcnemarTest(best, first), macro_f1: pairedBootstrap(best, first, { seed }) } : null,
  };
}

/** One label under every system. */
export interface ClassComparison {
  readonly label: string;
  readonly support: number;
  /** System → F1, the mean over its runs. */
  readonly f1: Readonly<Record<string, number>>;
}

export function compareClasses(systems: readonly ComparedSystem[], { labels }: LabelSet): ClassComparison[] {
  const counted = systems.map(({ system, runs }) => ({
    system,
    counts: runs.map((rows) => countLabels(rows, onceEach(rows))),
  }));
  return labels.map((label, id) => ({
    label,
    support: counted[0]?.counts[0]?.gold[id] ?? 0,
    f1: Object.fromEntries(
      counted.map(({ system, counts }) => {
        const scores = counts.map(({ right, gold, predicted }) => f1(right[id]!, gold[id]!, predicted[id]!));
        return [system, mean(scores)];
      }),
    ),
  }));
}

/** How a system's predictions are distributed over the labels, and the accuracy that this alone would give. */
export interface PredictionSpread {
  readonly system: string;
  /** Most predicted first, at most `limit`. */
  readonly top: readonly {
    readonly label: string;
    /** Of the predictions. */
    readonly share: number;
    /** Of the gold labels. */
    readonly gold_share: number;
  }[];
  readonly labels_predicted: number;
  readonly accuracy: number;
  /** Σₖ predicted(k) · gold(k): the accuracy of predictions with these shares that know nothing of the row. */
  readonly blind_accuracy: number;
}

export function predictionSpread(system: string, rows: CodedRows, limit: number): PredictionSpread {
  const weights = onceEach(rows);
  const { gold, predicted } = countLabels(rows, weights);
  const { n, accuracy } = metricsOf({ ...rows, rankings: null }, weights);
  const shares = rows.labelSet.labels.map((label, id) => ({
    label,
    share: predicted[id]! / n,
    gold_share: gold[id]! / n,
  }));
  const used = shares.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
  return {
    system,
    top: used.slice(0, limit),
    labels_predicted: used.length,
    accuracy,
    blind_accuracy: shares.reduce((sum, { share, gold_share }) => sum + share * gold_share, 0),
  };
}
