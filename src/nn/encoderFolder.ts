import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { usageError } from '../core/errors.ts';
import { encoderFiles } from '../hub/encoderFiles.ts';
import { parseModel } from '../hub/repository.ts';
import { type HubOptions, openSnapshot } from '../hub/snapshot.ts';

/** The encoder in the box, beside the code both in a checkout and in an installed package. */
const BUNDLED_FOLDER = fileURLToPath(new URL('../../models/encoder-ko', import.meta.url));

/**
 * The folder that holds an encoder's files: `bundled`, a Hugging Face folder on disk, or `ORG/NAME[@REVISION]` of the
 * Hub, which is downloaded unless the cache holds it. A folder of that name goes first.
 *
 * Errors: `usage` for what is none of these; those of `openSnapshot`.
 */
export async function resolveEncoder(encoder: string, options: HubOptions = {}): Promise<string> {
  if (encoder === 'bundled') return BUNDLED_FOLDER;
  const found = await stat(encoder).catch(() => null);
  if (found?.isDirectory()) return encoder;
  const repository = found === null ? parseModel(encoder) : null;
  if (repository !== null) return openSnapshot(repository, encoderFiles(repository), options);
  throw usageError(
    found === null
      ? `--encoder ${encoder}: there is no such folder, and a name on the Hugging Face Hub reads ORG/NAME or ORG/NAME@REVISION.`
      : `--encoder ${encoder} is a file; expected the folder that holds it.`,
    'Use bundled, a name such as klue/roberta-base (`korex models list` shows more), or a folder that holds config.json, tokenizer.json and model.safetensors.',
  );
}
