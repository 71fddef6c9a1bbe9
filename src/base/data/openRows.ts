import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { usageError } from '../core/errors.ts';
import { readFailure } from '../core/files.ts';
import { schemeOf } from '../storage/storageOf.ts';
import { annotationFiles, textBeside } from './annotationFolder.ts';
import { openFileSource } from './fileSource.ts';
import { pipeSource } from './formats/byteSource.ts';
import { type OpenOptions, type OpenRows, openSource, openTogether } from './openSource.ts';
import { readRelationList } from './relationList.ts';

export interface OpenRowsOptions extends OpenOptions {
  /** Ends the waiting for a pipe, too. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a file in any of `formats/table.ts`, a folder of texts each with a file of its own (brat, WebAnno TSV), `-` for
 * standard input, another pipe, or a file of object storage by its address, without what lies beside it. Integer labels of a file have the names of
 * the `relation_list.json` beside it, where the file has none itself.
 * Errors: `usage` when the file cannot be read; what is wrong further on ends the iteration.
 */
export async function openRows(path: string, { signal, ...options }: OpenRowsOptions = {}): Promise<OpenRows> {
  const ofPipe = (stream: Readable, name: string) =>
    openSource(pipeSource(signal ? addAbortSignal(signal, stream) : stream, name), basename(name), options);
  if (path === '-') return ofPipe(process.stdin, 'stdin');
  const together = await annotationFiles(path);
  if (together !== null) {
    const { folder, names } = together;
    const parts = names.map(async (name) => ({
      ...{ name, source: await openFileSource(join(folder, name)) },
      beside: textBeside(join(folder, name)),
    }));
    return openTogether(await Promise.all(parts), basename(path), options);
  }
  if (await isPipe(path)) return ofPipe((await open(path, 'r')).createReadStream(), path);
  const opened = await openSource(await openFileSource(path), basename(path), {
    ...options,
    beside: textBeside(path),
  });
  if (opened.labelNames !== undefined) return opened;
  const list = await readRelationList(dirname(path)).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  return list === null ? opened : { ...opened, labelNames: list.labelSet.labels };
}

/** Whether a path names something that is read once and from the beginning alone, as a shell's `<(…)`. */
export async function isPipe(path: string): Promise<boolean> {
  if (schemeOf(path) !== null) return false;
  const found = await stat(path).catch((error: unknown) => {
    throw readFailure(path, error);
  });
  if (found.isDirectory())
    throw usageError(
      { en: `Cannot read ${path}: it is a folder.`, ko: `읽을 수 없다: ${path}은(는) 폴더이다.` },
      { en: 'Name a file of rows.', ko: '행이 든 파일의 이름을 준다.' },
    );
  return !found.isFile();
}
