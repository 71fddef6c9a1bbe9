import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { writeFailure } from '../core/files.ts';
import type { FileSelection } from './fileSelection.ts';
import { folderNameOf, isCommit, type Repository } from './repository.ts';

/**
 * Paths of a repository in the cache that all Hugging Face libraries share: `refs/REVISION` holds a commit,
 * `blobs/ETAG` a file's bytes, `snapshots/COMMIT/PATH` links to them.
 *
 * Source: huggingface_hub, "Understand caching" (docs, `how-to-cache`).
 */
export interface RepositoryCache {
  readonly folder: string;
  readonly blobs: string;
  readonly ref: string;
  readonly lock: string;
  snapshot(commit: string): string;
}

export function repositoryCache(cache: string, repository: Repository): RepositoryCache {
  const name = folderNameOf(repository);
  const folder = join(cache, name);
  return {
    folder,
    blobs: join(folder, 'blobs'),
    ref: join(folder, 'refs', ...repository.revision.split('/')),
    lock: join(cache, '.locks', name, 'korex.lock'),
    snapshot: (commit) => join(folder, 'snapshots', commit),
  };
}

/** The snapshot folder of a revision where the cache holds all selected files; null otherwise. */
export async function findSnapshot(
  cache: string,
  repository: Repository,
  selection: FileSelection,
): Promise<string | null> {
  const paths = repositoryCache(cache, repository);
  const commit = isCommit(repository.revision)
    ? repository.revision
    : (await readFile(paths.ref, 'utf8').catch(() => '')).trim();
  if (!isCommit(commit)) return null;
  const folder = paths.snapshot(commit);
  return 'paths' in selection.choose(await filesBelow(folder)) ? folder : null;
}

/** Paths of the files below a folder, with slashes; links that lead nowhere are no files. None where there is no folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(entries.map(async (path) => ((await exists(join(folder, path))) ? [path] : [])));
  return found
    .flat()
    .map((path) => path.split(sep).join('/'))
    .sort();
}

/** Makes `pointer` lead to `blob`, replacing what it was: by a link with a relative path, as the cache may move. */
export async function pointTo(blob: string, pointer: string): Promise<void> {
  const fresh = `${pointer}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(pointer), { recursive: true });
    await rm(fresh, { force: true });
    await symlink(relative(dirname(pointer), blob), fresh).catch(() => hardLink(blob, fresh));
    await rename(fresh, pointer);
  } catch (error) {
    await rm(fresh, { force: true });
    throw writeFailure(pointer, error);
  }
}

/** Windows allows symbolic links only to administrators and developers. */
const hardLink = (blob: string, path: string): Promise<void> => link(blob, path).catch(() => copyFile(blob, path));

/** Whether there is a file; a link counts when it leads to one. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
