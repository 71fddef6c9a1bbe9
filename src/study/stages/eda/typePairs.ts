import type { Example, LabelledExample, LabelSet } from '../../../base/core/types.ts';
import { type TypePairCount, typePairCounts, UNTYPED } from '../../../base/data/profile.ts';
import { majorityLabel } from '../../../base/eval/baselines.ts';
import type { EdaFacts } from './summary.ts';

type TypePairRow = EdaFacts['type_pairs']['rows'][number];

/** A type pair for people, e.g. `PER→ORG`. */
export const pairName = (subjectType: string, objectType: string): string => `${subjectType}→${objectType}`;

/** The type pairs of the rows, most frequent first, each with its most frequent relation. */
export function typePairRows(rows: readonly Example[], labelSet: LabelSet): TypePairRow[] {
  const pairs = new Map<string, TypePairCount[]>();
  for (const cell of typePairCounts(rows, labelSet)) {
    const key = pairName(cell.subjectType, cell.objectType);
    pairs.set(key, [...(pairs.get(key) ?? []), cell]);
  }
  return [...pairs.values()]
    .map((cells) => {
      const count = cells.reduce((sum, cell) => sum + cell.count, 0);
      const top = cells.reduce((best, cell) => (cell.count > best.count ? cell : best));
      return {
        subject_type: top.subjectType,
        object_type: top.objectType,
        count,
        share: count / rows.length,
        relations: cells.length,
        top_label: top.label,
        top_share: top.count / count,
      };
    })
    .sort((a, b) => b.count - a.count);
}

/** Answers with the relation that the training rows have most often for the row's type pair, or most often at all. */
export function pairRule(train: readonly LabelledExample[], labelSet: LabelSet): (row: Example) => string {
  const pairs = typePairRows(train, labelSet);
  const answers = new Map(pairs.map((row) => [pairName(row.subject_type, row.object_type), row.top_label]));
  const majority = majorityLabel(train, labelSet);
  return ({ subject, object }) => answers.get(pairName(subject.type ?? UNTYPED, object.type ?? UNTYPED)) ?? majority;
}
