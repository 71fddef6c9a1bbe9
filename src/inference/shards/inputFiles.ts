/// <reference path="./picomatch.d.ts" />
import picomatch from 'picomatch';
import { usageError } from '../../base/core/errors.ts';
import { endingOf, formatOfName } from '../../base/data/formats/table.ts';
import { RELATION_LIST } from '../../base/data/relationList.ts';
import type { StoredFile } from '../../base/storage/storage.ts';
import { storageOf } from '../../base/storage/storageOf.ts';
import { TEXT_ENDINGS, TEXT_FILE_ENDINGS } from '../extract/readTexts.ts';

/** What an input holds: rows of sentences with their pairs, or texts. */
export type InputKind = 'rows' | 'texts';

/** A file to answer, with the name that guids and messages give it. */
export interface InputFile extends StoredFile {
  readonly name: string;
}

/**
 * The files that an input means, in order: a file; the files of a folder, or below an address of object storage, that hold
 * rows or texts by their endings; or those that a pattern with `*`, `**`, `?`, `[…]` or `{…}` fits. Empty files have no rows, and are left out.
 *
 * Errors: `usage` where there is no such file, or none that fits.
 */
export async function* inputFiles(input: string, kind: InputKind): AsyncGenerator<InputFile> {
  const storage = await storageOf(input);
  const file = await storage.find(input);
  if (file !== null) {
    yield { ...file, name: nameBehind(input, parentOf(input)) };
    return;
  }
  const { base, isGlob } = picomatch.scan(input);
  const root = isGlob ? base || '.' : input.replace(/\/+$/, '');
  const fits = isGlob ? picomatch(withoutDot(input)) : null;
  let found = 0;
  for await (const each of storage.list(root)) {
    const name = nameBehind(each.path, root);
    if (name.split('/').some((part) => part.startsWith('.'))) continue;
    if (fits ? !fits(withoutDot(each.path)) : !holds(name, kind)) continue;
    found++;
    if (each.size > 0) yield { ...each, name };
  }
  if (found === 0) throw nothingFound(input, kind, isGlob);
}

const withoutDot = (path: string): string => path.replace(/^(\.\/)+/, '');
const parentOf = (path: string): string => path.replace(/[^/\\]*$/, '');

/** What is behind a folder's address, or behind the folder that a beginning of keys lies in. */
function nameBehind(path: string, root: string): string {
  const folder = withoutDot(root === '.' ? '' : root).replace(/\/+$/, '');
  const bare = withoutDot(path);
  if (folder === '' || bare.startsWith(`${folder}/`)) return bare.slice(folder === '' ? 0 : folder.length + 1);
  return bare.slice(parentOf(folder).length);
}

const holds = (name: string, kind: InputKind): boolean =>
  !name.endsWith(RELATION_LIST) &&
  (kind === 'texts' ? TEXT_ENDINGS.includes(endingOf(name)) : formatOfName(name) !== undefined);

/** Whether a file is a text of its own, whatever is in it. */
export const isTextFile = (name: string): boolean => TEXT_FILE_ENDINGS.includes(endingOf(name));

const nothingFound = (input: string, kind: InputKind, isGlob: boolean) =>
  usageError(
    isGlob
      ? { en: `No file fits ${input}.`, ko: `${input}에 맞는 파일이 없다.` }
      : {
          en: `Cannot read ${input}: no file, and no folder with files of ${kind}.`,
          ko: `읽을 수 없다: ${input} (파일도, 읽을 파일이 든 폴더도 아니다)`,
        },
    { en: 'Check the path; put patterns in quotes.', ko: '경로를 확인한다. 패턴은 따옴표로 묶는다.' },
  );
