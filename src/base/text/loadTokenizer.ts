import { usageError } from '../core/errors.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { readTokenizerFiles } from './tokenizerFiles.ts';

/**
 * Opens the tokenizer of a Hugging Face folder: `tokenizer.json` (or BERT's `vocab.txt`) and `tokenizer_config.json`.
 *
 * @example (await loadTokenizer('models/encoder-ko')).tokenize('비틀즈의 노래').pieces // ['▁비', '틀', '즈', '의', '▁노래']
 * Errors: `usage`, with the path, for files that are missing, no JSON, or no tokenizer of a known kind.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const files = await readTokenizerFiles(folder);
  try {
    return createTokenizer(files);
  } catch (error) {
    throw usageError(
      `The tokenizer in ${folder} cannot be used: ${(error as Error).message}.`,
      'Encoders of the kinds BERT, RoBERTa, ELECTRA and XLM-R can.',
      error,
    );
  }
}
