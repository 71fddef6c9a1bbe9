import type { PackedFile } from '../../src/app/site/siteManifest.ts';
import { type OnBytes, unpackFile } from '../../src/app/web/unpack.ts';

declare global {
  interface Window {
    /** Called by each part that is loaded. */
    korexPart?: (base64: string) => void;
  }
}

/**
 * Loads a file that the folder holds as scripts: all that a page may load that is opened from disk.
 *
 * Errors: where a part is missing or damaged.
 */
export const loadScriptFile = (file: PackedFile, folder: string, onBytes: OnBytes): Promise<Uint8Array<ArrayBuffer>> =>
  unpackFile(file, (path) => loadPart(`${folder}${path}`), onBytes);

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
