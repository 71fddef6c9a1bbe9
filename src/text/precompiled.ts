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
  const bytes = Buffer.from(charsmap, 'base64');
  const size = bytes.readUInt32LE(0);
  const trie = Uint32Array.from({ length: size / 4 }, (_, i) => bytes.readUInt32LE(4 + 4 * i));
  const replacements = bytes.subarray(4 + size);
  const known = new Map<string, string | null>();

  const replacement = (part: string): string | null => {
    const cached = known.get(part);
    if (cached !== undefined) return cached;
    const at = firstMatch(trie, Buffer.from(part));
    const found = at === null ? null : replacements.toString('utf8', at, replacements.indexOf(0, at));
    known.set(part, found);
    return found;
  };
  const normalizeGrapheme = (grapheme: string): string =>
    (Buffer.byteLength(grapheme) < LONG_GRAPHEME ? replacement(grapheme) : null) ??
    Array.from(grapheme, (character) => replacement(character) ?? character).join('');

  return (text) => Array.from(GRAPHEMES.segment(text), ({ segment }) => normalizeGrapheme(segment)).join('');
}

/** From this number of bytes on a grapheme is looked up character by character only. */
const LONG_GRAPHEME = 6;
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

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
