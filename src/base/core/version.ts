import { readFileSync } from 'node:fs';
import { packagePath } from './packagePath.ts';

const manifest = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { readonly version: string };

/** korex's own version, from its `package.json`. */
export const VERSION = manifest.version;
