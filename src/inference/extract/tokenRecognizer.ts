import type { Precision } from '../../base/core/settings.ts';
import { type EntityModel, loadEntityModel } from '../../engine/nn/entityModel.ts';
import { openTokenPass } from '../../engine/runtime/forwardPass.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import type { FoundModel } from '../predict/findModel.ts';
import type { EntityRecognizer } from './recognizer.ts';
import { entitiesOf, type TaggedSentence, taggedSentences } from './taggedSentences.ts';

/** Where a model runs, and with which weights: 32-bit floats unless `precision` says otherwise. */
export type TaggerOptions = SessionOptions & { readonly precision?: Precision };

/** A model that tags the tokens of sentences. */
export interface Tagger {
  tag(sentences: readonly string[], signal?: AbortSignal): Promise<TaggedSentence[]>;
  release(): Promise<void>;
}

/** Sentences in a batch at most; on the CPU, long ones make smaller ones. */
const BATCH = 32;

/** One pass of the encoder a sentence, more for one that is longer than its longest input. */
export async function openTagger({ spec, inputs, weights }: EntityModel, options: TaggerOptions): Promise<Tagger> {
  const forward = await openTokenPass(spec, weights, 'fixed', options, options.precision ?? 'fp32');
  return {
    async tag(sentences, signal) {
      const encoded = sentences.map((sentence) => inputs.encode(sentence));
      const { logits } = await forward.run(encoded.flat(), { batchSize: BATCH, ...(signal && { signal }) });
      return taggedSentences(encoded, logits, spec.labels);
    },
    release: () => forward.release(),
  };
}

/** A model that finds entities, over an encoder that runs here. */
export async function openTokenRecognizer(
  name: string,
  model: EntityModel,
  options: TaggerOptions,
): Promise<EntityRecognizer> {
  const tagger = await openTagger(model, options);
  return {
    name,
    entityTypes: model.task.types,
    async recognize(sentences, { signal } = {}) {
      const tagged = await tagger.tag(sentences, signal);
      return sentences.map((sentence, i) => entitiesOf(sentence, tagged[i]!, model.task));
    },
    release: () => tagger.release(),
  };
}

/** The model of a folder, ready. Errors: `usage` where it holds none that finds entities. */
export const loadTokenRecognizer = async (
  { folder, name }: FoundModel,
  options: TaggerOptions,
): Promise<EntityRecognizer> => openTokenRecognizer(name, await loadEntityModel(folder), options);
