import * as huggingface from '@huggingface/tokenizers';
import { z } from 'zod';
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

/** The part of the library's tokenizer that is used here. */
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
interface Part extends Partial<LibraryUnigram> {
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
    const { trie, tokens_to_ids, scores, min_score } = part as Part & LibraryUnigram;
    const model: UnigramModel = {
      trie,
      ids: tokens_to_ids,
      scores: scores.map(rustNumber),
      unknownScore: rustNumber(min_score) - 10,
    };
    return { encode: (words) => words.flatMap((word) => unigramPieces(model, word)) };
  },
};

/** The library's classes; checked, as its own declarations do not resolve under `nodenext`. */
type Library = Readonly<Record<PartName, new () => Part>> & {
  readonly Tokenizer: new (json: unknown, config: unknown) => HubTokenizer;
};
const CLASSES: readonly string[] = [...Object.keys(CORRECTIONS), 'Tokenizer'];
const library = z
  .custom<Library>(
    (module) => typeof module === 'object' && module !== null && CLASSES.every((name) => name in module),
    `@huggingface/tokenizers lacks one of ${CLASSES.join(', ')}`,
  )
  .parse(huggingface);

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
