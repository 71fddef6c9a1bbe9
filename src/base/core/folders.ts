import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { KorexError, usageError } from './errors.ts';
import { writeFailure } from './files.ts';

/**
 * Writes a folder atomically: `write` fills a temporary folder beside it, which is flushed to disk and renamed. An existing
 * folder stays until the new one is complete.
 *
 * Errors: `failed`, with the path and the system's reason, or an `AbortError` of `write`; an existing folder is intact.
 */
export async function replaceFolder(named: string, write: (folder: string) => Promise<void>): Promise<void> {
  // The temporary names are the path with an ending: a slash at its end would put them inside.
  const path = resolve(named);
  const fresh = `${path}.partial`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    await write(fresh);
    for (const entry of await readdir(fresh, { withFileTypes: true }))
      if (entry.isFile()) await flush(join(fresh, entry.name));
    await recoverFolder(path);
    if (existsSync(path)) await rename(path, `${path}.previous`);
    await rename(fresh, path);
    await flush(dirname(path));
    await rm(`${path}.previous`, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    await recoverFolder(path);
    const isOwn = error instanceof KorexError || (error instanceof Error && error.name === 'AbortError');
    throw isOwn ? error : writeFailure(named, error);
  }
}

/**
 * Whether a folder may be written at `path`: nothing is there, an empty folder, or one that the same command made.
 *
 * @param mark name of the file by which that command marks its folders
 * Errors: `usage` for anything else, which only `--force` replaces.
 */
export async function checkReplaceable(path: string, mark: string, command: string): Promise<void> {
  if (!existsSync(path) || existsSync(join(path, mark))) return;
  const isFolder = (await stat(path)).isDirectory();
  if (isFolder && (await readdir(path)).length === 0) return;
  throw usageError(
    {
      en: `${path} exists and is not a folder that ${command} made.`,
      ko: `${path}: 이미 있고, ${command}로 만든 폴더가 아니다.`,
    },
    {
      en: 'Name another folder, or pass --force to replace it and all it holds.',
      ko: '다른 폴더 이름을 주거나, --force로 내용까지 모두 바꾼다.',
    },
  );
}

/** Restores the previous folder at `path` where a replacement was killed between its two renames. */
export async function recoverFolder(path: string): Promise<void> {
  if (!existsSync(path) && existsSync(`${path}.previous`)) await rename(`${path}.previous`, path);
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
