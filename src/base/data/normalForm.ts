import { lazy } from '../core/lazy.ts';
import type { Example } from '../core/types.ts';
import { codePointLength, overlap, type Span } from './span.ts';

/**
 * Texts that look alike are to be read alike: Hangul in parts (NFD, as macOS writes it) as whole syllables (NFC), no
 * characters of width zero, no-break spaces and those of other widths as spaces.
 */

const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
const VISIBLE = new RegExp(`[^${INVISIBLE.source.slice(1, -1)}]+`, 'g');
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

export const normalText = (text: string): string => text.replace(INVISIBLE, '').replace(SPACES, ' ').normalize('NFC');

const isNormal = (text: string): boolean => text === normalText(text);

/** Whether a reader cannot tell two texts apart, or only by spaces, letter case or the width of letters. */
export const looksLike = (a: string, b: string): boolean => appearance(a) === appearance(b);

/** What texts that look alike have in common. */
export const appearance = (text: string): string =>
  normalText(text).normalize('NFKC').replace(/\s+/g, '').toLowerCase();

const graphemes = lazy(() => new Intl.Segmenter('ko', { granularity: 'grapheme' }));

/** A stretch of a text in UTF-16 units, end exclusive. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** Where a word occurs in a sentence, also overlapping itself: as it is written, else where it looks the same. */
export function placesOf(word: string, sentence: string): Place[] {
  const exact: Place[] = [];
  if (word === '') return exact;
  for (let from = sentence.indexOf(word); from >= 0; from = sentence.indexOf(word, from + 1))
    exact.push({ from, to: from + word.length });
  if (exact.length > 0 || (isNormal(word) && isNormal(sentence))) return exact;
  const normal = normalText(word);
  const { text, starts, ends } = normalCharacters(sentence);
  const places: Place[] = [];
  for (let at = text.indexOf(normal); normal !== '' && at >= 0; at = text.indexOf(normal, at + 1)) {
    const [from, to] = [starts.get(at), ends.get(at + normal.length)];
    if (from !== undefined && to !== undefined) places.push({ from, to });
  }
  return places;
}

/** A text as a model is to read it, with the way back to the text as given. */
export interface NormalView {
  readonly text: string;
  /** The stretch of the given text (UTF-16 units) that holds one of `text`: whole characters, as readers see them. */
  given(place: Place): Place;
}

/** The normal form of a text, which keeps the places of its characters in the text as given. */
export function normalView(given: string): NormalView {
  if (isNormal(given)) return { text: given, given: (place) => place };
  const { text, starts, ends } = normalCharacters(given);
  return {
    text,
    given({ from, to }) {
      let [first, last] = [from, to];
      while (!starts.has(first)) first--;
      while (!ends.has(last)) last++;
      return { from: starts.get(first)!, to: ends.get(last)! };
    },
  };
}

/** A text in normal form, and where its characters begin and end in the text as given. */
function normalCharacters(given: string) {
  // Without the characters that nobody sees, which may stand between the parts of a syllable.
  const places = [...given.matchAll(VISIBLE)].flatMap(({ 0: stretch, index }) =>
    Array.from({ length: stretch.length }, (_, i) => index + i),
  );
  const visible = given.replace(INVISIBLE, '');
  const [starts, ends] = [new Map<number, number>(), new Map<number, number>()];
  let text = '';
  for (const { segment, index } of graphemes().segment(visible)) {
    starts.set(text.length, places[index]!);
    text += normalText(segment);
    ends.set(text.length, places[index + segment.length - 1]! + 1);
  }
  return { text, starts, ends };
}

type Row = Pick<Example, 'sentence' | 'subject' | 'object'>;

/**
 * A row as a model is to read it: its sentence in normal form, both entities at their places in it. The row itself where it
 * is so already, or where an entity begins or ends within a character.
 */
export function normalRow(row: Row): Row {
  const { sentence, subject, object } = row;
  if (isNormal(sentence)) return row;
  const characters = [...sentence];
  const before = (count: number) => normalText(characters.slice(0, count).join(''));
  const normal = normalText(sentence);
  const place = ({ start, end }: Span): (Span & { readonly word: string }) | null => {
    const [head, word, tail] = [before(start), before(end + 1), normalText(characters.slice(end + 1).join(''))];
    if (word + tail !== normal || !word.startsWith(head) || head.length === word.length) return null;
    if (head + normalText(characters.slice(start).join('')) !== normal) return null;
    return { word: word.slice(head.length), start: codePointLength(head), end: codePointLength(word) - 1 };
  };
  const [subjectPlace, objectPlace] = [place(subject), place(object)];
  if (subjectPlace === null || objectPlace === null || overlap(subjectPlace, objectPlace)) return row;
  return { sentence: normal, subject: { ...subject, ...subjectPlace }, object: { ...object, ...objectPlace } };
}

/** What a text has where it differs from one that looks like it, for messages: `U+200B`; empty where it has nothing there. */
export function codePointsApart(text: string, other: string): string {
  const [own, others] = [[...text], [...other]];
  const start = own.findIndex((character, i) => character !== others[i]);
  if (start < 0) return '';
  let end = own.length;
  while (end > start && own[end - 1] === others[others.length - own.length + end - 1]) end--;
  const codes = own.slice(start, end).map((c) => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  return codes.length > SHOWN ? `${codes.slice(0, SHOWN).join(' ')} …` : codes.join(' ');
}

const SHOWN = 12;
