import { mean } from '../../base/core/averages.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { type AnalyzedRow, byConfidence } from './analyzedRow.ts';

/**
 * Rows where the model strongly disagrees with the label, by the rule of confident learning (Northcutt et al., 2021,
 * arXiv:1911.00068, §3.1): the threshold of a label is the mean confidence in it of the rows that have it, tⱼ = mean p(j | rows labelled j); a row is counted for the
 * label with the highest probability among those that reach their threshold. Test rows are answered by a model that never
 * saw them, as the method asks.
 *
 * Confident learning estimates how many labels are wrong if the model's errors were noise; a model that is often wrong would
 * have most of its errors counted. So a row must be answered with that label, with a calibrated confidence of 0.8 or more and
 * no more than 0.1 left for the given label, and training rows must know the answer for the pair of entity types.
 *
 * Even so the model may be the one that is wrong: `reliabilityFrom` tells how often answers of such a confidence are right.
 */
export interface Disagreement {
  readonly row: AnalyzedRow;
  readonly suggested: string;
}

export const LEAST_CONFIDENCE = 0.8;
const MOST_GOLD_PROBABILITY = 0.1;

/** How many answers of a calibrated confidence of `from` or more there are, and how many of them are right. */
export function reliabilityFrom(
  rows: readonly AnalyzedRow[],
  from: number,
): { from: number; answers: number; right: number } {
  const answers = rows.filter(({ confidence }) => confidence >= from);
  return { from, answers: answers.length, right: answers.filter(({ isRight }) => isRight).length };
}

/** Threshold of each label that has rows, in label order. */
export function labelThresholds(
  rows: readonly AnalyzedRow[],
  { labels }: LabelSet,
): { readonly label: string; readonly threshold: number }[] {
  return labels.flatMap((label) => {
    const own = rows.filter(({ example }) => example.label === label);
    if (own.length === 0) return [];
    return { label, threshold: mean(own.map(({ goldProbability }) => goldProbability)) };
  });
}

/**
 * The disagreements, the most confident first.
 *
 * @param isKnown whether training rows have such a relation between entities of such types
 */
export function findDisagreements(
  rows: readonly AnalyzedRow[],
  labelSet: LabelSet,
  isKnown: (row: AnalyzedRow, label: string) => boolean,
): Disagreement[] {
  const thresholds = labelThresholds(rows, labelSet);
  return byConfidence(rows).flatMap((row) => {
    if (row.isRight || row.confidence < LEAST_CONFIDENCE || row.goldProbability > MOST_GOLD_PROBABILITY) return [];
    const probabilityOf = (label: string) => row.probabilities[labelSet.labels.indexOf(label)]!;
    const reached = thresholds.filter(({ label, threshold }) => probabilityOf(label) >= threshold);
    const suggested = reached.reduce<string | null>(
      (best, { label }) => (best === null || probabilityOf(label) > probabilityOf(best) ? label : best),
      null,
    );
    return suggested === row.predicted && isKnown(row, suggested) ? { row, suggested } : [];
  });
}
