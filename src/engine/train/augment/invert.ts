import type { LabelledExample } from '../../../base/core/types.ts';
import { inverseOf } from '../../../base/data/relationTraits.ts';
import type { Variant } from './rows.ts';

/** What relations are seen between: a key for each label with its pair of types. */
export type TypedRelations = ReadonlySet<string>;

const keyOf = ({ label, subject, object }: Pick<Variant, 'label' | 'subject' | 'object'>): string =>
  JSON.stringify([label, subject.type, object.type]);

export const typedRelations = (rows: readonly LabelledExample[]): TypedRelations => new Set(rows.map(keyOf));

/**
 * The row with subject and object swapped, under the inverse of its relation. Null where the relation has none, or where
 * no row has the inverse between these types (an `org:member_of` whose object is a place, for example).
 */
export function invert({ sentence, subject, object, label }: LabelledExample, seen: TypedRelations): Variant | null {
  const inverse = inverseOf(label);
  if (inverse === null) return null;
  const variant = { sentence, subject: object, object: subject, label: inverse };
  return seen.has(keyOf(variant)) ? variant : null;
}
