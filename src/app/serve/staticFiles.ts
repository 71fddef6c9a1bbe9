import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file of the page, as it goes out. */
interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null where compressing does not pay. */
  readonly gzipped: Uint8Array<ArrayBuffer> | null;
}

export interface StaticFiles {
  /** The answer to GET or HEAD of a path, or null where there is no such file. */
  respond(path: string, headers: Headers): Promise<Response | null>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^(text\/|application\/(json|wasm|manifest)|image\/svg)/;
/** Vite puts a digest of the content into these names. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;
const compress = promisify(gzip);

/**
 * The files of a folder, by their address. The list is made once, of plain files alone: what is not on it (a path that leads
 * out of the folder, a link, a hidden file) is not there. Files are read when first asked for and stay in memory.
 */
export async function openStaticFiles(folder: string): Promise<StaticFiles> {
  const paths = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join('/')}`;
    if (entry.isFile() && !address.includes('/.')) paths.set(address, path);
  }
  const files = new Map<string, Promise<StaticFile>>();
  const fileAt = (address: string): Promise<StaticFile> | null => {
    const path = paths.get(address);
    if (path === undefined) return null;
    const known = files.get(address);
    if (known) return known;
    const read = readStatic(path, address);
    // A failed read is not kept.
    read.catch(() => files.delete(address));
    files.set(address, read);
    return read;
  };
  return {
    async respond(path, headers) {
      const address = decoded(path);
      const file = await (address === null ? null : (fileAt(address) ?? fileAt(join(address, 'index.html'))));
      if (file === null) return null;
      const shared = {
        ETag: file.etag,
        Vary: 'Accept-Encoding',
        'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      };
      const known = headers
        .get('if-none-match')
        ?.split(',')
        .map((tag) => tag.trim().replace(/^W\//, ''));
      if (known?.includes(file.etag)) return new Response(null, { status: 304, headers: shared });
      const isGzipped = file.gzipped !== null && acceptsGzip(headers);
      return new Response(isGzipped ? file.gzipped : file.bytes, {
        headers: { ...shared, 'Content-Type': file.type, ...(isGzipped && { 'Content-Encoding': 'gzip' }) },
      });
    },
  };
}

/** Whether a client takes answers that are compressed with gzip. */
export const acceptsGzip = (headers: Headers): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(headers.get('accept-encoding') ?? '');

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

async function readStatic(path: string, address: string): Promise<StaticFile> {
  const bytes = new Uint8Array(await readFile(path));
  const type = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const gzipped = COMPRESSIBLE.test(type) ? new Uint8Array(await compress(bytes)) : null;
  return {
    type,
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: HASHED.test(address),
    gzipped: gzipped && gzipped.length < bytes.length ? gzipped : null,
  };
}
