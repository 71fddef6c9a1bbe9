import * as huggingface from '@huggingface/tokenizers';
import { precompiledNormalizer } from './precompiled.ts';
import {
  type BertNormalizerConfig,
  bertWords,
  metaspaceWords,
  normalizeBert,
  normalizeNfkc,
  rustNumber,
  type UnigramModel,
  unigramPieces,
  whitespaceWords,
} from './rustParity.ts';

/** What is in use of the library's tokenizer. */
export interface HubTokenizer {
  readonly normalizer: Part | null;
  readonly pre_tokenizer: Part | null;
  readonly model: Part;
  encode(
    text: string,
    options?: { add_special_tokens?: boolean; text_pair?: string },
  ): { ids: number[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
}

/** A normaliser, pre-tokeniser or model of the library; `normalizers` and `tokenizers` are the parts of a sequence. */
interface Part {
  readonly config?: BertNormalizerConfig & { readonly precompiled_charsmap?: string | null };
  readonly normalizers?: readonly Part[];
  readonly tokenizers?: readonly Part[];
  normalize(text: string): string;
  pre_tokenize_text(text: string, options?: unknown): string[];
  encode(words: readonly string[]): string[];
}

interface LibraryUnigram extends Pick<UnigramModel, 'trie' | 'scores'> {
  readonly tokens_to_ids: UnigramModel['ids'];
  readonly min_score: number;
}

type PartName =
  | 'BertNormalizer'
  | 'NFKCNormalizer'
  | 'PrecompiledNormalizer'
  | 'BertPreTokenizer'
  | 'WhitespaceSplitPreTokenizer'
  | 'MetaspacePreTokenizer'
  | 'Unigram';

/** The library's own declarations do not resolve under `nodenext`. */
const library = huggingface as unknown as Readonly<Record<PartName, new () => Part>> & {
  readonly Tokenizer: new (json: unknown, config: unknown) => HubTokenizer;
};

/** The parts that differ from the Rust library’s, and the method that takes the place of theirs (see `rustParity.ts`). */
const CORRECTIONS: Readonly<Record<PartName, (part: Part) => Partial<Part>>> = {
  BertNormalizer: ({ config = {} }) => ({ normalize: (text) => normalizeBert(text, config) }),
  NFKCNormalizer: () => ({ normalize: normalizeNfkc }),
  PrecompiledNormalizer: ({ config }) =>
    config?.precompiled_charsmap ? { normalize: precompiledNormalizer(config.precompiled_charsmap) } : {},
  BertPreTokenizer: () => ({ pre_tokenize_text: bertWords }),
  WhitespaceSplitPreTokenizer: () => ({ pre_tokenize_text: whitespaceWords }),
  MetaspacePreTokenizer(part) {
    const whole = part.pre_tokenize_text.bind(part);
    return { pre_tokenize_text: (text, options) => whole(text, options).flatMap(metaspaceWords) };
  },
  Unigram(part) {
    const { trie, tokens_to_ids, scores, min_score } = part as unknown as LibraryUnigram;
    const model: UnigramModel = {
      trie,
      ids: tokens_to_ids,
      scores: scores.map(rustNumber),
      unknownScore: rustNumber(min_score) - 10,
    };
    return { encode: (words) => words.flatMap((word) => unigramPieces(model, word)) };
  },
};

/** The library's tokenizer for the content of `tokenizer.json` and `tokenizer_config.json`, with Rust's behaviour. */
export function openHubTokenizer(json: unknown, config: unknown): HubTokenizer {
  const hub = new library.Tokenizer(json, config);
  for (const part of [hub.normalizer, hub.pre_tokenizer, hub.model]) if (part) correct(part);
  return hub;
}

function correct(part: Part): void {
  for (const [name, correction] of Object.entries(CORRECTIONS))
    if (part instanceof library[name as PartName]) Object.assign(part, correction(part));
  for (const inner of part.normalizers ?? part.tokenizers ?? []) correct(inner);
}
