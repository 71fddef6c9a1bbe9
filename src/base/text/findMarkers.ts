import { failure, usageError } from '../core/errors.ts';
import { MARKERS, type Marked, type MarkedEntity } from './markers.ts';
import type { Tokenized, Tokenizer } from './tokenizer.ts';
import type { MarkedSpan, TokenSpan } from './window.ts';

/** The tokens of the marker at `start` … `end` of the marked text, in UTF-16 units. */
export type MarkerFinder = (start: number, end: number) => TokenSpan;

/**
 * Finds the tokens of both entities' markers. The tokenizer gives no offsets, so this counts: where a marker's character
 * occurs k times before the marker, the marker is in the token with occurrence k + 1. The sentence may hold the same
 * characters, therefore all are counted, after normalisation, as full-width forms (＠) become plain ones.
 *
 * Errors: `usage` where the vocabulary does not have the marker's characters; `failed` where text and tokens
 * disagree, so that positions would be wrong.
 */
export function findMarkers(
  tokenizer: Tokenizer,
  marked: Marked,
  tokenized: Tokenized,
): { readonly subject: MarkedSpan; readonly object: MarkedSpan } {
  const find = markerFinder(tokenizer, marked, tokenized);
  const locate = ({ openStart, wordStart, wordEnd, closeEnd }: MarkedEntity): MarkedSpan => ({
    open: find(openStart, wordStart),
    close: find(wordEnd, closeEnd),
  });
  return { subject: locate(marked.subject), object: locate(marked.object) };
}

/** The same for any number of markers. Errors: those of `findMarkers`, from the function that it returns. */
export const markerFinder = (
  tokenizer: Tokenizer,
  marked: Pick<Marked, 'marker' | 'text'>,
  tokenized: Tokenized,
): MarkerFinder =>
  MARKERS[marked.marker].special
    ? findSpecialToken(marked.text, tokenized)
    : findPunctuation(marked.text, tokenized, tokenizer);

/** Special tokens are cut out of the text before anything else, so they are counted whole, and in the text as it is. */
const findSpecialToken =
  (text: string, { pieces }: Tokenized): MarkerFinder =>
  (start, end) => {
    const token = text.slice(start, end);
    const at = occurrence(
      pieces.map((piece) => (piece === token ? 1 : 0)),
      count(text.slice(0, start), token),
      count(text, token),
      token,
    );
    return { start: at, end: at + 1 };
  };

/** A marker such as `@ * 단체 * ` reaches from the token with its first character to the one with its last. */
function findPunctuation(text: string, { pieces }: Tokenized, tokenizer: Tokenizer): MarkerFinder {
  const whole = tokenizer.normalize(text);
  const tokenAt = (index: number): number => {
    const character = text.charAt(index);
    return occurrence(
      pieces.map((piece) => count(piece, character)),
      count(tokenizer.normalize(text.slice(0, index)), character),
      count(whole, character),
      character,
    );
  };
  return (start, end) => {
    const marker = text.slice(start, end);
    const first = end - marker.trimStart().length;
    const last = start + marker.trimEnd().length - 1;
    const begin = tokenAt(first);
    return { start: begin, end: (first === last ? begin : tokenAt(last)) + 1 };
  };
}

/**
 * The index of the token that holds occurrence number `n` (from 0) of a character.
 *
 * @param counts how often each token holds it
 * @param total how often the text holds it
 */
function occurrence(counts: readonly number[], n: number, total: number, character: string): number {
  const found = counts.reduce((sum, each) => sum + each, 0);
  if (found === 0)
    throw usageError(
      {
        en: `The encoder's vocabulary has no token for "${character}", which marks an entity.`,
        ko: `인코더의 어휘에 엔티티를 표시할 "${character}" 토큰이 없다.`,
      },
      {
        en: 'Choose another marker, e.g. --marker entity, whose tokens are added to the vocabulary.',
        ko: '다른 마커를 고른다. 예: --marker entity는 제 토큰을 어휘에 더한다.',
      },
    );
  if (found !== total)
    throw failure(
      {
        en: `"${character}" marks an entity; the text has it ${total} times, its tokens ${found} times.`,
        ko: `"${character}"이(가) 엔티티를 표시하는데, 글에는 ${total}번, 토큰으로는 ${found}번 나온다.`,
      },
      { en: 'Choose another marker, e.g. --marker entity.', ko: '다른 마커를 고른다. 예: --marker entity.' },
    );
  let seen = 0;
  return counts.findIndex((each) => {
    seen += each;
    return seen > n;
  });
}

function count(text: string, part: string): number {
  let found = 0;
  for (let i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length)) found++;
  return found;
}
