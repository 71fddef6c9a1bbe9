import type { Entity } from '../../core/types.ts';

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
