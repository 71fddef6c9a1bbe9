import { failure } from '../core/errors.ts';
import type { LabelSet, Prediction } from '../core/types.ts';

/** Gold labels and predictions as label ids, from which every metric is computed; made once for all resamples. */
export interface CodedRows {
  readonly labelSet: LabelSet;
  /** Label id of each row, from the gold labels and from the predictions. */
  readonly gold: Int32Array;
  readonly predicted: Int32Array;
  /** One per label, in the label set's order; null where the system gives no probabilities. */
  readonly rankings: readonly Ranking[] | null;
}

/** Rows by falling probability of one label. Rows of equal probability are one threshold. */
export interface Ranking {
  readonly rows: Int32Array;
  /** 1 where the next row's probability is lower: the end of a threshold's rows. */
  readonly endsTie: Uint8Array;
}

/**
 * Codes rows; `predictions[i]` answers `gold[i]`.
 *
 * Probabilities count only if every prediction has them. Errors: `failed` where lengths differ or a label is
 * not in the label set (callers validate files before).
 */
export function codeRows(gold: readonly string[], predictions: readonly Prediction[], labelSet: LabelSet): CodedRows {
  if (gold.length !== predictions.length)
    throw failure({
      en: `${predictions.length} predictions for ${gold.length} gold labels; expected one for each.`,
      ko: `예측은 ${predictions.length}개인데 정답 라벨은 ${gold.length}개이다. 행마다 하나씩이어야 한다.`,
    });
  const ids = new Map(labelSet.labels.map((label, id) => [label, id]));
  const idOf = (label: string, row: number): number => {
    const id = ids.get(label);
    if (id === undefined)
      throw failure({
        en: `Row ${row + 1}: the label ${JSON.stringify(label)} is not in the label set.`,
        ko: `${row + 1}행: 라벨 ${JSON.stringify(label)}이(가) 라벨 목록에 없다.`,
      });
    return id;
  };
  return {
    labelSet,
    gold: Int32Array.from(gold, idOf),
    predicted: Int32Array.from(predictions, (prediction, row) => idOf(prediction.predicted, row)),
    rankings: rankingsOf(predictions, labelSet.labels.length),
  };
}

function rankingsOf(predictions: readonly Prediction[], labels: number): Ranking[] | null {
  const table = predictions.map(({ probabilities }) => probabilities);
  if (!table.every((probabilities) => probabilities !== null)) return null;
  return Array.from({ length: labels }, (_, label) =>
    rankRows(Float64Array.from(table, (probabilities) => probabilities[label] ?? Number.NaN)),
  );
}

function rankRows(scores: Float64Array): Ranking {
  const rows = Int32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const endsTie = Uint8Array.from(rows, (row, i) => Number(scores[row] !== scores[rows[i + 1] ?? -1]));
  return { rows, endsTie };
}
