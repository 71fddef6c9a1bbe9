import type { Entity } from '../../../base/core/types.ts';
import { codePointLength } from '../../../base/data/span.ts';
import type { EntityRole } from '../../../base/text/markers.ts';
import { particleAfter } from '../../../base/text/particles.ts';
import { placed, type Variant } from './rows.ts';

/** A piece of a sentence: text, or an entity in its role. */
export type Piece = string | { readonly role: EntityRole; readonly entity: Entity };

/** A sentence of pieces with its two entities where they stand. Each role occurs once. */
export function composed(pieces: readonly Piece[], label: string): Variant {
  let sentence = '';
  const entities: Partial<Record<EntityRole, Entity>> = {};
  for (const piece of pieces) {
    if (typeof piece === 'string') sentence += piece;
    else {
      entities[piece.role] = placed(piece.entity, piece.entity.word, codePointLength(sentence));
      sentence += piece.entity.word;
    }
  }
  return { sentence, subject: entities.subject!, object: entities.object!, label };
}

/** Entities by the names that a template gives them. */
export type Slots = Readonly<Record<string, { readonly entity: Entity; readonly role: EntityRole | null }>>;

const SLOT = /\{(\w+)(?::(\S+?)\/(\S+?))?\}/gu;

/**
 * A template with entities in its slots: `{s}` stands for one, `{s:은/는}` for one with the particle that it takes.
 *
 * @example filled('{s:은/는} {o}에서 일한다.', slots)
 */
export function filled(template: string, slots: Slots): Piece[] {
  const pieces: Piece[] = [];
  let next = 0;
  for (const { 0: all, 1: name, 2: consonant, 3: vowel, index } of template.matchAll(SLOT)) {
    const { entity, role } = slots[name!]!;
    pieces.push(template.slice(next, index), role === null ? entity.word : { role, entity });
    if (consonant !== undefined) pieces.push(particleAfter(entity.word, `${consonant}/${vowel!}`));
    next = index + all.length;
  }
  return [...pieces, template.slice(next)];
}
