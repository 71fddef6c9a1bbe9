import { usageError } from '../core/errors.ts';
import type { MarkerName } from '../core/settings.ts';
import type { Example } from '../core/types.ts';
import { normalRow } from '../data/normalForm.ts';
import { findMarkers } from './findMarkers.ts';
import { MARKERS, type Marked, markExample, markerTokens } from './markers.ts';
import { withAnd } from './particles.ts';
import { createSharedEncoder, type EntityPair, type SharedSentence } from './sharedEncoder.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenCounts } from './unknownTokens.ts';
import { type Fit, fitWindow, indexInWindow, type MarkedSpan, type TokenSpan } from './window.ts';

type Row = Pick<Example, 'sentence' | 'subject' | 'object'>;

/** What the encoder reads: ids with the special tokens around them, and where the opening markers begin in them. */
export interface Encoded {
  readonly ids: number[];
  readonly subjectStart: number;
  readonly objectStart: number;
  /** The tokens of each entity's own word, between its markers; those of the opening marker where a cut left none. */
  readonly subjectWord: TokenSpan;
  readonly objectWord: TokenSpan;
  readonly fit: Fit;
  /** The question before the sentence; null without one, and where the limit has no room for it. */
  readonly question: string | null;
  readonly marked: Marked;
  /** Tokens of the whole sentence without its markers, and how many of them the tokenizer does not know. */
  readonly counts: TokenCounts;
  /** The tokens of `ids`, for people. */
  tokens(): string[];
  /** The positions of both entities' markers in `ids`. */
  markers(): { readonly subject: MarkedSpan; readonly object: MarkedSpan };
}

export interface InputEncoderOptions {
  readonly tokenizer: Tokenizer;
  readonly marker: MarkerName;
  /** Types of the label set; `typed-entity` has special tokens for these and no others. */
  readonly entityTypes: readonly string[];
  /** Longest input in tokens, special tokens included. */
  readonly maxLength: number;
  /** Whether the input is a pair of a question about the relation (`questionOf`) and the marked sentence; default: no question. */
  readonly question?: boolean;
  /** Takes sentences as they are given, without bringing them into normal form: to compare with Python's tokenizers. */
  readonly asGiven?: boolean;
}

/** Turns rows into the encoder's input. `tokenizer` holds the marker tokens: save this one beside the weights. */
export interface InputEncoder {
  readonly tokenizer: Tokenizer;
  /** Errors: `usage` for a missing or unknown entity type, or where the markers alone exceed the longest input. */
  encode(row: Row): Encoded;
  /**
   * A sentence once for all of its pairs; null where they are to be encoded one by one (`createSharedEncoder`). A question has
   * no place in it. Errors: as `encode`.
   */
  encodeShared(sentence: string, pairs: readonly EntityPair[]): SharedSentence | null;
}

/**
 * Of a pair that is too long, the sentence's context is cut first. The question is dropped as a whole where the entities'
 * own words would have to be cut beside it; then the row is encoded as one sentence.
 *
 * @example createInputEncoder({ tokenizer, marker: 'entity', entityTypes, maxLength: 256 }).encode(row).ids
 */
export function createInputEncoder({
  tokenizer: base,
  marker,
  entityTypes,
  maxLength,
  question = false,
  asGiven = false,
}: InputEncoderOptions): InputEncoder {
  const tokenizer = base.withSpecialTokens(markerTokens(marker, entityTypes));
  const { prefix, suffix, separator } = tokenizer;
  const limit = maxLength - prefix.length - suffix.length;
  const encodeShared = createSharedEncoder({ tokenizer, marker, maxLength });

  return {
    tokenizer,
    encodeShared(sentence, pairs) {
      for (const pair of pairs) checkTypes(pair, marker, entityTypes);
      return encodeShared(sentence, pairs);
    },
    encode(given) {
      // What looks the same is read the same: Hangul in parts, zero-width and no-break spaces.
      const row = asGiven ? given : normalRow(given);
      checkTypes(row, marker, entityTypes);
      const marked = markExample(row, marker);
      const tokenized = tokenizer.tokenize(marked.text);
      const { subject, object } = findMarkers(tokenizer, marked, tokenized);
      const markerTokenCount = lengthOf(subject) + lengthOf(object);
      const unknown = tokenized.ids.reduce((count, id) => count + (id === tokenizer.unkId ? 1 : 0), 0);
      const asked = question ? questionOf(row) : null;
      const lead = asked === null ? [] : [...tokenizer.tokenize(asked).ids, ...separator];
      const windowIn = (room: number) => fitWindow(tokenized.ids.length, room, subject, object);
      const beside = windowIn(limit - lead.length);
      const isAsked = asked !== null && beside !== null && beside.fit !== 'cut';
      const before = isAsked ? [...prefix, ...lead] : prefix;
      const window = isAsked ? beside : windowIn(limit);
      if (!window)
        throw usageError(
          {
            en: `The markers of "${marker}" alone do not fit into ${maxLength} tokens.`,
            ko: `마커 "${marker}"만으로 ${maxLength}토큰을 넘는다.`,
          },
          {
            en: 'Raise --max-length or choose a shorter marker.',
            ko: '--max-length를 늘리거나 더 짧은 마커를 고른다.',
          },
        );
      const body = window.keep.flatMap(({ start, end }) => tokenized.ids.slice(start, end));
      const ids = [...before, ...body, ...suffix];
      const at = (index: number) => before.length + indexInWindow(window.keep, index);
      const spanAt = ({ start, end }: TokenSpan) => ({ start: at(start), end: at(end - 1) + 1 });
      const wordAt = ({ open, close }: MarkedSpan) => {
        const word = { start: at(open.end - 1) + 1, end: at(close.start) };
        return word.start < word.end ? word : spanAt(open);
      };
      const inIds = ({ open, close }: MarkedSpan) => ({ open: spanAt(open), close: spanAt(close) });
      return {
        ids,
        subjectStart: at(subject.open.start),
        objectStart: at(object.open.start),
        subjectWord: wordAt(subject),
        objectWord: wordAt(object),
        fit: window.fit,
        question: isAsked ? asked : null,
        marked,
        counts: { tokens: tokenized.ids.length - markerTokenCount, unknown },
        tokens: () => ids.map(tokenizer.token),
        markers: () => ({ subject: inIds(subject), object: inIds(object) }),
      };
    },
  };
}

/** Tokens of an entity's two markers. */
const lengthOf = ({ open, close }: MarkedSpan): number => open.end - open.start + close.end - close.start;

/**
 * The question about the relation that names both entities, the first text of a pair with the marked sentence. Relations as
 * questions: Levy et al., 2017 (arXiv:1706.04115); Cohen et al., 2020 (arXiv:2010.04829). Here one question for all.
 *
 * @example questionOf(row) // '이순신과 조선의 관계는 무엇인가?'
 */
export const questionOf = ({ subject, object }: Pick<Row, 'subject' | 'object'>): string =>
  `${withAnd(subject.word)} ${object.word}의 관계는 무엇인가?`;

/** `typed-entity` has tokens only for the types that the model was trained with. */
function checkTypes(row: Pick<Row, 'subject' | 'object'>, marker: MarkerName, entityTypes: readonly string[]): void {
  const { typed, special } = MARKERS[marker];
  if (!typed || !special) return;
  for (const role of ['subject', 'object'] as const) {
    const { word, type } = row[role];
    if (type !== null && !entityTypes.includes(type))
      throw usageError(
        {
          en: `The ${role} "${word}" has the type "${type}", for which the marker "${marker}" has no token.`,
          ko: `${role === 'subject' ? '주어' : '목적어'} "${word}"의 유형 "${type}": 마커 "${marker}"에 그 토큰이 없다.`,
        },
        { en: `Known types: ${entityTypes.join(', ')}.`, ko: `아는 유형: ${entityTypes.join(', ')}.` },
      );
  }
}
