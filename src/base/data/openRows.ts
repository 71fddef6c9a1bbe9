import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { usageError } from '../core/errors.ts';
import { readFailure } from '../core/files.ts';
import { openFileSource } from './fileSource.ts';
import { pipeSource } from './formats/byteSource.ts';
import { type OpenRows, openSource } from './openSource.ts';

/**
 * Opens a file in any of `formats/table.ts`, `-` for standard input, or another pipe.
 *
 * @param signal ends the waiting for a pipe, too
 * Errors: `usage` when the file cannot be read; what is wrong further on ends the iteration.
 */
export async function openRows(path: string, signal?: AbortSignal): Promise<OpenRows> {
  const ofPipe = (stream: Readable, name: string) =>
    openSource(pipeSource(signal ? addAbortSignal(signal, stream) : stream, name), basename(name));
  if (path === '-') return ofPipe(process.stdin, 'stdin');
  if (await isPipe(path)) return ofPipe((await open(path, 'r')).createReadStream(), path);
  return openSource(await openFileSource(path), basename(path));
}

/** Whether a path names something that is read once and from the beginning alone, as a shell's `<(…)`. */
export async function isPipe(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw readFailure(path, error);
  });
  if (found.isDirectory()) throw usageError(`Cannot read ${path}: it is a folder.`, 'Name a file of rows.');
  return !found.isFile();
}
