import type { Entity } from '../../base/core/types.ts';
import { codePointLength, type Span } from '../../base/data/span.ts';
import { sentencesOf } from '../../base/text/sentences.ts';

/** A sentence at its place in a text: code points of the whole text, `end` inclusive. */
export interface TextSentence extends Span {
  readonly text: string;
  /** The same beginning in UTF-16 units. */
  readonly from: number;
}

/**
 * The sentences of a text, one after the other. Where entities are known, sentences that one of them reaches across are one.
 *
 * @param entities in the order of their beginnings
 */
export function* textSentences(text: string, entities: readonly Span[] = []): Generator<TextSentence, void, undefined> {
  const counted = { at: 0, points: 0 };
  const pointsAt = (at: number): number => {
    counted.points += codePointLength(text.slice(counted.at, at));
    counted.at = at;
    return counted.points;
  };
  let next = 0;
  let reach = -1;
  /** Where the sentence at hand begins; negative between two. */
  let [first, start] = [-1, -1];
  let last = 0;
  for (const { from, to } of sentencesOf(text)) {
    if (first < 0) [first, start] = [from, pointsAt(from)];
    const end = pointsAt(to) - 1;
    last = to;
    for (; next < entities.length && entities[next]!.start <= end; next++) reach = Math.max(reach, entities[next]!.end);
    if (reach > end) continue;
    yield { text: text.slice(first, to), from: first, start, end };
    first = -1;
  }
  if (first >= 0) yield { text: text.slice(first, last), from: first, start, end: pointsAt(last) - 1 };
}

/** Entities in the order of the text, the longer one first where two begin together. */
export const inTextOrder = <Named extends Pick<Entity, 'start' | 'end'>>(entities: readonly Named[]): Named[] =>
  entities.toSorted((a, b) => a.start - b.start || b.end - a.end);
