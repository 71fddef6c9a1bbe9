import type { LabelSet, Prediction } from '../core/types.ts';
import { codeRows } from './codedRows.ts';
import { areaUnderCurve, countLabels, f1, onceEach } from './metrics.ts';

/** One label's figures, fractions in [0, 1]. `support` and `predicted` are rows. */
export interface ClassMetrics {
  readonly label: string;
  readonly support: number;
  readonly predicted: number;
  /** 0 where the label was never predicted. */
  readonly precision: number;
  /** 0 where the label has no gold row. */
  readonly recall: number;
  readonly f1: number;
  /** Null without probabilities or without gold rows. */
  readonly auprc: number | null;
}

/** Precision, recall, F1 and AUPRC of each label, in the label set's order; their means are macro-F1 and AUPRC. */
export function perClassMetrics(
  gold: readonly string[],
  predictions: readonly Prediction[],
  labelSet: LabelSet,
): ClassMetrics[] {
  const rows = codeRows(gold, predictions, labelSet);
  const weights = onceEach(rows);
  const counts = countLabels(rows, weights);
  return labelSet.labels.map((label, id) => {
    const [right, support, predicted] = [counts.right[id]!, counts.gold[id]!, counts.predicted[id]!];
    const ranking = rows.rankings?.[id];
    return {
      label,
      support,
      predicted,
      precision: predicted === 0 ? 0 : right / predicted,
      recall: support === 0 ? 0 : right / support,
      f1: f1(right, support, predicted),
      auprc: ranking ? areaUnderCurve(ranking, rows.gold, id, weights) : null,
    };
  });
}
