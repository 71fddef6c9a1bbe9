import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from './cache.ts';
import { encoderFiles } from './encoderFiles.ts';
import { isCommit, parseModel } from './repository.ts';

/** An encoder in the cache, whoever downloaded it, with all files that korex needs. */
export interface CachedModel {
  readonly id: string;
  readonly commit: string;
  /** The branches and tags that point to this commit. */
  readonly revisions: readonly string[];
  readonly folder: string;
  /** Of the files that korex needs. */
  readonly bytes: number;
}

/** The complete encoders of the cache, by name; none where there is no cache. */
export async function cachedModels(cache: string): Promise<CachedModel[]> {
  const folders = (await readdir(cache).catch(() => [])).filter((name) => name.startsWith('models--')).sort();
  return (await Promise.all(folders.map((name) => modelsOf(join(cache, name), name)))).flat();
}

async function modelsOf(folder: string, name: string): Promise<CachedModel[]> {
  const repository = parseModel(name.split('--').slice(1).join('/'));
  if (repository === null) return [];
  const commits = (await readdir(join(folder, 'snapshots')).catch(() => [])).filter(isCommit).sort();
  const refs = await refsOf(join(folder, 'refs'));
  const found = await Promise.all(
    commits.map(async (commit) => {
      const snapshot = join(folder, 'snapshots', commit);
      const choice = encoderFiles(repository).choose(await filesBelow(snapshot));
      if ('missing' in choice) return [];
      const sizes = await Promise.all(choice.paths.map(async (path) => (await stat(join(snapshot, path))).size));
      const revisions = refs.filter((ref) => ref.commit === commit).map(({ revision }) => revision);
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      return [{ id: repository.id, commit, revisions, folder: snapshot, bytes }];
    }),
  );
  return found.flat();
}

async function refsOf(folder: string): Promise<{ readonly revision: string; readonly commit: string }[]> {
  const revisions = await filesBelow(folder);
  return Promise.all(
    revisions.map(async (revision) => ({ revision, commit: (await readFile(join(folder, revision), 'utf8')).trim() })),
  );
}
