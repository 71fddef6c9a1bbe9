import { failure } from '../core/errors.ts';
import { type HubTokenizer, openHubTokenizer } from './hubTokenizer.ts';
import type { TokenizerFiles } from './tokenizerFiles.ts';
import { PLAIN_SPECIAL, type TokenizerJson, tokenName } from './tokenizerJson.ts';

/** A text as the encoder sees it. */
export interface Tokenized {
  readonly ids: readonly number[];
  /** The text pieces of the ids, without the mark of word-inner pieces (`##`); an unknown piece as the model gives it. */
  readonly pieces: readonly string[];
}

/** A Hugging Face tokenizer; gives the ids that the `tokenizers` library of Python gives. Immutable. */
export interface Tokenizer {
  /** Rows that an embedding needs for it: the largest id + 1. */
  readonly size: number;
  readonly clsId: number;
  readonly sepId: number;
  readonly padId: number;
  readonly unkId: number;
  /** Special tokens before and behind every text, e.g. `[CLS]` and `[SEP]`. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  /** Special tokens between two texts, e.g. `[SEP]`, or `</s></s>`; `prefix` and `suffix` go around both. */
  readonly separator: readonly number[];
  /** The text's own tokens, without `prefix` and `suffix`. */
  tokenize(text: string): Tokenized;
  /** The text as it is just before it is cut into words. */
  normalize(text: string): string;
  /** The token of an id, e.g. for a trace. Errors: `failed` for an id out of range. */
  token(id: number): string;
  /** The text piece of an id, as in `Tokenized.pieces`; undefined where no token has it. */
  piece(id: number): string | undefined;
  /** The id of a token, if it has one. */
  id(token: string): number | undefined;
  /** This tokenizer with special tokens more, their ids as `add_special_tokens` gives them in Python. */
  withSpecialTokens(tokens: readonly string[]): Tokenizer;
  /** What its files hold, to be opened here or in Python with the same ids. */
  readonly files: TokenizerFiles;
}

/**
 * A tokenizer from the content of `tokenizer.json` and `tokenizer_config.json`. It needs no file system: the page uses it too.
 *
 * Errors: those of the library, as they come, for a kind of tokenizer that it does not know, and an `Error` where a token
 * that every input needs is missing; `loadTokenizer` puts both into words.
 */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const { json, config } = files;
  const hub = openHubTokenizer(withoutStripping(json), config);
  const frame = frameOf(hub);
  const { prefix, suffix } = frame;
  const strip = stripper(json);
  const inner = json.model.continuing_subword_prefix ?? '';
  const pieceOf = (name: string): string => (name.startsWith(inner) ? name.slice(inner.length) : name);

  const firstId = (role: string, names: readonly (string | undefined)[]): number => {
    for (const name of names) {
      const id = name ? hub.token_to_id(name) : undefined;
      if (id !== undefined) return id;
    }
    throw new Error(`it has no ${role} token`);
  };

  const clsId = prefix[0] ?? firstId('cls', [tokenName(config.cls_token), '[CLS]', '<s>']);
  const sepId = suffix.at(-1) ?? firstId('sep', [tokenName(config.sep_token), '[SEP]', '</s>']);
  const padId = firstId('pad', [tokenName(config.pad_token), '[PAD]', '<pad>']);
  const unkId = firstId('unk', [tokenName(config.unk_token), '[UNK]', '<unk>']);
  const token = (id: number): string => {
    const name = hub.id_to_token(id);
    if (name === undefined)
      throw failure({ en: `The tokenizer has no token ${id}.`, ko: `토크나이저에 없는 토큰: ${id}.` });
    return name;
  };
  // What a tokenizer class of its own would know by default.
  const names = { cls_token: token(clsId), sep_token: token(sepId), pad_token: token(padId), unk_token: token(unkId) };

  return {
    size: nextId(json),
    clsId,
    sepId,
    padId,
    unkId,
    prefix,
    suffix,
    separator: frame.separator.length > 0 ? frame.separator : [sepId],
    tokenize(text) {
      const { ids, tokens } = hub.encode(strip(text), { add_special_tokens: false });
      return { ids, pieces: tokens.map(pieceOf) };
    },
    normalize: (text) => hub.normalizer?.normalize(text) ?? text,
    token,
    piece(id) {
      const name = hub.id_to_token(id);
      return name === undefined ? undefined : pieceOf(name);
    },
    id: (name) => hub.token_to_id(name),
    withSpecialTokens: (tokens) => createTokenizer(addSpecialTokens(files, tokens, hub)),
    files: { json, config: { ...config, ...names } },
  };
}

/** The special tokens that the post-processor puts around a text, and between two; some put none there. */
function frameOf(hub: HubTokenizer): Record<'prefix' | 'suffix' | 'separator', number[]> {
  const body = hub.encode('a', { add_special_tokens: false }).ids;
  const isBody = (ids: readonly number[]) => (_: number, i: number) => body.every((id, j) => ids[i + j] === id);
  const { ids } = hub.encode('a');
  const at = ids.findIndex(isBody(ids));
  const pair = hub.encode('a', { text_pair: 'a' }).ids;
  return {
    prefix: ids.slice(0, at),
    suffix: ids.slice(at + body.length),
    separator: pair.slice(pair.findIndex(isBody(pair)) + body.length, pair.findLastIndex(isBody(pair))),
  };
}

/**
 * Takes away the white space that tokens such as `<mask>` swallow. The library would do so itself, but does not take the
 * same characters for white space as Rust.
 */
function stripper({ added_tokens }: TokenizerJson): (text: string) => string {
  const patterns = added_tokens.flatMap(({ content, lstrip, rstrip }) => {
    const token = content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    return [
      ...(lstrip ? [new RegExp(`\\p{White_Space}+(?=${token})`, 'gu')] : []),
      ...(rstrip ? [new RegExp(`(?<=${token})\\p{White_Space}+`, 'gu')] : []),
    ];
  });
  return (text) => patterns.reduce((stripped, pattern) => stripped.replace(pattern, ''), text);
}

const withoutStripping = (json: TokenizerJson): TokenizerJson => ({
  ...json,
  added_tokens: json.added_tokens.map((token) => ({ ...token, lstrip: false, rstrip: false })),
});

/** As `AddedVocabulary::add_tokens` of the Rust library: what is in the vocabulary keeps its id, others come behind all. */
function addSpecialTokens(
  { json, config }: TokenizerFiles,
  tokens: readonly string[],
  hub: HubTokenizer,
): TokenizerFiles {
  const added = new Map(json.added_tokens.map((token) => [token.content, token]));
  let next = nextId(json);
  for (const content of tokens)
    if (!added.has(content)) added.set(content, { id: hub.token_to_id(content) ?? next++, content, ...PLAIN_SPECIAL });
  const listed = config.additional_special_tokens ?? [];
  const additional = [
    ...listed,
    ...[...new Set(tokens)].filter((token) => !listed.some((each) => tokenName(each) === token)),
  ];
  return {
    json: { ...json, added_tokens: [...added.values()].sort((a, b) => a.id - b.id) },
    config: additional.length > 0 ? { ...config, additional_special_tokens: additional } : config,
  };
}

const nextId = ({ model, added_tokens }: TokenizerJson): number =>
  added_tokens.reduce((next, { id }) => Math.max(next, id + 1), Object.keys(model.vocab).length);
