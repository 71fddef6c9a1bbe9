import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { appendFile, copyFile, link, mkdir, open, opendir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readFailure, writeFailure, writeFileAtomic } from '../core/files.ts';
import type { OpenedFile, Storage, StoredFile } from './storage.ts';

/** Folders of this machine, or of a network drive that looks like one. */
export const localStorage: Storage = {
  list,
  find: async (path) => {
    const found = await stat(path).catch(() => null);
    return found?.isFile() ? stored(path, found) : null;
  },
  open: openLocal,
  write: writeFileAtomic,
  create,
  moveIn,
  append: async (path, line) => {
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, line);
    } catch (error) {
      throw writeFailure(path, error);
    }
  },
  remove: (path) => rm(path, { force: true }),
};

const stored = (path: string, { size, mtimeMs }: Stats): StoredFile => ({
  path,
  size,
  version: `${size}-${Math.round(mtimeMs)}`,
});

/** Files of a folder and of those in it; hidden ones are left out. Nothing where there is no such folder. */
async function* list(folder: string): AsyncGenerator<StoredFile> {
  const names: { readonly name: string; readonly isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder))
      if (!entry.name.startsWith('.')) names.push({ name: entry.name, isFolder: entry.isDirectory() });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw readFailure(folder, error);
  }
  // As whole addresses are ordered: what is in `a` comes behind `a.txt`, since "/" is behind ".".
  const keyOf = ({ name, isFolder }: (typeof names)[number]) => (isFolder ? `${name}/` : name);
  names.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const { name, isFolder } of names) {
    const path = join(folder, name);
    if (isFolder) yield* list(path);
    else {
      const found = await stat(path).catch(() => null);
      if (found?.isFile()) yield stored(path, found);
    }
  }
}

async function openLocal(path: string): Promise<OpenedFile> {
  const failed = (error: unknown) => {
    throw readFailure(path, error);
  };
  const handle = await open(path, 'r').catch(failed);
  return {
    ...stored(path, await handle.stat()),
    async read(start, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, start + done).catch(failed);
        if (bytesRead === 0) return bytes.slice(0, done);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

const draftOf = (path: string): string => `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;

/** By a link, which the system refuses where the name is taken: written first, so that nobody finds it half written. */
async function create(path: string, content: string | Uint8Array): Promise<boolean> {
  const draft = draftOf(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, content, { flush: true });
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeFailure(path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moved beside its place first, from another file system by a copy; then it is given the name. */
async function moveIn(local: string, path: string, beforeCommit?: () => Promise<void>): Promise<void> {
  const draft = draftOf(path);
  const guarded = <Result>(work: Promise<Result>) =>
    work.catch((error: unknown) => {
      throw writeFailure(path, error);
    });
  try {
    await guarded(mkdir(dirname(path), { recursive: true }));
    await guarded(rename(local, draft).catch((error: NodeJS.ErrnoException) => copied(local, draft, error)));
    await beforeCommit?.();
    await guarded(rename(draft, path));
  } finally {
    await rm(draft, { force: true });
  }
}

async function copied(from: string, to: string, error: NodeJS.ErrnoException): Promise<void> {
  if (error.code !== 'EXDEV') throw error;
  await copyFile(from, to);
  const copy = await open(to, 'r+');
  await copy.sync().finally(() => copy.close());
}
