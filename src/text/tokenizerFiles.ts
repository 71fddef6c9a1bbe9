import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { readJson, readText, writeJson } from '../core/files.ts';
import { fromVocabTxt } from './vocabTxt.ts';

const addedTokenSchema = z.looseObject({
  id: z.number().int().min(0),
  content: z.string().min(1),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
});
/** Pieces with ids (WordPiece, BPE) or with log-probabilities (Unigram); checked without a copy, as there are many. */
const vocabularySchema = z.custom<Readonly<Record<string, number>> | readonly (readonly [string, number])[]>(
  (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0,
  'expected pieces',
);
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  decoder: z.unknown(),
  model: z.looseObject({ vocab: vocabularySchema, continuing_subword_prefix: z.string().nullish() }),
});

/** A special token's name, as text or as an object with its content. */
const nameSchema = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);
const configSchema = z.looseObject({
  cls_token: nameSchema.nullish(),
  sep_token: nameSchema.nullish(),
  pad_token: nameSchema.nullish(),
  unk_token: nameSchema.nullish(),
  mask_token: nameSchema.nullish(),
  additional_special_tokens: z.array(nameSchema).nullish(),
  do_lower_case: z.boolean().nullish(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().nullish(),
});

/** The content of `tokenizer.json`, as far as korex looks into it. */
export type TokenizerJson = z.infer<typeof tokenizerSchema>;
/** The content of `tokenizer_config.json`. */
export type TokenizerConfig = z.infer<typeof configSchema>;

/** The content of a tokenizer's files. */
export interface TokenizerFiles {
  readonly json: TokenizerJson;
  readonly config: TokenizerConfig;
}

/**
 * Reads `tokenizer.json`, or `vocab.txt` where there is no other, and `tokenizer_config.json` where there is one.
 *
 * Errors: `usage`, with the path, for files that are missing, no JSON, or of another form.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const [path, vocabPath, configPath] = [
    join(folder, 'tokenizer.json'),
    join(folder, 'vocab.txt'),
    join(folder, 'tokenizer_config.json'),
  ];
  const config = existsSync(configPath) ? await readAs(configPath, configSchema) : {};
  const old = !existsSync(path) && existsSync(vocabPath);
  return { json: old ? fromVocabTxt(await readText(vocabPath), config) : await readAs(path, tokenizerSchema), config };
}

/**
 * Writes both files. `PreTrainedTokenizerFast` makes transformers take `tokenizer.json` as it is; named by their
 * architecture, some tokenizers (XLM-R) are built anew in version 5, with other ids.
 */
export async function writeTokenizerFiles(folder: string, { json, config }: TokenizerFiles): Promise<void> {
  await writeJson(join(folder, 'tokenizer.json'), json);
  await writeJson(join(folder, 'tokenizer_config.json'), { ...config, tokenizer_class: 'PreTrainedTokenizerFast' });
}

async function readAs<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0]!;
  throw usageError(
    `${path} is no tokenizer's file: ${field.join('.') || 'content'}: ${message}.`,
    'Take the file of the encoder’s own folder on the Hugging Face Hub.',
  );
}
