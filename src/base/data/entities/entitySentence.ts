import type { Entity } from '../../core/types.ts';
import { overlap } from '../span.ts';

/** An entity of a known type. */
export type TypedEntity = Entity & { readonly type: string };

/** A sentence whose entities are known, all or some. */
export interface EntitySentence {
  readonly id: string;
  readonly sentence: string;
  /** In the order of their places, none overlapping another. */
  readonly entities: readonly TypedEntity[];
  /** Whether there may be others than these. */
  readonly partial: boolean;
  /** What its tokens weigh in a loss, beside those of others. */
  readonly weight: number;
}

/** Entities in the order of their places; of overlapping ones the longest stays, of equally long ones the first. */
export function flatEntities(entities: readonly TypedEntity[]): TypedEntity[] {
  const kept: TypedEntity[] = [];
  const longestFirst = [...entities].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  for (const entity of longestFirst) if (!kept.some((other) => overlap(other, entity))) kept.push(entity);
  return kept.sort((a, b) => a.start - b.start);
}
