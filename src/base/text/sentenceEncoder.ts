import { normalView } from '../data/normalForm.ts';
import type { Span } from '../data/span.ts';
import { codePointIndexer } from './codePoints.ts';
import type { Tokenizer } from './tokenizer.ts';
import { wordSegments } from './wordSegments.ts';

/** A token with the stretch of the sentence that it stands for, which an entity may begin or end with. */
export interface TokenUnit extends Span {
  /** Its index in `ids`. */
  readonly token: number;
}

/** A sentence, or as much of it as fits, as an encoder reads it to tag its tokens. */
export interface EncodedSentence {
  /** With the special tokens around them. */
  readonly ids: readonly number[];
  /** In order; every other token is a special one or continues the unit before it. */
  readonly units: readonly TokenUnit[];
}

export interface SentenceEncoder {
  readonly tokenizer: Tokenizer;
  /**
   * The sentence in stretches of at most the longest input, each of which repeats a quarter of the one before: one stretch
   * for all but very long sentences. It is read in normal form; places are those of the sentence as given.
   */
  encode(sentence: string): readonly EncodedSentence[];
}

export interface SentenceEncoderOptions {
  readonly tokenizer: Tokenizer;
  /** Longest input in tokens, special tokens included. */
  readonly maxLength: number;
}

/** The mark with which SentencePiece writes the space before a word. */
const SPACE = '▁';
/** Words that are kept tokenized: texts repeat their particles and names. */
const MOST_WORDS = 50_000;

/** The tokens of a segment, each with its length in the text; null for one that has none of it. */
type SegmentTokens = readonly { readonly id: number; readonly length: number | null }[];

/**
 * Tokenizes segment by segment (`wordSegments`), so that no token has a part of an entity and a part of what follows it. A
 * segment within a word gets the tokens that it has within words (`의`, `##의`), where the vocabulary knows them.
 */
export function createSentenceEncoder({ tokenizer, maxLength }: SentenceEncoderOptions): SentenceEncoder {
  const { prefix, suffix } = tokenizer;
  const limit = maxLength - prefix.length - suffix.length;
  const overlap = Math.floor(limit / 4);
  const within = tokenizer.files.json.model.continuing_subword_prefix ?? '';
  const known = new Map<string, SegmentTokens>();

  /** The id that a segment's first token has within a word; null where it is the space alone. */
  const continued = (id: number): number | null => {
    const name = tokenizer.token(id);
    if (name === SPACE) return null;
    if (name.startsWith(SPACE)) return tokenizer.id(name.slice(SPACE.length)) ?? id;
    return (within === '' ? undefined : tokenizer.id(within + name)) ?? id;
  };

  const tokensOf = (text: string, opens: boolean): SegmentTokens => {
    const key = opens ? text : `${SPACE}${text}`;
    const found = known.get(key);
    if (found) return found;
    const { ids, pieces } = tokenizer.tokenize(text);
    const texts = pieces.map((piece) => (piece.startsWith(SPACE) ? piece.slice(SPACE.length) : piece));
    // Where the tokenizer rewrites the text (㈜ as (주)), or does not know it, the segment is one unit.
    const isExact = texts.join('') === text;
    const first = texts.findIndex((piece) => piece !== '');
    const tokens = ids.flatMap((own, i) => {
      const id = i === 0 && !opens ? continued(own) : own;
      if (id === null) return [];
      const isUnit = isExact ? texts[i] !== '' : i === Math.max(0, first);
      return [{ id, length: isUnit ? (isExact ? texts[i]!.length : text.length) : null }];
    });
    if (known.size >= MOST_WORDS) known.clear();
    known.set(key, tokens);
    return tokens;
  };

  return {
    tokenizer,
    encode(sentence) {
      const { text, given } = normalView(sentence);
      const index = codePointIndexer(sentence);
      const placeOf = (start: number, end: number): Span => {
        const { from, to } = given({ from: start, to: end });
        return { start: index(from), end: index(to) - 1 };
      };
      const tokens: { readonly id: number; readonly place: Span | null }[] = [];
      let last = -1;
      for (const { start, end, opens } of wordSegments(text)) {
        let at = start;
        for (const { id, length } of tokensOf(text.slice(start, end), opens)) {
          const place = length === null ? null : placeOf(at, at + length);
          // Of a character that normal form takes apart (an emoji of several people), the first part is the unit.
          const isNext = place !== null && place.start > last;
          tokens.push({ id, place: isNext ? place : null });
          if (isNext) last = place.end;
          at += length ?? 0;
        }
      }
      const stretches: EncodedSentence[] = [];
      for (let from = 0; from === 0 || from + overlap < tokens.length; from += limit - overlap) {
        const own = tokens.slice(from, from + limit);
        const units = own.flatMap(({ place }, i) => (place ? { token: prefix.length + i, ...place } : []));
        stretches.push({ ids: [...prefix, ...own.map(({ id }) => id), ...suffix], units });
      }
      return stretches;
    },
  };
}
