import { basename } from 'node:path';
import { packagePath } from '../../base/core/packagePath.ts';

interface BundledModel {
  /** In `models/`, beside the code both in a checkout and in an installed package. */
  readonly folder: string;
  readonly licence: 'MIT' | 'CC BY-SA 4.0';
}

/** The encoders and models that korex brings along, by the names that `--encoder` takes; all derive from intfloat/multilingual-e5-small. */
const BUNDLED: ReadonlyMap<string, BundledModel> = new Map([
  ['bundled', { folder: 'encoder-ko', licence: 'MIT' }],
  ['encoder-ko-klue', { folder: 'encoder-ko-klue', licence: 'MIT' }],
  ['korex-small', { folder: 'korex-small', licence: 'CC BY-SA 4.0' }],
  ['korex-entities', { folder: 'korex-entities', licence: 'CC BY-SA 4.0' }],
]);

/** The folder of a bundled model by its name; undefined for any other name. */
export function bundledFolder(name: string): string | undefined {
  const model = BUNDLED.get(name);
  return model && packagePath(`models/${model.folder}`);
}

/** The names that `--encoder` takes for bundled models. */
export const bundledNames = (): string[] => [...BUNDLED.keys()];

/** The name of a bundled model, by that name or its folder; undefined for any other. */
export const bundledName = (encoder: string): string | undefined =>
  BUNDLED.has(encoder) ? encoder : [...BUNDLED.keys()].find((name) => BUNDLED.get(name)!.folder === basename(encoder));

/** The licence of a bundled model, by its name or its folder; undefined for any other. */
export const bundledLicence = (encoder: string): BundledModel['licence'] | undefined =>
  BUNDLED.get(bundledName(encoder) ?? '')?.licence;
