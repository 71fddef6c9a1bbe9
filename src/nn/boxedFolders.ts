import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders in `models/`, beside the code both in a checkout and in an installed package, by the names that `--encoder` takes. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ['bundled', 'encoder-ko'],
  ['encoder-ko-klue', 'encoder-ko-klue'],
  ['korex-small', 'korex-small'],
]);

/** The folder of a name that `--encoder` takes; undefined for any other. */
export function boxedFolder(name: string): string | undefined {
  const folder = FOLDERS.get(name);
  return folder === undefined ? undefined : fileURLToPath(new URL(`../../models/${folder}`, import.meta.url));
}

/** The names whose folders are there: not every version has all. */
export const boxedNames = (): string[] => [...FOLDERS.keys()].filter((name) => existsSync(boxedFolder(name)!));

/** Whether an encoder came in the box, by its name or its folder: all of them derive from the same one. */
export const isBoxed = (encoder: string): boolean =>
  FOLDERS.has(encoder) || [...FOLDERS.values()].includes(basename(encoder));
