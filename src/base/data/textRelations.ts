import { basename, join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { sha256, toJsonLines, writeFileAtomic } from '../core/files.ts';
import { packagePath } from '../core/packagePath.ts';
import { validated } from '../core/validate.ts';
import { openFileSource } from './fileSource.ts';
import { parquetObjects } from './formats/parquet.ts';
import { linesOf } from './lines.ts';
import { spanText } from './span.ts';
import { utf8Text } from './utf8.ts';

/** Annotations of KLUE's texts without the texts (stand-off): `data/text-relations/`. */
const FOLDER = packagePath('data/text-relations');

/** The sets, by use: texts to train on, and texts to measure on. */
export const TEXT_RELATION_SETS = {
  train: ['pairs_train.jsonl', 'text_train.jsonl'],
  test: ['pairs_dev.jsonl', 'wiki_dev.jsonl'],
} as const;

/** Where the joined documents are kept, beside what the Hub's libraries keep. */
export const textRelationsFolder = (cache: string): string => join(cache, 'korex--text-relations');

const index = z.int().min(0);
const relation = z.tuple([index, z.string(), index]);
const standoffSchema = z.object({
  id: z.string(),
  source: z.string().optional(),
  sha256: z.string().length(64),
  entities: z.array(z.tuple([index, index, z.string()])),
  relations: z.array(relation),
  unsure: z.array(relation),
});

/** What a row of KLUE's `ner` or `re` has of a text. */
const textRowSchema = z.object({
  sentence: z.string().optional(),
  tokens: z.array(z.string()).optional(),
});

/** KLUE-NER's `sentence` names entities within the text: `<경찰:OG>은`. Its `tokens` are the characters of the text itself. */
const TAG = /<([^<>]*):(?:PS|LC|OG|DT|TI|QT)>/g;

/**
 * Puts the texts back into the annotations: finds each by its digest among the rows of KLUE's files, and writes the sets as
 * documents into a folder.
 *
 * @param klueFiles Parquet files of KLUE's `ner` and `re`
 * @param annotations the folder of the sets without texts
 * @returns documents by set. Errors: `usage` for annotations whose text none of the files has as it was annotated.
 */
export async function joinTextRelations(
  klueFiles: readonly string[],
  folder: string,
  annotations = FOLDER,
): Promise<Record<string, number>> {
  const texts = new Map<string, string>();
  for (const path of klueFiles) {
    const source = await openFileSource(path);
    try {
      for await (const row of parquetObjects(source)) {
        const { sentence, tokens } = validated(path, row, textRowSchema, {
          says: { en: 'is no file of KLUE', ko: 'KLUE의 파일이 아니다' },
          hint: { en: 'Pull it again.', ko: '다시 내려받는다.' },
        });
        for (const text of [tokens?.join(''), sentence, sentence?.replace(TAG, '$1')])
          if (text !== undefined) texts.set(sha256(text), text);
      }
    } finally {
      await source.close();
    }
  }
  const counts: Record<string, number> = {};
  for (const name of Object.values(TEXT_RELATION_SETS).flat()) {
    const documents = await joined(join(annotations, name), texts);
    await writeFileAtomic(join(folder, name), toJsonLines(documents));
    counts[basename(name, '.jsonl')] = documents.length;
  }
  return counts;
}

/** One set with its texts. */
async function joined(path: string, texts: ReadonlyMap<string, string>) {
  const documents: object[] = [];
  const missing: string[] = [];
  const source = await openFileSource(path);
  try {
    for await (const { number, bytes } of linesOf(source.pieces())) {
      const row = validated(`${path}:${number}`, JSON.parse(utf8Text(bytes!)), standoffSchema, {
        says: { en: 'holds no annotation', ko: '주석이 아니다' },
        hint: { en: 'Install korex again.', ko: 'korex를 다시 설치한다.' },
      });
      const text = texts.get(row.sha256);
      if (text === undefined) missing.push(row.id);
      else documents.push(withText(row, text));
    }
  } finally {
    await source.close();
  }
  if (missing.length === 0) return documents;
  const some = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}`;
  throw usageError(
    {
      en: `${basename(path)}: the texts of ${missing.length} of ${missing.length + documents.length} rows are not as they were annotated (their SHA-256 differs): ${some}.`,
      ko: `${basename(path)}: ${missing.length + documents.length}행 가운데 ${missing.length}행의 글이 주석할 때와 다르다(SHA-256이 다르다): ${some}.`,
    },
    {
      en: 'The annotations are of KLUE v1.1 (klue/klue on the Hub); pull it again.',
      ko: '주석은 KLUE v1.1(Hub의 klue/klue)에 대한 것이다. 다시 내려받는다.',
    },
  );
}

function withText({ id, source, entities, relations, unsure }: z.output<typeof standoffSchema>, text: string) {
  return {
    id,
    ...(source !== undefined && { source }),
    text,
    entities: entities.map(([start, end, type]) => ({ word: spanText(text, start, end), start, end, type })),
    relations,
    unsure,
  };
}
