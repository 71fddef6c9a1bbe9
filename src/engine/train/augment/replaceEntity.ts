import type { RandomStream } from '../../../base/core/random.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import { groupBy } from '../../../base/data/grouping.ts';
import { codePointLength } from '../../../base/data/span.ts';
import { utf16Index } from '../../../base/text/codePoints.ts';
import type { EntityRole } from '../../../base/text/markers.ts';
import { fitTail, particlePlace } from '../../../base/text/particles.ts';
import { occurrences, placed, type Variant } from './rows.ts';

/** Words to draw from, by role, type and label. */
export type EntityPools = ReadonlyMap<string, readonly string[]>;

const ROLES: readonly EntityRole[] = ['subject', 'object'];
/** Words that are tried for an entity before the row is given up. */
const TRIES = 8;

const poolKey = (row: LabelledExample, role: EntityRole): string => JSON.stringify([role, row[role].type, row.label]);

/**
 * The distinct words of all rows that may replace each other: entities of the same role and type in rows of the same
 * label. The type alone is too wide, as KLUE's POH holds titles, religions and songs.
 */
export function entityPools(rows: readonly LabelledExample[]): EntityPools {
  const uses = rows.flatMap((row) => ROLES.map((role) => ({ key: poolKey(row, role), word: row[role].word })));
  return new Map(
    [...groupBy(uses, ({ key }) => key)].map(([key, group]) => [key, [...new Set(group.map(({ word }) => word))]]),
  );
}

/**
 * The row with one of its entities replaced by another of its pool, the particle behind it corrected. A word that occurs
 * elsewhere in the sentence too is not replaced, since both places mean the same thing; nor is one inserted that is there.
 * Null where no word drawn fits.
 */
export function replaceEntity(row: LabelledExample, pools: EntityPools, draws: RandomStream): Variant | null {
  const first = draws.uint32(0) % 2;
  return replaceRole(row, ROLES[first]!, pools, draws) ?? replaceRole(row, ROLES[1 - first]!, pools, draws);
}

function replaceRole(row: LabelledExample, role: EntityRole, pools: EntityPools, draws: RandomStream): Variant | null {
  const { sentence } = row;
  const old = row[role].word;
  const pool = pools.get(poolKey(row, role)) ?? [];
  if (occurrences(sentence, old) !== 1) return null;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const word = pool[Math.floor(draws.uniform(1 + ROLES.indexOf(role) * TRIES + attempt) * pool.length)];
    if (word === undefined || sentence.includes(word)) continue;
    const variant = withWord(row, role, word);
    if (variant && occurrences(variant.sentence, word) === 1) return variant;
  }
  return null;
}

/** The row with another word as its subject or object; null where the text behind cannot be fitted to it. */
function withWord(row: LabelledExample, role: EntityRole, word: string): Variant | null {
  const { sentence, label } = row;
  const entity = row[role];
  const otherRole = role === 'subject' ? 'object' : 'subject';
  const other = row[otherRole];
  const end = utf16Index(sentence, entity.end + 1);
  const [head, tail] = [sentence.slice(0, utf16Index(sentence, entity.start)), sentence.slice(end)];
  // Without a space before it, or explained in Hanja: the text belongs to the old word.
  if (/[\p{L}\p{N}]$/u.test(head) || /^\s?\(\p{Script=Han}/u.test(tail)) return null;
  const fitted = fitTail(tail, entity.word, word);
  if (fitted === null) return null;
  const inTail = (codePoints: number) => utf16Index(sentence, codePoints) - end;
  const [otherStart, otherEnd] = [inTail(other.start), inTail(other.end + 1)];
  const particle = particlePlace(tail);
  // What seems to be a particle belongs to the other entity.
  if (otherStart < particle.end && otherEnd > particle.start) return null;
  const changed = head + word + fitted;
  const longer = codePointLength(word) - codePointLength(entity.word);
  const whole = codePointLength(changed) - codePointLength(sentence);
  const shift = otherStart < 0 ? 0 : otherEnd <= particle.start ? longer : whole;
  return {
    sentence: changed,
    label,
    ...({
      [role]: placed(entity, word, entity.start),
      [otherRole]: placed(other, other.word, other.start + shift),
    } as Pick<Variant, EntityRole>),
  };
}
