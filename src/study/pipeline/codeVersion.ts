import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../base/core/files.ts';
import { VERSION } from '../../base/core/version.ts';

/**
 * korex's version and a digest of the code that results come from, e.g. `0.1.0+3f2a…`: in a checkout code changes
 * without a new version, and files of another state of it must not be taken for current ones. The floor
 * `app` is left out: it changes how results are asked for and shown, not what they are.
 */
export function codeVersion(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.d)\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(root, path).startsWith('app'))
    .sort();
  return `${VERSION}+${sha256(files.map((path) => sha256(readFileSync(path))).join()).slice(0, 16)}`;
}
