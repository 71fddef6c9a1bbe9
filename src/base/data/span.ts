/** Code points, as KLUE's offsets count: a character outside the BMP is one, though JavaScript keeps it in two units. */

const OUTSIDE_BMP = /[\u{10000}-\u{10FFFF}]/u;
const OUTSIDE_BMP_ALL = /[\u{10000}-\u{10FFFF}]/gu;

/** Length of a text in code points. */
export const codePointLength = (text: string): number =>
  OUTSIDE_BMP.test(text) ? text.length - (text.match(OUTSIDE_BMP_ALL)?.length ?? 0) : text.length;

/** The text from code point `start` to code point `end`, both inclusive. */
export const spanText = (text: string, start: number, end: number): string =>
  OUTSIDE_BMP.test(text) ? [...text].slice(start, end + 1).join('') : text.slice(start, end + 1);

/** A stretch of a text in code points, both ends inclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Do two spans share a character? */
export const overlap = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;
