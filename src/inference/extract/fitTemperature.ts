import type { EntitySentence } from '../../base/data/entities/entitySentence.ts';
import type { EntityModel } from '../../engine/nn/entityModel.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import { entitiesOf } from './taggedSentences.ts';
import { openTagger } from './tokenRecognizer.ts';

/** From 0.5 to 4, in steps of a tenth of an octave. */
const TEMPERATURES = Array.from({ length: 31 }, (_, i) => 2 ** (i / 10 - 1));
/** Keeps a single surprise from deciding alone. */
const LEAST = 1e-6;

/**
 * The temperature (Guo et al., 2017, arXiv:1706.04599) under which the probabilities of the entities that a model finds say
 * best which of them are right: the lowest negative log-likelihood. What is found does not depend on it. 1 without sentences.
 */
export async function fitTemperature(
  model: EntityModel,
  sentences: readonly EntitySentence[],
  options: SessionOptions,
): Promise<number> {
  if (sentences.length === 0) return 1;
  const tagger = await openTagger(model, { ...options, precision: 'fp32' });
  const tagged = await tagger.tag(sentences.map(({ sentence }) => sentence)).finally(() => tagger.release());
  const lossAt = (temperature: number): number => {
    let loss = 0;
    for (const [row, { sentence, entities }] of sentences.entries())
      for (const found of entitiesOf(sentence, tagged[row]!, { ...model.task, temperature })) {
        const isRight = entities.some(
          ({ start, end, type }) => found.start === start && found.end === end && found.type === type,
        );
        loss -= Math.log(Math.max(LEAST, isRight ? found.score : 1 - found.score));
      }
    return loss;
  };
  const losses = TEMPERATURES.map(lossAt);
  return TEMPERATURES[losses.indexOf(Math.min(...losses))]!;
}
