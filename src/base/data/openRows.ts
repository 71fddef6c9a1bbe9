import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { usageError } from '../core/errors.ts';
import { readFailure } from '../core/files.ts';
import { type ByteSource, pipeSource, randomAccessSource } from './formats/byteSource.ts';
import { readRelationList } from './labelSet.ts';
import { type OpenOptions, type OpenRows, openSource } from './openSource.ts';

export interface OpenRowsOptions extends OpenOptions {
  /** Ends the waiting for a pipe, too. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a file in any of `formats/table.ts`, `-` for standard input, or another pipe. Integer labels of a file have the names of
 * the `relation_list.json` beside it, where the file has none itself.
 * Errors: `usage` when the file cannot be read; what is wrong further on ends the iteration.
 */
export async function openRows(path: string, { signal, ...options }: OpenRowsOptions = {}): Promise<OpenRows> {
  const ofPipe = (stream: Readable, name: string) =>
    openSource(pipeSource(signal ? addAbortSignal(signal, stream) : stream, name), basename(name), options);
  if (path === '-') return ofPipe(process.stdin, 'stdin');
  if (await isPipe(path)) return ofPipe((await open(path, 'r')).createReadStream(), path);
  const opened = await openSource(await openFileSource(path), basename(path), options);
  if (opened.labelNames !== undefined) return opened;
  const list = await readRelationList(dirname(path)).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  return list === null ? opened : { ...opened, labelNames: list.labelSet.labels };
}

/** Whether a path names something that is read once and from the beginning alone, as a shell's `<(…)`. */
export async function isPipe(path: string): Promise<boolean> {
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

/** Opens a file for reading. Errors: `usage`, with the path and the system's reason. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const read = (start: number, length: number) =>
    readFully(handle, start, length).catch((error: unknown) => {
      throw readFailure(path, error);
    });
  return randomAccessSource({ path, size: (await handle.stat()).size, read, close: () => handle.close() });
}

/** As many bytes as there are, up to `length`, in a buffer of their own. */
async function readFully(handle: FileHandle, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) return bytes.slice(0, done);
    done += bytesRead;
  }
  return bytes;
}
