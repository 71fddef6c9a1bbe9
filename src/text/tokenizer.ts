import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, usageError } from '../core/errors.ts';
import { readJson, writeJson } from '../core/files.ts';
import { type HubTokenizer, openHubTokenizer } from './hubTokenizer.ts';

/** A text as the encoder sees it. `tokens` are the pieces behind the ids, unknown ones as they stand in the text where the model keeps them. */
export interface Tokenized {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
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
  /** The text's own tokens, without `prefix` and `suffix`. */
  tokenize(text: string): Tokenized;
  /** The text as it is just before it is cut into words. */
  normalize(text: string): string;
  /** The token of an id, e.g. for a trace; errors: `failed` for an id out of range. */
  token(id: number): string;
  /** The id of a token, if it has one. */
  id(token: string): number | undefined;
  /** This tokenizer with special tokens more; ids as `add_special_tokens` gives them in Python. */
  withSpecialTokens(tokens: readonly string[]): Tokenizer;
  /** Writes `tokenizer.json` and `tokenizer_config.json`, to be opened here or in Python with the same ids. */
  save(folder: string): Promise<void>;
}

const addedTokenSchema = z.looseObject({
  id: z.number().int().min(0),
  content: z.string().min(1),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
});
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  decoder: z.unknown(),
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.number()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});
const namedTokenSchema = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform(({ content }) => content),
]);
const configSchema = z.looseObject({
  cls_token: namedTokenSchema.nullish(),
  sep_token: namedTokenSchema.nullish(),
  pad_token: namedTokenSchema.nullish(),
  unk_token: namedTokenSchema.nullish(),
});
type TokenizerJson = z.infer<typeof tokenizerSchema>;
type ConfigJson = z.infer<typeof configSchema>;

/**
 * Reads the tokenizer of a Hugging Face folder: `tokenizer.json`, and `tokenizer_config.json` where there is one.
 *
 * Errors: `usage`, with the path, for files that are missing, no JSON, or no tokenizer of a known kind.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const path = join(folder, 'tokenizer.json');
  const configPath = join(folder, 'tokenizer_config.json');
  const json = await readAs(path, tokenizerSchema);
  const config = existsSync(configPath) ? await readAs(configPath, configSchema) : {};
  try {
    return createTokenizer(json, config);
  } catch (error) {
    throw usageError(`${path} cannot be used: ${(error as Error).message}.`, TOKENIZER_HINT, error);
  }
}

const TOKENIZER_HINT = 'Take the files of the encoder’s own folder on the Hugging Face Hub.';

async function readAs<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0]!;
  throw usageError(`${path}: ${field.join('.') || 'the file'}: ${message}.`, TOKENIZER_HINT);
}

function createTokenizer(json: TokenizerJson, config: ConfigJson): Tokenizer {
  const hub = openHubTokenizer(
    { ...json, added_tokens: json.added_tokens.map((token) => ({ ...token, lstrip: false, rstrip: false })) },
    config,
  );
  const vocabulary = Array.isArray(json.model.vocab) ? json.model.vocab.length : Object.keys(json.model.vocab).length;
  const { prefix, suffix } = frame(hub);
  const trimAround = trimmer(json);
  const idOf = (role: 'cls' | 'sep' | 'pad' | 'unk', ...usual: (string | undefined)[]) => {
    const names = [config[`${role}_token`], ...usual].filter((name) => name !== null && name !== undefined);
    const id = names.map((name) => hub.token_to_id(name)).find((found) => found !== undefined);
    if (id === undefined) throw new Error(`it names no ${role}_token`);
    return id;
  };

  return {
    size: json.added_tokens.reduce((size, { id }) => Math.max(size, id + 1), vocabulary),
    clsId: prefix[0] ?? idOf('cls', '[CLS]', '<s>'),
    sepId: suffix.at(-1) ?? idOf('sep', '[SEP]', '</s>'),
    padId: idOf('pad', '[PAD]', '<pad>'),
    unkId: idOf('unk', '[UNK]', '<unk>'),
    prefix,
    suffix,
    tokenize: (text) => hub.encode(trimAround(text), { add_special_tokens: false }),
    normalize: (text) => hub.normalizer?.normalize(text) ?? text,
    token(id) {
      const token = hub.id_to_token(id);
      if (token === undefined) throw failure(`The tokenizer has no token ${id}.`);
      return token;
    },
    id: (token) => hub.token_to_id(token),
    withSpecialTokens: (tokens) => createTokenizer(addSpecialTokens(json, vocabulary, tokens, hub), config),
    async save(folder) {
      await writeJson(join(folder, 'tokenizer.json'), json);
      await writeJson(join(folder, 'tokenizer_config.json'), config);
    },
  };
}

/** Takes away the white space that tokens such as `<mask>` swallow; the library's own way knows other white space. */
function trimmer({ added_tokens }: TokenizerJson): (text: string) => string {
  const literal = (content: string) => content.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const patterns = added_tokens.flatMap(({ content, lstrip, rstrip }) => [
    ...(lstrip ? [new RegExp(`\\p{White_Space}+(?=${literal(content)})`, 'gu')] : []),
    ...(rstrip ? [new RegExp(`(?<=${literal(content)})\\p{White_Space}+`, 'gu')] : []),
  ]);
  return (text) => patterns.reduce((trimmed, pattern) => trimmed.replace(pattern, ''), text);
}

/** The special tokens that the post-processor puts around a text. */
function frame(hub: HubTokenizer): { prefix: number[]; suffix: number[] } {
  const body = hub.encode('a', { add_special_tokens: false }).ids;
  const { ids } = hub.encode('a');
  const at = ids.findIndex((_, i) => body.every((id, j) => ids[i + j] === id));
  return { prefix: ids.slice(0, at), suffix: ids.slice(at + body.length) };
}

/** Ids as in `AddedVocabulary::add_tokens` of the Rust library: behind the vocabulary and behind every added token. */
function addSpecialTokens(
  json: TokenizerJson,
  vocabulary: number,
  tokens: readonly string[],
  hub: HubTokenizer,
): TokenizerJson {
  const added = [...json.added_tokens];
  let next = added.reduce((id, token) => Math.max(id, token.id + 1), vocabulary);
  for (const content of tokens) {
    if (added.some((token) => token.content === content)) continue;
    const id = hub.token_to_id(content) ?? next++;
    added.push({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });
  }
  return { ...json, added_tokens: added.sort((a, b) => a.id - b.id) };
}
