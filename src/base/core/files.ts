import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failure, usageError } from './errors.ts';

/**
 * Writes a file atomically: to a temporary file beside it, flushed to disk, then renamed over the target. Creates missing
 * folders. Errors: `failed`, with the path and the system's reason (disk full, no permission…).
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailure(path, error);
  }
}

/** The error for a write that the system refused. */
export const writeFailure = (path: string, error: unknown) =>
  failure(
    `Cannot write ${path}: ${systemReason(error)}.`,
    'Check the free space and the permissions of the folder.',
    error,
  );

/** JSON with two spaces and a final newline, keys in the order given. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** JSONL: an object a line. */
export const toJsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** The objects of such a text; empty lines are left out. Errors: what `JSON.parse` throws, with the line's number before it. */
export const parseJsonLines = (text: string): unknown[] =>
  text.split('\n').flatMap((line, i): unknown[] => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch (error) {
      throw new SyntaxError(`line ${i + 1}: ${(error as Error).message}`);
    }
  });

export const writeJson = (path: string, value: unknown): Promise<void> => writeFileAtomic(path, toJson(value));

/** A text file that the user named. Errors: `usage`, with the path. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usageError(`Cannot read ${path}: ${systemReason(error)}.`, 'Check the path.', error);
  }
}

/** Parsed JSON of a file; the caller validates it with zod. Errors: `usage`, with the path and where parsing stopped. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError(
      `${path} is not valid JSON: ${(error as Error).message}.`,
      'Check that the file is complete.',
      error,
    );
  }
}

/** SHA-256 in hex. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** SHA-256 of a file's bytes, in hex, read as a stream. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** What the operating system said, in a few words. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOENT: 'no such file or folder',
    EACCES: 'permission denied',
    ENOSPC: 'no space left on the disk',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
    EROFS: 'the file system is read-only',
    EFBIG: 'the file is larger than allowed',
    EDQUOT: 'the disk quota is used up',
  };
  return (code && reasons[code]) ?? (error instanceof Error ? error.message : String(error));
}
