import { failure } from '../core/errors.ts';
import { MARKERS, type Marked, type MarkedEntity } from './markers.ts';
import type { Tokenized, Tokenizer } from './tokenizer.ts';
import type { MarkedSpan } from './window.ts';

/**
 * Finds the tokens of both entities' markers. The tokenizer gives no offsets, so this counts: the character with which a
 * marker begins (or ends) stands k times before it in the text, therefore the k+1-th token character of that kind is
 * the marker's. Normalisation comes first, as full-width forms (＠) become plain ones. Special tokens are counted whole.
 *
 * Errors: `failed` where the tokens do not hold as many of the character as the text.
 */
export function findMarkers(
  tokenizer: Tokenizer,
  marked: Marked,
  tokenized: Tokenized,
): Record<'subject' | 'object', MarkedSpan> {
  const find = MARKERS[marked.marker].special
    ? specialTokenFinder(marked.text, tokenized)
    : characterFinder(tokenizer, marked.text, tokenized);
  const span = ({ openStart, wordStart, wordEnd, closeEnd }: MarkedEntity): MarkedSpan => {
    const open = find(openStart, wordStart);
    const close = find(wordEnd, closeEnd);
    return { open, close };
  };
  return { subject: span(marked.subject), object: span(marked.object) };
}

type Finder = (start: number, end: number) => { start: number; end: number };

const specialTokenFinder =
  (text: string, { tokens }: Tokenized): Finder =>
  (start, end) => {
    const marker = text.slice(start, end);
    const at = nthIndex(tokens, (token) => (token === marker ? 1 : 0), count(text.slice(0, start), marker));
    return { start: at, end: at + 1 };
  };

const characterFinder = (tokenizer: Tokenizer, text: string, { tokens }: Tokenized): Finder => {
  const at = (index: number): number => {
    const character = text.charAt(index);
    return nthIndex(
      tokens,
      (token) => count(token.startsWith('##') ? token.slice(2) : token, character),
      count(tokenizer.normalize(text.slice(0, index)), character),
    );
  };
  return (start, end) => {
    const marker = text.slice(start, end);
    const first = start + marker.length - marker.trimStart().length;
    const last = start + marker.trimEnd().length - 1;
    const begin = at(first);
    return { start: begin, end: (first === last ? begin : at(last)) + 1 };
  };
};

/** The index of the item that holds occurrence number `n` (from 0). */
function nthIndex(tokens: readonly string[], occurrences: (token: string) => number, n: number): number {
  let seen = 0;
  for (const [i, token] of tokens.entries()) {
    seen += occurrences(token);
    if (seen > n) return i;
  }
  throw failure('The tokenizer lost an entity marker.', 'Choose another marker with --marker.');
}

function count(text: string, part: string): number {
  let found = 0;
  for (let i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length)) found++;
  return found;
}
