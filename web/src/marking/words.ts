import { lengthWithoutParticle } from './particles.ts';

/** A stretch of a sentence in UTF-16 units, end exclusive, as `slice` takes it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The words of a sentence: what stands between spaces. */
export const wordsOf = (sentence: string): Stretch[] =>
  [...sentence.matchAll(/\S+/gu)].map(({ index, 0: word }) => ({ start: index, end: index + word.length }));

const OPENING = /^[“‘"'`(（[{<《〈「『【]+/u;
const CLOSING = /[.,!?…:;·”’"'`)）\]}>》〉」』】]+$/u;
/** Particles that may follow each other: 서울에서는. */
const MOST_PARTICLES = 2;

/**
 * What a click on a word marks: the word without quotes, brackets and punctuation around it and, with `cutParticles`,
 * without the particles at its end. A word that is nothing else stays whole.
 */
export function coreOf(sentence: string, word: Stretch, cutParticles = true): Stretch {
  const text = sentence.slice(word.start, word.end);
  const skipped = OPENING.exec(text)?.[0].length ?? 0;
  let core = text.slice(skipped).replace(CLOSING, '');
  for (let i = 0; i < MOST_PARTICLES && cutParticles; i++)
    core = core.slice(0, lengthWithoutParticle(core)).replace(CLOSING, '');
  core = withoutOpenBracket(core);
  if (core === '') return word;
  return { start: word.start + skipped, end: word.start + skipped + core.length };
}

/** 김한결(71 → 김한결. */
function withoutOpenBracket(text: string): string {
  const open = text.search(/[([（]/);
  return open > 0 && !/[)\]）]/.test(text) ? text.slice(0, open) : text;
}

/** A stretch without spaces at its ends; null where nothing is left. Never splits a surrogate pair. */
export function trimmed(sentence: string, { start, end }: Stretch): Stretch | null {
  let from = isInsidePair(sentence, start) ? start - 1 : start;
  let to = isInsidePair(sentence, end) ? end + 1 : end;
  while (from < to && /\s/.test(sentence[from]!)) from++;
  while (to > from && /\s/.test(sentence[to - 1]!)) to--;
  return from < to ? { start: from, end: to } : null;
}

/** Whether a place lies between the two halves of one character. */
export const isInsidePair = (text: string, at: number): boolean =>
  at > 0 && at < text.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));

/** The next place between characters, before or behind `at`; the same where the text ends. */
export function nextPlace(text: string, at: number, direction: 1 | -1): number {
  const to = Math.max(0, Math.min(text.length, at + direction));
  return isInsidePair(text, to) ? to + direction : to;
}
