import { type RandomStream, randomStream, shuffled } from '../../../base/core/random.ts';
import type { AugmentationName } from '../../../base/core/settings.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import { relatedTypes } from '../../../base/data/documentRows.ts';
import { groupBy } from '../../../base/data/grouping.ts';
import { deleteWords, swapWords } from './changeWords.ts';
import { crossList, listKey } from './crossList.ts';
import { deny } from './deny.ts';
import { invert, typedRelations } from './invert.ts';
import { joinSentences } from './joinSentences.ts';
import { entityPools, replaceEntity } from './replaceEntity.ts';
import { knownNames, rival } from './rival.ts';
import { augmentedRow, type Variant } from './rows.ts';

export interface AugmentOptions {
  /** In any order: which one makes a row is drawn. */
  readonly techniques: readonly AugmentationName[];
  /** Rows to make per row given. */
  readonly share: number;
  readonly seed: number;
  /** Sentences that no row made may have: those of the validation rows. */
  readonly apart: ReadonlySet<string>;
  /** The label of pairs without a relation; null where the data have none. */
  readonly noRelation: string | null;
  /** Further rows that nothing made may repeat or contradict. */
  readonly beside?: readonly LabelledExample[];
}

type Technique = (row: LabelledExample, draws: RandomStream) => Variant | null;

/**
 * Rows made from training rows, `share` of their number, or as many as can be made. Goes through the rows in random order,
 * repeatedly until there are enough; each time a row gets what the first technique, in random order, can make of it.
 *
 * Dropped is what repeats a row, given or made, or contradicts one: the same sentence and words under another label. The
 * same rows and options give the same result.
 */
export function augment(
  rows: readonly LabelledExample[],
  { techniques, share, seed, apart, noRelation, beside = [] }: AugmentOptions,
): LabelledExample[] {
  const target = Math.round(share * rows.length);
  if (target === 0) return [];
  const table = techniqueTable(rows, noRelation);
  const known = new Set([...rows, ...beside].map(contentOf));
  const made: LabelledExample[] = [];
  for (let round = 0, before = -1; made.length < target && made.length > before; round++) {
    before = made.length;
    for (const index of shuffled([...rows.keys()], randomStream(seed, 'augment rows', round))) {
      if (made.length === target) break;
      const row = rows[index]!;
      for (const technique of shuffled(techniques, randomStream(seed, 'augment techniques', round, index))) {
        const variant = table[technique](row, randomStream(seed, `augment ${technique}`, round, index));
        if (!variant || known.has(contentOf(variant)) || apart.has(variant.sentence)) continue;
        known.add(contentOf(variant));
        made.push(augmentedRow(row, technique, round, variant));
        break;
      }
    }
  }
  return made;
}

function techniqueTable(
  rows: readonly LabelledExample[],
  noRelation: string | null,
): Readonly<Record<AugmentationName, Technique>> {
  const [pools, seen, names] = [entityPools(rows), typedRelations(rows), knownNames(rows)];
  const alike = groupBy(rows, listKey);
  const isPossible = relatedTypes(rows, noRelation);
  return {
    entity: (row, draws) => replaceEntity(row, pools, draws),
    inverse: (row) => invert(row, seen),
    delete: deleteWords,
    swap: swapWords,
    rival: (row, draws) => rival(row, names, noRelation, draws),
    list: (row, draws) => crossList(row, alike.get(listKey(row))!, noRelation, draws),
    join: (row, draws) => joinSentences(row, rows, { noRelation, isPossible }, draws),
    negate: (row, draws) => deny(row, noRelation, draws),
  };
}

/** What two rows have in common that repeat or contradict each other. */
const contentOf = ({ sentence, subject, object }: Variant): string =>
  JSON.stringify([sentence, subject.word, object.word]);
