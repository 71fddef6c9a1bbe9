import type { EntitySentence } from '../../base/data/entities/entitySentence.ts';
import type { SentenceEncoder } from '../../base/text/sentenceEncoder.ts';

/** Entities that begin and end with tokens: the most that a model which tags tokens can find. */
export interface ReachableEntities {
  readonly entities: number;
  readonly reached: number;
  /** The others: sentence, place and type, no words. */
  readonly missed: readonly {
    readonly id: string;
    readonly start: number;
    readonly end: number;
    readonly type: string;
  }[];
}

/** Counts the entities of sentences that begin and end with tokens, as an encoder cuts them. */
export function reachableEntities(inputs: SentenceEncoder, sentences: readonly EntitySentence[]): ReachableEntities {
  const missed = sentences.flatMap(({ id, sentence, entities }) => {
    const units = inputs.encode(sentence).flatMap((stretch) => stretch.units);
    const [starts, ends] = [new Set(units.map(({ start }) => start)), new Set(units.map(({ end }) => end))];
    return entities
      .filter(({ start, end }) => !starts.has(start) || !ends.has(end))
      .map(({ start, end, type }) => ({ id, start, end, type }));
  });
  const all = sentences.reduce((sum, { entities }) => sum + entities.length, 0);
  return { entities: all, reached: all - missed.length, missed };
}
