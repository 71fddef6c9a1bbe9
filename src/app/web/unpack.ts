import type { PackedFile } from '../site/siteManifest.ts';

/** Bytes loaded so far, as they are sent. */
export type OnBytes = (bytes: number) => void;

/**
 * The content of a file that a page's folder holds in parts (see `packFile`): part by part, so that only one is in memory
 * twice.
 *
 * @param loadPart gives a part's base64
 *
 * Errors: where a part is missing or damaged.
 */
export async function unpackFile(
  file: PackedFile,
  loadPart: (path: string) => Promise<string>,
  onBytes: OnBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream('gzip');
  const unpacked = new Response(readable).arrayBuffer();
  // Whoever awaits the writes learns of an error first; it must not count as unhandled on the other end.
  unpacked.catch(() => {});
  const writer = writable.getWriter();
  for (const { path, bytes } of file.parts) {
    await writer.write(bytesOf(await loadPart(path)));
    onBytes(bytes);
  }
  await writer.close();
  const content = new Uint8Array(await unpacked);
  if (content.length !== file.bytes)
    throw new Error(`${file.parts[0]!.path}: ${content.length} bytes, not ${file.bytes}`);
  return content;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
