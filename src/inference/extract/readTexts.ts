import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { readFailure } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { annotationFiles, textBeside } from '../../base/data/annotationFolder.ts';
import type { RejectedRow } from '../../base/data/badRows.ts';
import { openFileSource } from '../../base/data/fileSource.ts';
import { type ByteSource, pipeSource } from '../../base/data/formats/byteSource.ts';
import { checkText, type DocumentRules, type TextDocument } from '../../base/data/formats/documents.ts';
import { firstCharacter } from '../../base/data/formats/format.ts';
import { lossNotes } from '../../base/data/formats/losses.ts';
import { endingOf, FORMATS, isAnnotationFormat } from '../../base/data/formats/table.ts';
import { openRows } from '../../base/data/openRows.ts';
import { headOf, type OpenOptions, type OpenRows, openSource } from '../../base/data/openSource.ts';
import { RELATION_LIST } from '../../base/data/relationList.ts';
import { utf8Pieces } from '../../base/data/utf8.ts';
import { schemeOf } from '../../base/storage/storageOf.ts';
import { PROJECT_FILE, PROMOTED_FILE } from '../predict/promotedModel.ts';

/** A text of the input, or a row that is none. */
export type ReadText =
  | { readonly document: Pick<TextDocument, 'id' | 'text' | 'entities'>; readonly number: number }
  | { readonly rejected: RejectedRow };

/** Endings of files that are a text each. */
export const TEXT_FILE_ENDINGS: readonly string[] = ['.txt', '.md'];
const ROWS = ['.jsonl', '.ndjson', '.json'];
/** Endings by which the files of a folder are found. */
export const TEXT_ENDINGS: readonly string[] = [...TEXT_FILE_ENDINGS, ...ROWS];

/** The largest file of one text: all of it is in memory while its graph is made. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/** Entities may have any type here; the model says which ones it knows. */
const RULES: DocumentRules = { labels: null, entityTypes: null };

/**
 * The texts of a file, of a folder's files or of standard input (`-`), one by one: a text file is one document, a row of
 * JSON lines or of a JSON list is one. What comes through a pipe is rows where it begins like JSON. A text is named by its
 * file, seen from the folder; a row without an id is `FILE:ROW`.
 *
 * Errors: `usage` where the input cannot be read, is no text or too large, or a folder holds none.
 */
export async function* readTexts(
  input: string,
  { signal, say = () => {} }: ReadOptions = {},
): AsyncGenerator<ReadText> {
  if (input === '-') {
    yield* readSource(pipeSource(process.stdin, 'stdin'), 'stdin', undefined, { signal, say });
    return;
  }
  if ((await annotationFiles(input)) !== null) {
    yield* textsOf(await openRows(input), { signal, say });
    return;
  }
  if (schemeOf(input) !== null) {
    const source = await openFileSource(input);
    yield* readSource(source, basename(input), undefined, { signal, say });
    return;
  }
  const found = await stat(input).catch((error: unknown) => {
    throw readFailure(input, error);
  });
  const files = found.isDirectory() ? await textFiles(input) : [input];
  for (const file of files) {
    signal?.throwIfAborted();
    const name = found.isDirectory() ? file.slice(join(input, sep).length).split(sep).join('/') : basename(file);
    yield* readSource(await openFileSource(file), name, textBeside(file), { signal, say });
  }
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Takes what was recognised, in a line. */
  readonly say?: (note: Localized) => void;
}

/** The texts of one file, which is closed behind them. Errors: as those of `readTexts`. */
export async function* readSource(
  source: ByteSource,
  name: string,
  beside: OpenOptions['beside'],
  options: ReadOptions,
): AsyncGenerator<ReadText> {
  try {
    const ending = endingOf(name.replace(/\.gz$/i, ''));
    const head = ROWS.includes(ending) ? null : await headOf(source);
    const isTool =
      head !== null &&
      !TEXT_FILE_ENDINGS.includes(ending) &&
      FORMATS.some((one) => isAnnotationFormat(one) && one.recognizes(head));
    const isRows = head === null || isTool || ['{', '['].includes(firstCharacter(head));
    if (isRows && !TEXT_FILE_ENDINGS.includes(ending))
      yield* textsOf(await openSource(source, name, { ...(beside && { beside }) }), options);
    else {
      if (ending !== '' && !TEXT_FILE_ENDINGS.includes(ending)) throw unknownEnding(source.path);
      yield { document: { id: name, text: await textOf(source), entities: null }, number: 1 };
    }
  } finally {
    await source.close();
  }
}

/** Rows as texts. They are closed behind them. */
export async function* textsOf(opened: OpenRows, { signal, say }: ReadOptions): AsyncGenerator<ReadText> {
  const { name } = opened;
  for (const note of [...opened.notes, ...lossNotes(opened)]) say?.(note);
  try {
    for await (const { number, value, problem } of opened.rows) {
      signal?.throwIfAborted();
      const checked = problem ? { problems: [problem] } : checkText(value, RULES, `${name}:${number}`);
      if ('document' in checked) yield { ...checked, number };
      else yield { rejected: { file: name, row: number, problems: checked.problems, value } };
    }
  } finally {
    await opened.close();
  }
}

/** All of a text, whatever its encoding, without its byte order mark. */
async function textOf(source: ByteSource): Promise<string> {
  const { encoding } = await headOf(source);
  const { path } = source;
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of utf8Pieces(source.pieces(), encoding ?? 'UTF-8')) {
    text += decoder.decode(piece, { stream: true });
    if (source.position > MAX_TEXT_BYTES)
      throw usageError(
        {
          en: `${path} has more than ${MAX_TEXT_BYTES / 2 ** 20} MiB: too much for one document.`,
          ko: `${path}: ${MAX_TEXT_BYTES / 2 ** 20} MiB를 넘어 한 문서로 읽기에는 크다.`,
        },
        {
          en: 'Divide it into files of a folder, or into rows {"text": "…"} of JSON lines.',
          ko: '폴더의 여러 파일이나 JSON Lines의 행 {"text": "…"}으로 나눈다.',
        },
      );
  }
  text += decoder.decode();
  if (encoding === null || text.includes('\0'))
    throw usageError(
      { en: `${path} is no text.`, ko: `${path}: 글자로 된 파일이 아니다.` },
      { en: 'Pass text in UTF-8 (.txt, .md), or JSON lines.', ko: 'UTF-8 글(.txt, .md)이나 JSON Lines를 준다.' },
    );
  if (text.trim() === '')
    throw usageError(
      { en: `${path} is empty or blank.`, ko: `${path}: 비어 있다.` },
      { en: 'Check that the file is the right one and complete.', ko: '맞는 파일인지, 온전한지 확인한다.' },
    );
  return text;
}

/** Files beside texts that say something about them. */
const NO_TEXTS: readonly string[] = [RELATION_LIST, PROMOTED_FILE];

/** Files of a folder and of those in it that are read, in order; hidden ones are left out. */
async function textFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // A label project's trainings lie in folders of its own.
  const isProject = entries.some((entry) => entry.parentPath === folder && entry.name === PROJECT_FILE);
  const files = entries
    .filter((entry) => entry.isFile() && TEXT_ENDINGS.includes(endingOf(entry.name)))
    .filter(({ name, parentPath }) => !NO_TEXTS.includes(name) && (!isProject || parentPath === folder))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !path
          .slice(folder.length)
          .split(sep)
          .some((part) => part.startsWith('.')),
    )
    .sort();
  if (files.length > 0) return files;
  throw usageError(
    { en: `${folder} holds no texts.`, ko: `${folder}: 글이 든 파일이 없다.` },
    {
      en: `Expected files with one of the endings ${TEXT_ENDINGS.join(', ')}.`,
      ko: `확장자가 다음 가운데 하나인 파일이 있어야 한다: ${TEXT_ENDINGS.join(', ')}.`,
    },
  );
}

const unknownEnding = (path: string) =>
  usageError(
    {
      en: `${path}: korex extract reads texts (.txt, .md), JSON lines (.jsonl) and what annotation tools export.`,
      ko: `${path}: korex extract는 글(.txt, .md), JSON Lines(.jsonl), 주석 도구의 내보내기를 읽는다.`,
    },
    {
      en: 'Rows of sentences with a marked subject and object go to `korex batch`.',
      ko: '주어와 목적어가 표시된 문장의 행은 `korex batch`로 답한다.',
    },
  );
