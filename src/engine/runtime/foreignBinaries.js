// @ts-check
// JavaScript, since `scripts/slim.mjs` runs it before anything is built. Used by `korex slim`, too.
import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * What onnxruntime-node brings for one platform.
 *
 * @typedef {object} PlatformBinaries
 * @property {string} platform as Node names it, `linux/x64`
 * @property {string} folder
 * @property {number} bytes
 */

/** The platform that this process runs on. */
export const ownPlatform = `${process.platform}/${process.arch}`;

/** The file without which a platform's folder is of no use. */
const BINDING = 'onnxruntime_binding.node';

/**
 * The binaries of every platform that lie in the installed onnxruntime-node, by name. Its package holds those of all
 * platforms; npm cannot leave any out, since they are no packages of their own.
 *
 * @returns {PlatformBinaries[]}
 */
export function installedBinaries() {
  // Through links, as pnpm makes them, to where the files are.
  const manifest = realpathSync(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const bin = join(dirname(manifest), 'bin');
  return foldersOf(bin)
    .filter((name) => name.startsWith('napi-'))
    .flatMap((napi) =>
      foldersOf(join(bin, napi)).flatMap((system) =>
        foldersOf(join(bin, napi, system)).map((processor) => {
          const folder = join(bin, napi, system, processor);
          return { platform: `${system}/${processor}`, folder, bytes: bytesIn(folder) };
        }),
      ),
    );
}

/**
 * Those that none of the platforms to keep uses. Empty unless each of these has its binding: where the package is laid
 * out otherwise than we know, nothing is to be removed.
 *
 * @param {readonly PlatformBinaries[]} binaries
 * @param {readonly string[]} keep
 */
export function foreignBinaries(binaries, keep) {
  const isWhole = (/** @type {string} */ platform) =>
    binaries.some((each) => each.platform === platform && existsSync(join(each.folder, BINDING)));
  return keep.every(isWhole) ? binaries.filter(({ platform }) => !keep.includes(platform)) : [];
}

/** @param {readonly PlatformBinaries[]} binaries */
export function removeBinaries(binaries) {
  for (const { folder } of binaries) {
    rmSync(folder, { recursive: true, force: true });
    const system = dirname(folder);
    if (readdirSync(system).length === 0) rmdirSync(system);
  }
}

/** @param {string} folder */
const foldersOf = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];

/** @param {string} folder */
const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
