import { stat } from 'node:fs/promises';

/** Files kept at most; the page looks at a few runs at a time. */
const MOST = 24;

/** Remembers what was read from a file until the file changes. */
export function fileMemo<T>(read: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const kept = new Map<string, { readonly version: string; readonly value: Promise<T> }>();
  return async (path) => {
    const { mtimeMs, size } = await stat(path);
    const version = `${mtimeMs} ${size}`;
    const known = kept.get(path);
    kept.delete(path);
    const entry = known?.version === version ? known : { version, value: read(path) };
    // The map's order is that of use: the first is the one unused for longest.
    kept.set(path, entry);
    if (kept.size > MOST) kept.delete(kept.keys().next().value!);
    return entry.value.catch((error: unknown) => {
      kept.delete(path);
      throw error;
    });
  };
}
