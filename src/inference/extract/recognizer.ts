import type { Entity } from '../../base/core/types.ts';

/** An entity that a model found in a sentence. */
export interface FoundEntity extends Entity {
  readonly type: string;
  /** Calibrated probability that place and type are right, in [0, 1]. */
  readonly score: number;
}

/** A model that finds the entities of sentences, wherever it runs. */
export interface EntityRecognizer {
  /** Name of the model. */
  readonly name: string;
  readonly entityTypes: readonly string[];
  /**
   * The entities of each sentence, in their order of place, none overlapping another: code points of the sentence as given,
   * `end` inclusive. Sentences are of any length; calls may overlap.
   */
  recognize(
    sentences: readonly string[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly (readonly FoundEntity[])[]>;
  release(): Promise<void>;
}
