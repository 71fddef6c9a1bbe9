import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Names of runs, as the setting `name` allows them: no separator, no leading dot. */
const RUN_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

export const isRunName = (name: string): boolean => RUN_NAME.test(name) && name.length <= 255;

/** The file's real path where it is one below `root`, no link leads out of it, and it is there; else null. */
export async function fileInside(root: string, ...parts: readonly string[]): Promise<string | null> {
  try {
    const [top, path] = await Promise.all([realpath(root), realpath(join(root, ...parts))]);
    return path.startsWith(top + sep) && (await stat(path)).isFile() ? path : null;
  } catch {
    return null;
  }
}

/** Real folders in a folder, by name; links are not followed. */
export async function runFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() && isRunName(entry.name) ? [entry.name] : [])).sort();
}
