import { lazy } from '../core/lazy.ts';

/**
 * Where the Rust library `tokenizers`, with which encoders are trained, differs from `@huggingface/tokenizers`; found by
 * comparing both on every code point and on random texts. Its Unicode tables are older (categories of
 * Unicode 8, NFKC of Unicode 12), hence the lists of characters that came later.
 */

export interface BertNormalizerConfig {
  readonly clean_text?: boolean;
  readonly handle_chinese_chars?: boolean;
  readonly strip_accents?: boolean | null;
  readonly lowercase?: boolean;
}

/** Pieces and their log-probabilities; `trie` yields the pieces that a text begins with, shortest first. */
export interface UnigramModel {
  readonly trie: { common_prefix_search(characters: readonly string[], start: number): Iterable<string> };
  readonly ids: ReadonlyMap<string, number>;
  readonly scores: readonly number[];
  readonly unknownScore: number;
}

const LATER_FORMAT = String.raw`\u0890\u0891\u08E2\u{110CD}\u{13430}-\u{1343F}`;
const LATER_PUNCTUATION = [
  String.raw`\u061D\u09FD\u0A76\u0C77\u0C84\u1B4E\u1B4F\u1B7D-\u1B7F\u2E43-\u2E4F\u2E52-\u2E5D\u{10D6E}\u{10EAD}\u{10ED0}`,
  String.raw`\u{10F55}-\u{10F59}\u{10F86}-\u{10F89}\u{113D4}-\u{113D8}\u{1144B}-\u{1144F}\u{1145A}-\u{1145D}`,
  String.raw`\u{11660}-\u{1166C}\u{116B9}\u{1183B}\u{11944}-\u{11946}\u{119E2}\u{11A3F}-\u{11A46}\u{11A9A}-\u{11AA2}`,
  String.raw`\u{11B00}-\u{11B09}\u{11BE1}\u{11C41}-\u{11C45}\u{11C70}\u{11C71}\u{11EF7}\u{11EF8}\u{11F43}-\u{11F4F}`,
  String.raw`\u{11FFF}\u{12FF1}\u{12FF2}\u{16D6D}-\u{16D6F}\u{16E97}-\u{16E9A}\u{16FE2}\u{1E5FF}\u{1E95E}\u{1E95F}`,
].join('');
const LATER_COMPATIBILITY = [
  String.raw`\u32FF\uA7F1-\uA7F4\uAB69\u{10781}-\u{107BA}\u{1CCD6}-\u{1CCF9}\u{1E030}-\u{1E06D}\u{1F16C}`,
  String.raw`\u{1FBF0}-\u{1FBF9}`,
].join('');

const control = lazy(() => new RegExp(String.raw`[[\p{Cc}\p{Cf}\p{Co}\uFFFD]--[\t\n\r${LATER_FORMAT}]]`, 'gv'));
/** With Rust's gap at U+2B820 … U+2B91F. */
const HAN =
  /[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;
/** ASCII symbols too; the last two characters were punctuation then and are not now. */
const PUNCTUATION = String.raw`[[\p{P}$+<=>^\`\|~\u166D\u{111C9}]--[${LATER_PUNCTUATION}]]`;
const bertWord = lazy(() => new RegExp(String.raw`${PUNCTUATION}|[\P{White_Space}--${PUNCTUATION}]+`, 'gv'));
const NFKC_STRETCH = new RegExp(`[^${LATER_COMPATIBILITY}]+`, 'gu');
const METASPACE_WORD = /▁[^▁]*|[^▁]+/gu;

/** `BertNormalizer`: works on code points, not UTF-16 units; lower case regards each character by itself. */
export function normalizeBert(text: string, config: BertNormalizerConfig): string {
  let result = text;
  if (config.clean_text) result = result.replace(control(), '').replace(/\p{White_Space}/gu, ' ');
  if (config.handle_chinese_chars) result = result.replace(HAN, ' $& ');
  if (config.strip_accents ?? config.lowercase) result = result.normalize('NFD').replace(/\p{Mn}/gu, '');
  if (config.lowercase) result = Array.from(result, (character) => character.toLowerCase()).join('');
  return result;
}

/** `BertPreTokenizer`: words between white space, each punctuation character by itself. */
export const bertWords = (text: string): string[] => text.match(bertWord()) ?? [];

/** `WhitespaceSplit`. */
export const whitespaceWords = (text: string): string[] => text.match(/\P{White_Space}+/gu) ?? [];

/** `NFKC`. */
export const normalizeNfkc = (text: string): string =>
  text.replace(NFKC_STRETCH, (stretch) => stretch.normalize('NFKC'));

/** What `Metaspace` does with `split`: a model sees one word at a time. */
export const metaspaceWords = (text: string): string[] => text.match(METASPACE_WORD) ?? [];

/**
 * `Unigram`: the most probable segmentation of a word (Viterbi), unknown characters singly. Where segmentations are
 * equally probable ("0000000" as 000·0000 or 0000·000) the last bit decides, so the order of adding is Rust's too.
 */
export function unigramPieces({ trie, ids, scores, unknownScore }: UnigramModel, word: string): string[] {
  const characters = Array.from(word);
  const best = new Float64Array(characters.length + 1);
  const from = new Int32Array(characters.length + 1).fill(-1);
  const offer = (start: number, end: number, score: number) => {
    const total = score + best[start]!;
    if (from[end]! >= 0 && total <= best[end]!) return;
    best[end] = total;
    from[end] = start;
  };
  for (let start = 0; start < characters.length; start++) {
    let end = start;
    let single = false;
    let reached = '';
    for (const piece of trie.common_prefix_search(characters, start)) {
      while (reached.length < piece.length) reached += characters[end++]!;
      offer(start, end, scores[ids.get(piece)!]!);
      single ||= end === start + 1;
    }
    if (!single) offer(start, start + 1, unknownScore);
  }
  const pieces: string[] = [];
  for (let end = characters.length; end > 0; end = from[end]!) pieces.push(characters.slice(from[end]!, end).join(''));
  return pieces.reverse();
}

/**
 * A score as Rust reads it from JSON: all digits as an integer, divided by a power of ten. Both steps round, so the
 * result may be a bit off the nearest number, which JavaScript reads (serde_json without its `float_roundtrip`).
 */
export function rustNumber(value: number): number {
  const text = String(value);
  const point = text.indexOf('.');
  if (point < 0 || text.includes('e')) return value;
  return Number(text.slice(0, point) + text.slice(point + 1)) / 10 ** (text.length - point - 1);
}
