/**
 * Offsets in the data count Unicode code points, JavaScript strings count UTF-16 units; they differ behind the first
 * character outside the Basic Multilingual Plane (an emoji, rare Hanja).
 */

const SURROGATE = /[\uD800-\uDFFF]/;

/** The UTF-16 index at which code point number `codePoints` begins; the text's length where it has no more of them. */
export function utf16Index(text: string, codePoints: number): number {
  if (!SURROGATE.test(text)) return Math.min(codePoints, text.length);
  let index = 0;
  for (let i = 0; i < codePoints && index < text.length; i++) index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  return index;
}

/** `codePointsBefore` (`base/data/span.ts`) for many indices of one text, which is gone through once. */
export function codePointIndexer(text: string): (index: number) => number {
  if (!SURROGATE.test(text)) return (index) => index;
  const before = new Uint32Array(text.length + 1);
  for (let i = 0, count = 0; i < text.length; i++) {
    before[i] = count;
    // Of a pair the second unit counts.
    if (text.codePointAt(i)! <= 0xffff) count++;
    before[i + 1] = count;
  }
  return (index) => before[index]!;
}
