import type { EntitySentence } from '../../base/data/entities/entitySentence.ts';
import { type EntityReport, entityReport } from '../../base/eval/entityMetrics.ts';
import type { EntityRecognizer } from './recognizer.ts';

/**
 * Precision, recall and F1 of what a model finds in sentences, strictly and by type. Null where there are no sentences.
 *
 * Types that the sentences never have are not counted where the model finds them: a data set without works and titles says
 * nothing about them. Sentences with only some of their entities count for recall; their precision means nothing.
 */
export async function evaluateRecognizer(
  recognizer: EntityRecognizer,
  sentences: readonly EntitySentence[],
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal },
): Promise<EntityReport | null> {
  if (sentences.length === 0) return null;
  const annotated = new Set(sentences.flatMap(({ entities }) => entities.map(({ type }) => type)));
  const types = [
    ...recognizer.entityTypes.filter((type) => annotated.has(type)),
    ...[...annotated].filter((type) => !recognizer.entityTypes.includes(type)).sort(),
  ];
  return entityReport(await recognizedEntities(recognizer, sentences, types, signal), types, { seed });
}

/** What is in sentences and what a model finds in them, of these types alone. */
export async function recognizedEntities(
  recognizer: EntityRecognizer,
  sentences: readonly EntitySentence[],
  types: readonly string[],
  signal?: AbortSignal,
) {
  const answers = await recognizer.recognize(
    sentences.map(({ sentence }) => sentence),
    signal && { signal },
  );
  return {
    gold: sentences.map(({ entities }) => entities),
    found: answers.map((entities) => entities.filter(({ type }) => types.includes(type))),
  };
}
