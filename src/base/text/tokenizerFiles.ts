import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { readJson, readText, writeJson } from '../core/files.ts';
import { validated } from '../core/validate.ts';
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
  if (existsSync(path)) {
    const json = await readAs(path, tokenizerSchema);
    // What transformers makes of KoBERT's vocabulary where its own class is not named.
    if (json.model.type === 'WordPiece') checkPieces(path, Object.keys(json.model.vocab));
    return { json, config };
  }
  if (!existsSync(vocabPath)) throw await missing(folder);
  const vocabulary = await readText(vocabPath);
  checkWordPiece(vocabPath, vocabulary, config);
  return { json: fromVocabTxt(vocabulary, config), config };
}

const CONVERT = {
  en: 'Where transformers has a fast tokenizer of it, `AutoTokenizer.from_pretrained("FOLDER", use_fast=True).save_pretrained("FOLDER")` writes tokenizer.json. Otherwise choose an encoder that comes with one.',
  ko: 'transformers에 빠른 토크나이저가 있으면 `AutoTokenizer.from_pretrained("FOLDER", use_fast=True).save_pretrained("FOLDER")`가 tokenizer.json을 쓴다. 없으면 tokenizer.json이 있는 인코더를 고른다.',
};

/** What a folder has in the place of files that korex reads. */
async function missing(folder: string) {
  const names = await readdir(folder).catch(() => [] as string[]);
  const model = names.find((name) => /\.model$|sentencepiece|^spiece/i.test(name));
  if (model !== undefined)
    return usageError(
      {
        en: `${folder} has only a SentencePiece model (${model}); korex reads tokenizer.json.`,
        ko: `${folder}: SentencePiece 모델(${model})만 있다. korex는 tokenizer.json을 읽는다.`,
      },
      CONVERT,
    );
  return usageError(
    {
      en: `${folder} has no tokenizer: neither tokenizer.json nor vocab.txt is there.`,
      ko: `${folder}: 토크나이저가 없다. tokenizer.json도 vocab.txt도 없다.`,
    },
    {
      en: 'Take the files of the encoder’s own folder on the Hugging Face Hub.',
      ko: 'Hugging Face Hub에 있는 그 인코더의 폴더에서 파일을 가져온다.',
    },
  );
}

/** Classes that cut words by other means than WordPiece, though they keep a `vocab.txt` as BERT does. */
const OTHER_CLASSES = /kobert|mecab|bertjapanese|khaiii|okt/i;
/** From this share of pieces on with SentencePiece's mark of a word's beginning, a vocabulary is SentencePiece's. */
const SENTENCEPIECE_SHARE = 0.05;

/** Errors: `usage` for a `vocab.txt` that BERT's WordPiece would open and then know hardly a word of. */
function checkWordPiece(path: string, text: string, { tokenizer_class: name }: TokenizerConfig): void {
  if (name && OTHER_CLASSES.test(name))
    throw usageError(
      {
        en: `${path} belongs to a tokenizer of the class ${name}, which cuts words by other means than BERT's WordPiece; read as BERT's, nearly every word would be unknown.`,
        ko: `${path}: 클래스가 ${name}인 토크나이저의 것인데, BERT의 WordPiece와 다르게 단어를 자른다. BERT의 것으로 읽으면 거의 모든 단어를 모르게 된다.`,
      },
      CONVERT,
    );
  checkPieces(path, text.split('\n'));
}

/** Errors: `usage` where pieces of a WordPiece vocabulary are those of SentencePiece. */
function checkPieces(path: string, pieces: readonly string[]): void {
  const marked = pieces.filter((piece) => piece.startsWith('▁')).length;
  if (marked > SENTENCEPIECE_SHARE * pieces.length)
    throw usageError(
      {
        en: `${path} holds pieces of SentencePiece (▁…), which BERT's WordPiece does not read; nearly every word would be unknown.`,
        ko: `${path}: SentencePiece의 조각(▁…)이 들어 있는데, BERT의 WordPiece는 이를 읽지 못한다. 거의 모든 단어를 모르게 된다.`,
      },
      CONVERT,
    );
}

/**
 * Writes both files. `PreTrainedTokenizerFast` makes transformers take `tokenizer.json` as it is; named by their
 * architecture, some tokenizers (XLM-R) are built from scratch in version 5, with other ids.
 */
export async function writeTokenizerFiles(folder: string, { json, config }: TokenizerFiles): Promise<void> {
  await writeJson(join(folder, 'tokenizer.json'), json);
  await writeJson(join(folder, 'tokenizer_config.json'), { ...config, tokenizer_class: 'PreTrainedTokenizerFast' });
}

/** The file's content as it is, once it has the schema's form: zod's copy has the fields in another order. */
async function readAs<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
  const content = await readJson(path);
  validated(path, content, schema, {
    says: { en: 'is no tokenizer’s file', ko: '토크나이저의 파일이 아니다' },
    hint: {
      en: 'Take the file of the encoder’s own folder on the Hugging Face Hub.',
      ko: 'Hugging Face Hub에 있는 그 인코더의 폴더에서 파일을 가져온다.',
    },
  });
  return content as z.output<T>;
}
