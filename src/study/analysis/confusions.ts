import { groupBy, tally } from '../../base/data/grouping.ts';
import { fisherExact } from '../../base/eval/significance.ts';
import { type AnalyzedRow, byConfidence, guidsOf } from './analyzedRow.ts';
import type { ErrorAnalysis } from './schema.ts';

/** Sentences shown for a confusion. */
const SHOWN_CASES = 3;
/** Lists end after so many lines; the rest are single rows. */
const MOST_PAIRS = 20;
const MOST_LABELS = 12;

/** Which relations are taken for which: named ones for one another, and apart from these what was missed and invented. */
export function confusionPatterns(
  rows: readonly AnalyzedRow[],
  noRelation: string | null,
): ErrorAnalysis['confusions'] {
  const errors = byConfidence(rows.filter(({ isRight }) => !isRight));
  const missed = errors.filter(({ predicted }) => predicted === noRelation);
  const invented = errors.filter(({ example }) => example.label === noRelation);
  const named = errors.filter(({ example, predicted }) => example.label !== noRelation && predicted !== noRelation);
  const gold = tally(rows.map(({ example }) => example.label));
  const predicted = tally(rows.map((row) => row.predicted));
  return {
    named: named.length,
    missed: missed.length,
    invented: invented.length,
    pairs: namedPairs(named, gold),
    missed_labels: byLabel(missed, ({ example }) => example.label, gold),
    invented_labels: byLabel(invented, (row) => row.predicted, predicted),
  };
}

function namedPairs(errors: readonly AnalyzedRow[], gold: ReadonlyMap<string, number>) {
  const keyOf = (from: string, to: string) => JSON.stringify([from, to]);
  const groups = groupBy(errors, ({ example, predicted }) => keyOf(example.label, predicted));
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST_PAIRS)
    .map((group) => {
      const { example, predicted } = group[0]!;
      const [own, other] = [gold.get(example.label) ?? 0, gold.get(predicted) ?? 0];
      const reverse = groups.get(keyOf(predicted, example.label))?.length ?? 0;
      return {
        gold: example.label,
        predicted,
        count: group.length,
        share: group.length / own,
        reverse_count: reverse,
        reverse_share: other === 0 ? 0 : reverse / other,
        asymmetry_p: fisherExact(group.length, own, reverse, other),
        cases: guidsOf(group, SHOWN_CASES),
      };
    });
}

/** Errors by a label, most first; shares of all rows that have the label. */
const byLabel = (
  errors: readonly AnalyzedRow[],
  labelOf: (row: AnalyzedRow) => string,
  totals: ReadonlyMap<string, number>,
) =>
  [...groupBy(errors, labelOf)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_LABELS)
    .map(([label, group]) => ({
      label,
      count: group.length,
      share: group.length / totals.get(label)!,
      cases: guidsOf(group, SHOWN_CASES),
    }));
