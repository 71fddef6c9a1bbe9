import type { PackedFile } from '../../src/app/site/siteManifest.ts';

declare global {
  interface Window {
    /** Called by each part that is loaded. */
    korexPart?: (base64: string) => void;
  }
}

/** Bytes loaded so far, as they are sent. */
export type OnBytes = (bytes: number) => void;

/**
 * Loads a file that the folder holds as scripts (see `packFile`): part by part, so that only one is in memory twice.
 *
 * Errors: where a part is missing or damaged.
 */
export async function loadScriptFile(
  file: PackedFile,
  folder: string,
  onBytes: OnBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream('gzip');
  const unpacked = new Response(readable).arrayBuffer();
  // Whoever awaits the writes learns of an error first; it must not count as unhandled on the other end.
  unpacked.catch(() => {});
  const writer = writable.getWriter();
  for (const { path, bytes } of file.parts) {
    await writer.write(bytesOf(await loadPart(`${folder}${path}`)));
    onBytes(bytes);
  }
  await writer.close();
  const content = new Uint8Array(await unpacked);
  if (content.length !== file.bytes)
    throw new Error(`${file.parts[0]!.path}: ${content.length} bytes, not ${file.bytes}`);
  return content;
}

function loadPart(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    let content: string | null = null;
    window.korexPart = (base64) => {
      content = base64;
    };
    script.onload = () => (content === null ? reject(new Error(`${url} holds no part`)) : resolve(content));
    script.onerror = () => reject(new Error(`${url} is missing`));
    script.src = url;
    document.head.append(script);
    script.remove();
  });
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
