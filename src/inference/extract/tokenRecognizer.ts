import type { Precision } from '../../base/core/settings.ts';
import { spanText } from '../../base/data/span.ts';
import { decodeTags, spanProbability, spansOfTags, tagNames, unitScores } from '../../base/text/bio.ts';
import type { TokenUnit } from '../../base/text/sentenceEncoder.ts';
import { type EntityModel, type EntityTask, loadEntityModel } from '../../engine/nn/entityModel.ts';
import { openTokenPass } from '../../engine/runtime/forwardPass.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import type { FoundModel } from '../predict/findModel.ts';
import type { EntityRecognizer, FoundEntity } from './recognizer.ts';

/** Where a model runs, and with which weights: 8-bit integers unless `precision` says otherwise. */
export type TaggerOptions = SessionOptions & { readonly precision?: Precision };

/** A sentence as a model answers it, before anything is decided. */
export interface TaggedSentence {
  /** `token` is the unit's own number. */
  readonly units: readonly TokenUnit[];
  /** (units · tags) */
  readonly logits: Float32Array;
}

/** A model that tags the tokens of sentences. */
export interface Tagger {
  tag(sentences: readonly string[], signal?: AbortSignal): Promise<TaggedSentence[]>;
  release(): Promise<void>;
}

/** Sentences in a batch at most; on the CPU, long ones make smaller ones. */
const BATCH = 32;

/** One pass of the encoder a sentence, more for one that is longer than its longest input. */
export async function openTagger({ spec, inputs, weights }: EntityModel, options: TaggerOptions): Promise<Tagger> {
  const forward = await openTokenPass(spec, weights, 'fixed', options, options.precision ?? 'int8');
  return {
    async tag(sentences, signal) {
      const encoded = sentences.map((sentence) => inputs.encode(sentence));
      const { logits } = await forward.run(encoded.flat(), { batchSize: BATCH, ...(signal && { signal }) });
      let first = 0;
      return encoded.map((stretches) => {
        const places = mergedUnits(stretches.map(({ units }) => units));
        const own = new Float32Array(places.length * spec.labels);
        for (const [unit, { stretch, token }] of places.entries()) {
          const at = token * spec.labels;
          own.set(logits[first + stretch]!.subarray(at, at + spec.labels), unit * spec.labels);
        }
        first += stretches.length;
        return { units: places.map(({ start, end }, token) => ({ token, start, end })), logits: own };
      });
    },
    release: () => forward.release(),
  };
}

/** The entities that a model's answer to a sentence says. */
export function entitiesOf(
  sentence: string,
  { units, logits }: TaggedSentence,
  { types, temperature }: Pick<EntityTask, 'types' | 'temperature'>,
): FoundEntity[] {
  const tags = tagNames(types).length;
  const scores = unitScores(logits, units, tags, temperature);
  return spansOfTags(decodeTags(scores, tags)).map((span) => {
    const [start, end] = [units[span.first]!.start, units[span.last]!.end];
    const score = spanProbability(scores, tags, span);
    return { word: spanText(sentence, start, end), start, end, type: types[span.type]!, score };
  });
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

/** A unit with the stretch of the sentence that it is read from. */
interface ReadUnit extends TokenUnit {
  readonly stretch: number;
}

/** The units of a sentence in overlapping stretches: those in two are read, half and half, where more is on both sides of them. */
function mergedUnits(stretches: readonly (readonly TokenUnit[])[]): ReadUnit[] {
  const merged: ReadUnit[] = [];
  for (const [stretch, units] of stretches.entries()) {
    const shared = merged.findIndex(({ start }) => start >= (units[0]?.start ?? Number.POSITIVE_INFINITY));
    const skipped = shared < 0 ? 0 : Math.floor((merged.length - shared) / 2);
    if (shared >= 0) merged.length = shared + skipped;
    for (const unit of units.slice(skipped)) merged.push({ ...unit, stretch });
  }
  return merged;
}
