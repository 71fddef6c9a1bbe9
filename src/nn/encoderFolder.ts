import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { usageError } from '../core/errors.ts';

/** The encoder in the box, beside the code both in a checkout and in an installed package. */
const BUNDLED_FOLDER = fileURLToPath(new URL('../../models/encoder-ko', import.meta.url));

/**
 * The folder that holds an encoder's files: `bundled`, or a Hugging Face folder on disk.
 *
 * Errors: `usage` where there is no such folder.
 */
export async function resolveEncoder(encoder: string): Promise<string> {
  if (encoder === 'bundled') return BUNDLED_FOLDER;
  const found = await stat(encoder).catch(() => null);
  if (found?.isDirectory()) return encoder;
  throw usageError(
    `There is no encoder folder "${encoder}".`,
    'Use --encoder bundled, or name a folder that holds config.json, tokenizer.json and model.safetensors, e.g. one got with `huggingface-cli download klue/roberta-base --local-dir FOLDER`.',
  );
}
