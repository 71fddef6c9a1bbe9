import type { Extractor } from '../predict/extractor.ts';
import type { PairScorer } from './pairScorer.ts';

/** Scores each pair by a pass of its own over its sentence, as `korex predict` does. */
export const pairByPair = (extractor: Pick<Extractor, 'encode' | 'logits'>): PairScorer => ({
  async score(questions, options) {
    const rows = questions.flatMap(({ sentence, entities, pairs }) =>
      pairs.map(([subject, object]) =>
        extractor.encode({ sentence, subject: entities[subject]!, object: entities[object]! }),
      ),
    );
    const logits = await extractor.logits(rows, options);
    let row = 0;
    return questions.map(({ pairs }) =>
      pairs.map(([subject, object]) => {
        const shortened = rows[row]!.encoded.fit !== 'whole';
        return { subject, object, logits: logits[row++]!, shortened };
      }),
    );
  },
});
