import { openOnce } from '../../base/core/lazy.ts';
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

/** Of a model that finds entities, what documents need. */
export type Recognizer = Pick<EntityRecognizer, 'name' | 'recognize' | 'release'>;

/**
 * A model that is opened with the first question; one that could not be is tried again with the next.
 *
 * @param name until it is open and has its own
 */
export function recognizerWhenNeeded(name: string, open: () => Promise<EntityRecognizer>): Recognizer {
  const model = openOnce(open);
  let known = name;
  return {
    get name() {
      return known;
    },
    async recognize(sentences, options) {
      const recognizer = await model.open();
      known = recognizer.name;
      return recognizer.recognize(sentences, options);
    },
    release: async () => (await model.begun())?.release(),
  };
}
