import { type FileHandle, open } from 'node:fs/promises';
import { readFailure } from '../core/files.ts';
import { type ByteSource, randomAccessSource } from './formats/byteSource.ts';

/** Opens a file for reading. Errors: `usage`, with the path and the system's reason. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const read = (start: number, length: number) =>
    readFully(handle, start, length).catch((error: unknown) => {
      throw readFailure(path, error);
    });
  return randomAccessSource({ path, size: (await handle.stat()).size, read, close: () => handle.close() });
}

/** As many bytes as there are, up to `length`, in a buffer of their own. */
async function readFully(handle: FileHandle, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) return bytes.slice(0, done);
    done += bytesRead;
  }
  return bytes;
}
