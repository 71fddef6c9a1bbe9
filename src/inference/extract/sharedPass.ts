import type { PairEncoding } from '../../base/core/settings.ts';
import type { Extractor } from '../predict/extractor.ts';
import { pairByPair } from './pairByPair.ts';
import type { PairScorer } from './pairScorer.ts';

/** How pairs are scored, by the way in which they are read. */
export const scorersOf = (extractor: Extractor): Readonly<Record<PairEncoding, PairScorer>> => ({
  inline: pairByPair(extractor),
  shared: sharedPass(extractor),
});

/** The scorer that an extractor was opened for. */
export const scorerOf = (extractor: Extractor): PairScorer => scorersOf(extractor)[extractor.pairEncoding];

/** Scores all pairs of a sentence by one pass over it, with a model that was trained for that. */
export const sharedPass = (extractor: Pick<Extractor, 'pairLogits'>): PairScorer => ({
  async score(questions, options) {
    const scored = await extractor.pairLogits(
      questions.map(({ sentence, entities, pairs }) => ({
        sentence,
        pairs: pairs.map(([subject, object]) => ({ subject: entities[subject]!, object: entities[object]! })),
      })),
      options,
    );
    return questions.map(({ pairs }, question) =>
      pairs.map(([subject, object], pair) => ({ subject, object, ...scored[question]![pair]! })),
    );
  },
});
