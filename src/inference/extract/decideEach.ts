import { answerOf, type Postprocessing } from '../predict/answer.ts';
import type { Decoder } from './decoder.ts';

/** Decides on each pair by itself: its most probable relation, where the threshold lets it. */
export const decideEach =
  (post: Postprocessing): Decoder =>
  (entities, pairs, { threshold }) =>
    pairs.map(({ subject, object, logits, shortened }) => {
      const row = { subject: entities[subject]!, object: entities[object]!, shortened, topK: 1, threshold };
      const { relation, confidence, decision } = answerOf(logits, row, post);
      return { subject, object, relation, confidence, decision };
    });
