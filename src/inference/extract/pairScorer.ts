import type { Entity } from '../../base/core/types.ts';
import type { Pair } from '../predict/extraction.ts';

/** A stretch of text with its entities, and the ordered pairs of them to be scored. */
export interface PairQuestion {
  readonly sentence: string;
  readonly entities: readonly Entity[];
  /** Indices into `entities`; the two of a pair do not overlap. */
  readonly pairs: readonly Pair[];
}

/** What the model makes of a pair before anything is decided. */
export interface ScoredPair {
  readonly subject: number;
  readonly object: number;
  /** Of the labels, in id order, uncalibrated. */
  readonly logits: ArrayLike<number>;
  /** Whether the model read only a part of the sentence. */
  readonly shortened: boolean;
}

/** Scores the pairs of many sentences, pair by pair or many pairs in one pass. */
export interface PairScorer {
  /** The scored pairs of each question, in the order of its pairs. Calls may overlap. */
  score(
    questions: readonly PairQuestion[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly (readonly ScoredPair[])[]>;
}
