import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failure, inBoth, usageError } from './errors.ts';
import type { Language, Localized } from './types.ts';

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
    inBoth((lang) => CANNOT[lang].write(path, systemReason(error, lang))),
    { en: 'Check the free space and the permissions of the folder.', ko: '남은 공간과 폴더의 권한을 확인한다.' },
    error,
  );

/** The error for a read that the system refused. */
export const readFailure = (path: string, error: unknown) =>
  usageError(
    inBoth((lang) => CANNOT[lang].read(path, systemReason(error, lang))),
    { en: 'Check the path.', ko: '경로를 확인한다.' },
    error,
  );

const CANNOT = {
  en: {
    read: (path: string, reason: string) => `Cannot read ${path}: ${reason}.`,
    write: (path: string, reason: string) => `Cannot write ${path}: ${reason}.`,
  },
  ko: {
    read: (path: string, reason: string) => `읽을 수 없다: ${path} (${reason})`,
    write: (path: string, reason: string) => `쓸 수 없다: ${path} (${reason})`,
  },
} as const;

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
    throw readFailure(path, error);
  }
}

/** Parsed JSON of a file; the caller validates it with zod. Errors: `usage`, with the path and where parsing stopped. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError(
      {
        en: `${path} is not valid JSON: ${(error as Error).message}.`,
        ko: `${path}: 올바른 JSON이 아니다(${(error as Error).message}).`,
      },
      { en: 'Check that the file is complete.', ko: '파일이 온전한지 확인한다.' },
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
export function systemReason(error: unknown, lang: Language = 'en'): string {
  const { code } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : REASONS[code];
  return known?.[lang] ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, Localized>> = {
  ENOENT: { en: 'no such file or folder', ko: '그런 파일이나 폴더가 없다' },
  EACCES: { en: 'permission denied', ko: '권한이 없다' },
  ENOSPC: { en: 'no space left on the disk', ko: '디스크에 남은 공간이 없다' },
  EISDIR: { en: 'it is a folder', ko: '폴더이다' },
  ENOTDIR: { en: 'a part of the path is not a folder', ko: '경로의 일부가 폴더가 아니다' },
  EROFS: { en: 'the file system is read-only', ko: '읽기 전용 파일 시스템이다' },
  EFBIG: { en: 'the file is larger than allowed', ko: '파일이 허용된 크기보다 크다' },
  EDQUOT: { en: 'the disk quota is used up', ko: '디스크 할당량을 다 썼다' },
};
