import { spanText } from '../../base/data/span.ts';
import { decodeTags, spanProbability, spansOfTags, tagNames, unitScores } from '../../base/text/bio.ts';
import type { EncodedSentence, TokenUnit } from '../../base/text/sentenceEncoder.ts';
import type { EntityTask } from '../../engine/nn/entityModel.ts';
import type { FoundEntity } from './recognizer.ts';

// From a model's answers about tokens to entities, wherever the model runs.

/** A sentence as a model answers it, before anything is decided. */
export interface TaggedSentence {
  /** `token` is the unit's own number. */
  readonly units: readonly TokenUnit[];
  /** (units · tags) */
  readonly logits: Float32Array;
}

/**
 * The sentences as they were answered, stretch by stretch.
 *
 * @param encoded stretches of each sentence
 * @param logits (ids · tags) of each stretch, one after the other
 * @param tags how many a token may have
 */
export function taggedSentences(
  encoded: readonly (readonly EncodedSentence[])[],
  logits: readonly Float32Array[],
  tags: number,
): TaggedSentence[] {
  let first = 0;
  return encoded.map((stretches) => {
    const places = mergedUnits(stretches.map(({ units }) => units));
    const own = new Float32Array(places.length * tags);
    for (const [unit, { stretch, token }] of places.entries()) {
      const at = token * tags;
      own.set(logits[first + stretch]!.subarray(at, at + tags), unit * tags);
    }
    first += stretches.length;
    return { units: places.map(({ start, end }, token) => ({ token, start, end })), logits: own };
  });
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
