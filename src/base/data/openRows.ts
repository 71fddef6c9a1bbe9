import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { usageError } from '../core/errors.ts';
import { systemReason } from '../core/files.ts';
import { type ByteSource, openFileSource, pipeSource } from './formats/byteSource.ts';
import type { Format, RawRows } from './formats/format.ts';
import { jsonl } from './formats/jsonl.ts';
import { formatOf, formatOfName } from './formats/table.ts';

/** A file of rows of any size, opened to be read row by row; nothing is validated yet. */
export interface OpenRows extends RawRows {
  /** Base name, as guids and messages have it: what korex writes must not tell where files lie on this machine. */
  readonly name: string;
  readonly format: Format;
  /** Bytes, and how many of them were read; the size is null where nobody knows. */
  readonly source: Pick<ByteSource, 'size' | 'position'>;
  close(): Promise<void>;
}

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
  return openFile(path);
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

const HEAD_BYTES = 64 * 1024;

async function openFile(path: string): Promise<OpenRows> {
  const source = await openFileSource(path);
  try {
    const head = await source.peek(HEAD_BYTES);
    return await opened(source, basename(path), formatOf(path, head));
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function opened(source: ByteSource, name: string, format: Format): Promise<OpenRows> {
  const rows = await format.open(source);
  return { ...rows, name, format, source, close: () => source.close() };
}
