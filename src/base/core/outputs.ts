import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { usageError } from './errors.ts';
import { writeFailure } from './files.ts';

/** Files that a command writes where the user says: never over something unasked, and never in part. */

/**
 * Errors: `usage` where something is there already unless `force` replaces it, and where a folder is a file or the other
 * way round.
 */
export async function checkFree(out: string, isFolder: boolean, force: boolean): Promise<void> {
  if (!existsSync(out)) return;
  const found = await stat(out);
  if (found.isDirectory() !== isFolder)
    throw usageError(
      found.isDirectory()
        ? { en: `${out} is a folder.`, ko: `${out}: 폴더이다.` }
        : { en: `${out} is a file, and this format writes a folder.`, ko: `${out}: 파일인데, 이 형식은 폴더를 쓴다.` },
      { en: 'Name another one.', ko: '다른 이름을 준다.' },
    );
  if (force) return;
  throw usageError(
    { en: `${out} is there already.`, ko: `${out}: 이미 있다.` },
    { en: 'Name another file, or replace it with --force.', ko: '다른 이름을 주거나 --force로 바꾼다.' },
  );
}

/** Errors: `usage` where writing would destroy what is read. */
export async function checkApart(input: string, outputs: readonly string[]): Promise<void> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  const read = await real(input);
  for (const path of outputs)
    if ((await real(path)) === read)
      throw usageError(
        {
          en: `${path} is the file to read: writing would destroy it.`,
          ko: `${path}: 읽을 파일이므로 여기에 쓰면 내용이 사라진다.`,
        },
        { en: 'Name another file to write.', ko: '쓸 파일의 이름을 다르게 한다.' },
      );
}

/**
 * Writes the files of a folder that is there whole or not at all: beside it first, then by its name. One that is there
 * already takes its place only where that was asked for (`checkFree`).
 *
 * Errors: `failed`, with the path and the system's reason.
 */
export async function writeFolderAtomic(
  out: string,
  files: readonly { readonly name: string; readonly content: string | Uint8Array }[],
): Promise<void> {
  const beside = `${resolve(out)}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const [fresh, old] = [`${beside}.tmp`, `${beside}.old`];
  try {
    await mkdir(fresh, { recursive: true });
    for (const { name, content } of files) {
      await mkdir(dirname(join(fresh, name)), { recursive: true });
      await writeFile(join(fresh, name), content);
    }
    const isThere = existsSync(out);
    if (isThere) await rename(out, old);
    await rename(fresh, out);
    if (isThere) await rm(old, { recursive: true });
  } catch (error) {
    if (existsSync(old) && !existsSync(out)) await rename(old, out);
    await rm(fresh, { recursive: true, force: true });
    throw writeFailure(out, error);
  }
}
