import { basename } from 'node:path';
import { packagePath } from '../../base/core/packagePath.ts';

interface Boxed {
  /** In `models/`, beside the code both in a checkout and in an installed package. */
  readonly folder: string;
  readonly licence: 'MIT' | 'CC BY-SA 4.0';
}

/** Encoders and models in the box, by the names that `--encoder` takes; all derive from intfloat/multilingual-e5-small. */
const BOXED: ReadonlyMap<string, Boxed> = new Map([
  ['bundled', { folder: 'encoder-ko', licence: 'MIT' }],
  ['encoder-ko-klue', { folder: 'encoder-ko-klue', licence: 'MIT' }],
  ['korex-small', { folder: 'korex-small', licence: 'CC BY-SA 4.0' }],
]);

/** The folder of a name that `--encoder` takes; undefined for any other. */
export function boxedFolder(name: string): string | undefined {
  const boxed = BOXED.get(name);
  return boxed && packagePath(`models/${boxed.folder}`);
}

export const boxedNames = (): string[] => [...BOXED.keys()];

/** The name of an encoder in the box, by that name or its folder; undefined for any other. */
export const boxedName = (encoder: string): string | undefined =>
  BOXED.has(encoder) ? encoder : [...BOXED.keys()].find((name) => BOXED.get(name)!.folder === basename(encoder));

/** The licence of an encoder in the box, by its name or its folder; undefined for any other. */
export const boxedLicence = (encoder: string): Boxed['licence'] | undefined =>
  BOXED.get(boxedName(encoder) ?? '')?.licence;
