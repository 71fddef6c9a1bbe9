/** What an analysis tells apart, by the names in its file. */

/** Classes of errors, in the order in which their rules are tried (`taxonomy.ts`). */
export const ERROR_CLASSES = [
  'label_error',
  'type_inconsistent',
  'wrong_direction',
  'missed',
  'invented',
  'rare_label',
  'sibling',
  'other',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** Ways to divide the test rows (`slices.ts`). */
export const SLICINGS = ['type_pair', 'length', 'distance', 'order', 'novelty', 'source', 'frequency'] as const;
export type Slicing = (typeof SLICINGS)[number];

/** What might help a rare relation, in the order in which it is told (`rareRelations.ts`). */
export const REMEDIES = [
  'more_rows',
  'inverse_augmentation',
  'type_mask',
  'sharper_definition',
  'threshold',
  'nothing',
  'unknown',
] as const;
export type Remedy = (typeof REMEDIES)[number];

/** Parts that an analysis may lack, and why. */
export const PARTS = ['shortcuts', 'neighbours', 'novelty', 'frequency', 'types', 'rare'] as const;
export type AnalysisPart = (typeof PARTS)[number];
export const LEFT_OUT_REASONS = ['no_model', 'no_training_rows', 'no_types'] as const;
