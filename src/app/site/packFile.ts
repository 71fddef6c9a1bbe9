import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { PackedFile } from './siteManifest.ts';

/** Bytes in a part: a multiple of three, so that each part is base64 by itself, and small enough to show progress by. */
const PART_BYTES = 3 * 2 ** 20;

/** A script of the page, by its path. */
export interface PageScript {
  readonly path: string;
  readonly text: string;
}

/**
 * A file as scripts: gzip, cut into parts, base64. A page that is opened from disk may load scripts and nothing else, and
 * a page that a server sends can load these as well. Their names tell the content, so that a browser's cache cannot mix
 * two versions.
 *
 * @param level of gzip, 1 (fast) to 9
 */
export function packFile(
  name: string,
  content: Uint8Array,
  level: number,
): { readonly file: PackedFile; readonly scripts: readonly PageScript[] } {
  const packed = gzipSync(content, { level });
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const scripts = Array.from({ length: Math.ceil(packed.length / PART_BYTES) }, (_, part) => {
    const base64 = packed.subarray(part * PART_BYTES, (part + 1) * PART_BYTES).toString('base64');
    return { path: `${name}-${digest}-${part}.js`, text: `korexPart(${JSON.stringify(base64)});\n` };
  });
  const parts = scripts.map(({ path, text }) => ({ path, bytes: text.length }));
  return { file: { bytes: content.length, parts }, scripts };
}
