import { usageError } from '../core/errors.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { readTokenizerFiles } from './tokenizerFiles.ts';

/**
 * Opens the tokenizer of a Hugging Face folder: `tokenizer.json` (or BERT's `vocab.txt`) and `tokenizer_config.json`.
 *
 * @example (await loadTokenizer('models/encoder-ko')).tokenize('비틀즈의 노래').pieces // ['▁비', '틀', '즈', '의', '▁노래']
 * Errors: `usage`, with the path, for files that are missing, no JSON, no tokenizer of a known kind, or
 * one that would know no Korean word.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const tokenizer = await openTokenizer(folder);
  checkHangul(folder, tokenizer);
  return tokenizer;
}

/** The same without asking whether it can read Korean. */
export async function openTokenizer(folder: string): Promise<Tokenizer> {
  const files = await readTokenizerFiles(folder);
  try {
    return createTokenizer(files);
  } catch (error) {
    throw usageError(
      {
        en: `The tokenizer in ${folder} cannot be used: ${(error as Error).message}.`,
        ko: `${folder}의 토크나이저를 쓸 수 없다: ${(error as Error).message}.`,
      },
      {
        en: 'Encoders of the kinds BERT, RoBERTa, ELECTRA and XLM-R can.',
        ko: 'BERT, RoBERTa, ELECTRA, XLM-R 종류의 인코더를 쓸 수 있다.',
      },
      error,
    );
  }
}

/** Words that every Korean vocabulary can spell. */
const KOREAN = '한국 사람 이 그 수 있다';

/**
 * A normaliser that lowers case takes accents off as well, and with them takes Hangul syllables apart into letters
 * (canonical decomposition, NFD). A vocabulary of syllables then knows no Korean word, and says so nowhere.
 */
function checkHangul(folder: string, tokenizer: Tokenizer): void {
  const isTakenApart = tokenizer.normalize(KOREAN).normalize('NFC') !== tokenizer.normalize(KOREAN);
  if (!isTakenApart || tokenizer.tokenize(KOREAN).ids.some((id) => id !== tokenizer.unkId)) return;
  throw usageError(
    {
      en: `The tokenizer in ${folder} takes Hangul syllables apart before it looks them up, and its vocabulary has syllables alone: every Korean word would be unknown.`,
      ko: `${folder}의 토크나이저는 한글 음절을 자모로 쪼갠 뒤에 찾는데 어휘에는 음절만 있다. 모든 한국어 단어를 모르게 된다.`,
    },
    {
      en: 'Set "do_lower_case": false in tokenizer_config.json, or "strip_accents": false where lower case is meant.',
      ko: 'tokenizer_config.json에 "do_lower_case": false를, 소문자가 필요하면 "strip_accents": false를 쓴다.',
    },
  );
}
