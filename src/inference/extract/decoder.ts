import type { Entity } from '../../base/core/types.ts';
import type { Decision } from '../predict/schema.ts';
import type { ScoredPair } from './pairScorer.ts';

/** What was decided of a pair. */
export interface DecidedPair {
  /** Indices into the entities. */
  readonly subject: number;
  readonly object: number;
  /** The relation; that of "no relation" where none is asserted. */
  readonly relation: string;
  /** Calibrated probability of the decision, in [0, 1]. */
  readonly confidence: number;
  readonly decision: Decision;
}

export interface DecoderOptions {
  /** Wins over the model's own thresholds; null where they apply. */
  readonly threshold: number | null;
}

/** Decides on all pairs of a sentence together: one decision for each scored pair, in their order. */
export type Decoder = (
  entities: readonly Entity[],
  pairs: readonly ScoredPair[],
  options: DecoderOptions,
) => readonly DecidedPair[];
