import { AUGMENTATION_NAMES, type AugmentationName } from '../../../base/core/settings.ts';
import type { Entity, LabelledExample } from '../../../base/core/types.ts';
import { codePointLength } from '../../../base/data/span.ts';

/** What a technique makes of a row: the parts that change. */
export type Variant = Pick<LabelledExample, 'sentence' | 'subject' | 'object' | 'label'>;

const SOURCE = 'augmented:';

/** The techniques that a setting lists, in the table's order. */
export const augmentationsOf = (list: string | null): AugmentationName[] =>
  AUGMENTATION_NAMES.filter((name) => list?.split(',').includes(name));

/** A variant as a row of its own. Its guid and source name the technique; `round` distinguishes variants of a row. */
export const augmentedRow = (
  { guid }: LabelledExample,
  technique: AugmentationName,
  round: number,
  variant: Variant,
): LabelledExample => ({ ...variant, guid: `${guid}~${technique}-${round + 1}`, source: `${SOURCE}${technique}` });

/** The technique that made a row; null for a row as it was given. */
export const augmentationOf = ({ source }: Pick<LabelledExample, 'source'>): AugmentationName | null =>
  AUGMENTATION_NAMES.find((name) => source === `${SOURCE}${name}`) ?? null;

/** How often a word occurs in a text, overlapping places included. */
export function occurrences(text: string, word: string): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) count++;
  return count;
}

/** An entity at another place, its offsets in code points. */
export const placed = (entity: Entity, word: string, start: number): Entity => ({
  ...entity,
  word,
  start,
  end: start + codePointLength(word) - 1,
});
