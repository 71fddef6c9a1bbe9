import type { RandomStream } from '../../../base/core/random.ts';
import type { Entity, LabelledExample } from '../../../base/core/types.ts';
import { groupBy } from '../../../base/data/grouping.ts';
import { traitsOf } from '../../../base/data/relationTraits.ts';
import { codePointLength, overlap } from '../../../base/data/span.ts';
import { fitTail } from '../../../base/text/particles.ts';
import type { Variant } from './rows.ts';

/** The entity type that a name has in the rows; names of several types are left out. */
export type KnownNames = ReadonlyMap<string, string>;

/** Shorter names mean too many things. */
const LEAST_LENGTH = 2;
const MOST_LENGTH = 20;

export function knownNames(rows: readonly LabelledExample[]): KnownNames {
  const uses = rows.flatMap(({ subject, object }) => [subject, object]);
  const names = new Map<string, string>();
  for (const [word, group] of groupBy(uses, ({ word }) => word)) {
    const types = new Set(group.map(({ type }) => type));
    const [type] = types;
    if (types.size === 1 && type != null && word.length >= LEAST_LENGTH && word.length <= MOST_LENGTH)
      names.set(word, type);
  }
  return names;
}

/**
 * The row's subject with a rival of its object: where a subject has one object of a relation at most (`maxObjects` of the
 * table of relations), another entity of the same type in the sentence is not its object. The rivals are names that other rows
 * have as entities. Dates are no rivals: beside the birth stands the death. Null where there is none.
 */
export function rival(
  row: LabelledExample,
  names: KnownNames,
  noRelation: string | null,
  draws: RandomStream,
): Variant | null {
  const { sentence, subject, object, label } = row;
  if (noRelation === null || traitsOf(label)?.maxObjects !== 1 || object.type === 'DAT') return null;
  const rivals = namesIn(sentence, names).filter(
    (entity) =>
      entity.type === object.type &&
      ![subject, object].some(
        (own) => overlap(own, entity) || own.word.includes(entity.word) || entity.word.includes(own.word),
      ),
  );
  const chosen = rivals[Math.floor(draws.uniform(0) * rivals.length)];
  return chosen === undefined ? null : { sentence, subject, object: chosen, label: noRelation };
}

/** Known names in a sentence that stand as words, with nothing but a particle behind; the longest at each place. */
function namesIn(sentence: string, names: KnownNames): Entity[] {
  const found: Entity[] = [];
  for (let at = 0; at < sentence.length; at++) {
    if (at > 0 && /[\p{L}\p{N}]/u.test(sentence[at - 1]!)) continue;
    for (let length = Math.min(MOST_LENGTH, sentence.length - at); length >= LEAST_LENGTH; length--) {
      const word = sentence.slice(at, at + length);
      const type = names.get(word);
      if (type === undefined || fitTail(sentence.slice(at + length), word, word) === null) continue;
      const start = codePointLength(sentence.slice(0, at));
      found.push({ word, type, start, end: start + codePointLength(word) - 1 });
      at += length - 1;
      break;
    }
  }
  return found;
}
