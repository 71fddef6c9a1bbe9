import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { readJson, readText, writeJson } from '../core/files.ts';
import { configSchema, type TokenizerConfig, type TokenizerJson, tokenizerSchema } from './tokenizerJson.ts';
import { fromVocabTxt } from './vocabTxt.ts';

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

/** The file's content as it stands there, once it has the schema's form: zod's copy has the fields in another order. */
async function readAs<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const content = await readJson(path);
  const parsed = schema.safeParse(content);
  if (parsed.success) return content as T;
  const { path: field, message } = parsed.error.issues[0]!;
  throw usageError(
    `${path} is no tokenizer’s file: ${field.join('.') || 'content'}: ${message}.`,
    'Take the file of the encoder’s own folder on the Hugging Face Hub.',
  );
}
