import type { Place } from '../normalForm.ts';
import type { Span } from '../span.ts';

/** Text as tokens, for tools that count them. */

/** Tokens joined by spaces, as tools show them, and where each is. */
export function joinedTokens(tokens: readonly string[]): { readonly text: string; readonly places: readonly Place[] } {
  let at = 0;
  const places = tokens.map((token) => {
    const from = at;
    at += token.length + 1;
    return { from, to: from + token.length };
  });
  return { text: tokens.join(' '), places };
}

const TOKEN = /[\p{L}\p{N}\p{M}]+|\s+|[^\s\p{L}\p{N}\p{M}]/gu;

/** A token of a text, in code points, the end exclusive, and in UTF-16 units. */
export interface TextToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

/**
 * Words and single signs, cut where an entity begins or ends, so that each entity is made of whole tokens; white space is a
 * token only where an entity begins or ends with it.
 */
export function tokensOf(text: string, entities: readonly Span[]): TextToken[] {
  const characters = [...text];
  const units = [0];
  for (const character of characters) units.push(units.at(-1)! + character.length);
  const codePoint = new Map(units.map((unit, index) => [unit, index]));
  const starts = new Set(entities.map(({ start }) => start));
  const ends = new Set(entities.map(({ end }) => end + 1));
  const cuts = new Set([...starts, ...ends]);
  return [...text.matchAll(TOKEN)].flatMap(({ 0: token, index }) => {
    const [start, end] = [codePoint.get(index)!, codePoint.get(index + token.length)!];
    const borders = [start, ...[...cuts].filter((cut) => cut > start && cut < end).sort((a, b) => a - b), end];
    const isBlank = token.trim() === '';
    if (isBlank && borders.length === 2 && !starts.has(start) && !ends.has(end)) return [];
    return borders.slice(1).map((to, i) => {
      const from = borders[i]!;
      return {
        text: characters.slice(from, to).join(''),
        ...{ start: from, end: to },
        place: { from: units[from]!, to: units[to]! },
      };
    });
  });
}

/** The first and the last token of an entity; null where it has none, as one of white space alone. */
export function tokenSpan(tokens: readonly TextToken[], { start, end }: Span): readonly [number, number] | null {
  const first = tokens.findIndex((token) => token.start >= start && token.end <= end + 1);
  const last = tokens.findLastIndex((token) => token.start >= start && token.end <= end + 1);
  return first < 0 ? null : [first, last];
}
