import { lazy } from '../core/lazy.ts';

/**
 * `Precompiled`: the normaliser of SentencePiece models (XLM-R), a table of replacements in a double-array trie (Darts)
 * over UTF-8. The layout and the way it is applied, grapheme by grapheme, are those of the Rust library
 * (`spm_precompiled`); the JavaScript library only approximates the table.
 *
 * @param charsmap base64 of: the trie's size in bytes (uint32, little endian), the trie (uint32 units), the replacements
 * (UTF-8, each ended by a zero byte)
 * @returns the function that normalises a text
 */
export function precompiledNormalizer(charsmap: string): (text: string) => string {
  const bytes = Uint8Array.from(atob(charsmap), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const size = view.getUint32(0, true);
  const trie = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const replacements = bytes.subarray(4 + size);
  const known = new Map<string, string | null>();

  const replacement = (part: string): string | null => {
    const cached = known.get(part);
    if (cached !== undefined) return cached;
    const at = firstMatch(trie, ENCODER.encode(part));
    const found = at === null ? null : DECODER.decode(replacements.subarray(at, replacements.indexOf(0, at)));
    known.set(part, found);
    return found;
  };
  const normalizeGrapheme = (grapheme: string): string =>
    (ENCODER.encode(grapheme).length < LONG_GRAPHEME ? replacement(grapheme) : null) ??
    Array.from(grapheme, (character) => replacement(character) ?? character).join('');

  return (text) => Array.from(graphemes().segment(text), ({ segment }) => normalizeGrapheme(segment)).join('');
}

/** From this number of bytes on a grapheme is looked up character by character only. */
const LONG_GRAPHEME = 6;
const ENCODER = new TextEncoder();
/** A byte order mark is a character like any other here. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const graphemes = lazy(() => new Intl.Segmenter('und', { granularity: 'grapheme' }));

/** Where the replacement of the shortest key begins that is a prefix of `key`; null where none is. */
function firstMatch(trie: Uint32Array, key: Uint8Array): number | null {
  let position = offset(trie[0] ?? 0);
  for (const byte of key) {
    position ^= byte;
    const unit = trie[position] ?? 0;
    if ((unit & 0x800000ff) >>> 0 !== byte) return null;
    position ^= offset(unit);
    if ((unit >>> 8) & 1) return (trie[position] ?? 0) & 0x7fffffff;
  }
  return null;
}

/** The distance from a unit of the trie to its children. */
const offset = (unit: number): number => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
