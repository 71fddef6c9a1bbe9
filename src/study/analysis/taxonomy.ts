import { inverseOf } from '../../base/data/relationTraits.ts';
import type { AnalyzedRow } from './analyzedRow.ts';
import { ERROR_CLASSES, type ErrorClass } from './kinds.ts';

/** What the rules of the taxonomy know of the data beside the row. */
export interface TaxonomyContext {
  readonly noRelation: string | null;
  /** The model strongly disagrees with the label (`confidentLearning.ts`), or another row contradicts it (`contradictions.ts`). */
  readonly isDisputed: (row: AnalyzedRow) => boolean;
  /** Whether training rows have such a relation between entities of such types; true where nothing is known. */
  readonly isKnown: (row: AnalyzedRow, label: string) => boolean;
  readonly isRare: (label: string) => boolean;
}

type Rule = (row: AnalyzedRow, context: TaxonomyContext) => boolean;

/**
 * The rules, tried in the order of `ERROR_CLASSES`; the first that holds names the error. Specific causes come first: what a
 * person should look at first, what the types alone rule out, the right fact with the entities exchanged; then the kind of mistake.
 */
const RULES: Readonly<Record<ErrorClass, Rule>> = {
  strong_disagreement: (row, { isDisputed }) => isDisputed(row),
  /** A relation that no training row has between entities of these types. */
  type_inconsistent: (row, { isKnown, noRelation }) => row.predicted !== noRelation && !isKnown(row, row.predicted),
  /** The relation of the entities exchanged, e.g. a member for the organisation it belongs to. */
  wrong_direction: ({ example, predicted }) => isOpposite(example.label, predicted),
  /** There is a relation; the answer was none. */
  missed: ({ predicted }, { noRelation }) => predicted === noRelation,
  /** There is no relation; the answer was one. */
  invented: ({ example }, { noRelation }) => example.label === noRelation,
  /** Another relation instead of one that training hardly ever showed. */
  rare_label: ({ example }, { isRare }) => isRare(example.label),
  /** Another relation of the same family (`per:` or `org:`). */
  sibling: ({ example, predicted }) => areSiblings(example.label, predicted),
  other: () => true,
};

/** The class of an error. */
export const errorClassOf = (row: AnalyzedRow, context: TaxonomyContext): ErrorClass =>
  ERROR_CLASSES.find((name) => RULES[name](row, context))!;

/** Whether one relation is the other with the entities exchanged. */
export const isOpposite = (a: string, b: string): boolean => a !== b && inverseOf(a) === b;

/** `per:title` and `per:origin` are siblings: both describe a subject of the same kind. */
export const areSiblings = (a: string, b: string): boolean => familyOf(a) !== null && familyOf(a) === familyOf(b);

const familyOf = (label: string): string | null => /^([^:]+):/.exec(label)?.[1] ?? null;
