import type { LabelSet } from '../core/types.ts';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from './relations.ts';

/** What means that a pair has none, where nothing says otherwise. */
export const NO_RELATION = 'no_relation';

/** Label set of rows without a `relation_list.json`: the labels that occur, KLUE's in their official order, others after them by name. */
export const labelSetOf = (labels: Iterable<string>): LabelSet => namedLabelSet(inOrder(labels, KLUE_LABELS));

/** Label set of names in id order, e.g. those that a Parquet file carries. */
export const namedLabelSet = (labels: readonly string[]): LabelSet => ({
  labels,
  noRelation: labels.includes(NO_RELATION) ? NO_RELATION : null,
});

/** Entity types that occur: KLUE's in their usual order, others after them by name. */
export const entityTypesOf = (types: Iterable<string | null>): string[] =>
  inOrder(
    [...types].filter((type) => type !== null),
    KLUE_ENTITY_TYPES,
  );

/** The distinct names: first those of `order` in its order, then the others by code units. */
function inOrder(values: Iterable<string>, order: readonly string[]): string[] {
  const present = new Set(values);
  const others = [...present].filter((name) => !order.includes(name)).sort();
  return [...order.filter((name) => present.has(name)), ...others];
}
