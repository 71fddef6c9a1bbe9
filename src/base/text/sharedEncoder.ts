import type { MarkerName } from '../core/settings.ts';
import type { Entity } from '../core/types.ts';
import { normalRow } from '../data/normalForm.ts';
import { utf16Index } from './codePoints.ts';
import { markerFinder } from './findMarkers.ts';
import { boundaryFence, type EntityRole, type Fence, levitatedFence } from './markers.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenCounts } from './unknownTokens.ts';
import type { TokenSpan } from './window.ts';

/** A subject and an object of one sentence. */
export interface EntityPair {
  readonly subject: Entity;
  readonly object: Entity;
}

/** The markers of a pair, which stand behind the text but have places in it. */
export interface SharedPair {
  /** Tokens of the subject's markers, then of the object's. */
  readonly ids: readonly number[];
  /** The position in the text that each of them shares. */
  readonly positions: readonly number[];
  /** Where the object's markers begin in `ids`. */
  readonly objectAt: number;
  /** The tokens of each entity's word in the text. */
  readonly subjectWord: TokenSpan;
  readonly objectWord: TokenSpan;
}

/** A sentence encoded once for all of its pairs. */
export interface SharedSentence {
  /** The sentence without markers, special tokens around it. */
  readonly ids: readonly number[];
  readonly pairs: readonly SharedPair[];
  /** Tokens of the sentence, and how many of them the tokenizer does not know. */
  readonly counts: TokenCounts;
}

export interface SharedEncoderOptions {
  /** With the marker's tokens in its vocabulary. */
  readonly tokenizer: Tokenizer;
  readonly marker: MarkerName;
  /** Longest text in tokens, special tokens included. */
  readonly maxLength: number;
}

/**
 * Encodes a sentence once, with markers for each of its pairs: the "approximation" of Zhong and Chen, 2021 (PURE,
 * arXiv:2010.12812, section 3.3). The text is cut into tokens as between the inline markers, so that a particle behind an
 * entity never shares a token with it.
 *
 * Null where the text is longer than a model reads at once, or where an entity begins or ends within a character: such pairs
 * are read one by one, each in a window of its own.
 */
export function createSharedEncoder({ tokenizer, marker, maxLength }: SharedEncoderOptions) {
  const { prefix, suffix } = tokenizer;
  const known = new Map<string, readonly number[]>();
  const idsOf = (text: string): readonly number[] => {
    const found = known.get(text) ?? tokenizer.tokenize(text).ids;
    known.set(text, found);
    return found;
  };

  /** The tokens of a sentence, and the word of each entity in them, by `keyOf`. */
  function textOf(sentence: string, entities: readonly Entity[]) {
    const { text, places } = withFences(sentence, entities, marker);
    const tokenized = tokenizer.tokenize(text);
    const find = markerFinder(tokenizer, { marker, text }, tokenized);
    const spans = places.map(({ start, end, ...place }) => ({ ...place, ...find(start, end) }));
    const isFence = new Set<number>();
    // A token that a marker shares with text beside it stays: it is all that is left of that text.
    for (const { start, end, fence } of spans)
      for (let i = start; i < end; i++) if (bare(tokenized.pieces[i]!) === fence) isFence.add(i);
    const ids = tokenized.ids.filter((_, i) => !isFence.has(i));
    const kept = countsBefore(tokenized.ids.length, isFence);
    const words = new Map<string, TokenSpan>();
    for (const [index, entity] of entities.entries()) {
      const start = kept[spans.find((span) => span.entity === index && span.opens)!.end]!;
      const end = kept[spans.find((span) => span.entity === index && !span.opens)!.start]!;
      // A word without tokens of its own, such as a character that no vocabulary has, is at its neighbour.
      const first = Math.min(start, Math.max(0, ids.length - 1));
      words.set(keyOf(entity), { start: prefix.length + first, end: prefix.length + Math.max(first + 1, end) });
    }
    return { ids, words };
  }

  return (given: string, pairs: readonly EntityPair[]): SharedSentence | null => {
    const rows = pairs.map(({ subject, object }) => normalRow({ sentence: given, subject, object }));
    const sentence = rows[0]?.sentence ?? given;
    if (rows.some((row) => row.sentence !== sentence)) return null;
    const entities = new Map(
      rows.flatMap(({ subject, object }) => [subject, object].map((e) => [keyOf(e), e] as const)),
    );
    const { ids, words } = textOf(sentence, [...entities.values()]);
    if (prefix.length + ids.length + suffix.length > maxLength) return null;
    return {
      ids: [...prefix, ...ids, ...suffix],
      counts: { tokens: ids.length, unknown: ids.filter((id) => id === tokenizer.unkId).length },
      pairs: rows.map(({ subject, object }) => {
        const [subjectWord, objectWord] = [words.get(keyOf(subject))!, words.get(keyOf(object))!];
        const marks = [...markTokens(subject, 'subject', subjectWord), ...markTokens(object, 'object', objectWord)];
        return {
          ids: marks.map(({ id }) => id),
          positions: marks.map(({ position }) => position),
          objectAt: marks.findIndex(({ role }) => role === 'object'),
          subjectWord,
          objectWord,
        };
      }),
    };
  };

  function markTokens(entity: Entity, role: EntityRole, word: TokenSpan) {
    const { open, close } = levitatedFence(marker, role, entity);
    const at = (text: string, position: number) => idsOf(text).map((id) => ({ id, position, role }));
    return [...at(open, word.start), ...at(close, word.end - 1)];
  }
}

export type SharedEncoder = ReturnType<typeof createSharedEncoder>;

const keyOf = ({ start, end, type }: Entity): string => `${start} ${end} ${type ?? ''}`;

/** A piece without the sign that SentencePiece puts for a space. */
const bare = (piece: string): string => piece.replaceAll('▁', '');

/** How many of the tokens before each index are kept; one more at the end. */
function countsBefore(tokens: number, dropped: ReadonlySet<number>): number[] {
  const counts = [0];
  for (let i = 0; i < tokens; i++) counts.push(counts[i]! + (dropped.has(i) ? 0 : 1));
  return counts;
}

/** A marker in a marked text, in UTF-16 units: that of the entity at the index. */
interface FencePlace {
  readonly start: number;
  readonly end: number;
  readonly entity: number;
  readonly opens: boolean;
  /** Without the spaces around it. */
  readonly fence: string;
}

/** The sentence with boundaries around each entity; entities may hold each other or overlap. */
function withFences(sentence: string, entities: readonly Entity[], marker: MarkerName) {
  const cuts = entities.flatMap((entity, index) => {
    const { open, close }: Fence = boundaryFence(marker, entity);
    return [
      { at: utf16Index(sentence, entity.start), opens: true, fence: open, entity: index },
      { at: utf16Index(sentence, entity.end + 1), opens: false, fence: close, entity: index },
    ];
  });
  // What ends at a place is closed before what begins there is opened.
  cuts.sort((a, b) => a.at - b.at || Number(a.opens) - Number(b.opens));
  let text = '';
  let done = 0;
  const places: FencePlace[] = [];
  for (const { at, fence, opens, entity } of cuts) {
    text += sentence.slice(done, at);
    places.push({ start: text.length, end: text.length + fence.length, entity, opens, fence: fence.trim() });
    text += fence;
    done = at;
  }
  return { text: text + sentence.slice(done), places };
}
