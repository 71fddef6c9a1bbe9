import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { usageError } from '../core/errors.ts';
import { systemReason } from '../core/files.ts';
import { openFileSource } from './fileSource.ts';
import { pipeSource } from './formats/byteSource.ts';
import { jsonl } from './formats/jsonl.ts';
import { formatOfName } from './formats/table.ts';
import { type OpenRows, opened, openSource } from './openSource.ts';

/**
 * Opens a file in any of `formats/table.ts`, `-` for standard input, or another pipe. A pipe whose name does not say
 * otherwise is JSONL.
 *
 * @param signal ends the waiting for a pipe, too
 * Errors: `usage` when the file cannot be read; what is wrong further on ends the iteration.
 */
export async function openRows(path: string, signal?: AbortSignal): Promise<OpenRows> {
  if (path === '-') return openPipe(process.stdin, 'stdin', signal);
  if (await isPipe(path)) return openPipe((await open(path, 'r')).createReadStream(), path, signal);
  return openSource(await openFileSource(path), basename(path));
}

function openPipe(stream: Readable, path: string, signal: AbortSignal | undefined): Promise<OpenRows> {
  if (signal) addAbortSignal(signal, stream);
  return opened(pipeSource(stream, path), basename(path), formatOfName(path) ?? jsonl);
}

/** Whether a path names something that is read once and from the beginning alone, as a shell's `<(…)`. */
export async function isPipe(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw usageError(`Cannot read ${path}: ${systemReason(error)}.`, 'Check the path.', error);
  });
  if (found.isDirectory()) throw usageError(`Cannot read ${path}: it is a folder.`, 'Name a file of rows.');
  return !found.isFile();
}
