/** Code points, as KLUE's offsets count: a character outside the BMP is one, though JavaScript keeps it in two units. */

const OUTSIDE_BMP = /[\u{10000}-\u{10FFFF}]/u;
const OUTSIDE_BMP_ALL = /[\u{10000}-\u{10FFFF}]/gu;

/** Length of a text in code points. */
export const codePointLength = (text: string): number =>
  OUTSIDE_BMP.test(text) ? text.length - (text.match(OUTSIDE_BMP_ALL)?.length ?? 0) : text.length;

/** The text from code point `start` to code point `end`, both inclusive. */
export function spanText(text: string, start: number, end: number): string {
  const units = unitsOf(text);
  if (units === null) return text.slice(start, end + 1);
  return text.slice(units[start] ?? text.length, units[end + 1] ?? text.length);
}

/** How many code points of a text lie before a place in UTF-16 units. */
export function codePointsBefore(text: string, unit: number): number {
  const units = unitsOf(text);
  if (units === null) return Math.min(unit, text.length);
  let [low, high] = [0, units.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (units[middle]! < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

let latest: { readonly text: string; readonly units: Uint32Array | null } = { text: '', units: null };

/**
 * Where each code point of a text begins in UTF-16 units, with the text's end; null where both count alike. The latest text
 * is remembered, since the spans of one come one after another and a long text has thousands.
 */
export function unitsOf(text: string): Uint32Array | null {
  if (latest.text === text) return latest.units;
  const length = codePointLength(text);
  const units = length === text.length ? null : new Uint32Array(length + 1);
  let [at, unit] = [0, 0];
  if (units !== null)
    for (const character of text) {
      units[at++] = unit;
      unit += character.length;
    }
  if (units !== null) units[at] = unit;
  latest = { text, units };
  return units;
}

/** A stretch of a text in code points, both ends inclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Do two spans share a character? */
export const overlap = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;
