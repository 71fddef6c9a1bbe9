import { type FileHandle, open } from 'node:fs/promises';
import { usageError } from '../core/errors.ts';
import { systemReason } from '../core/files.ts';
import type { PeekSource } from './formats/byteSource.ts';

const PIECE_BYTES = 256 * 1024;

/** Opens a file for reading. Errors: `usage`, with the path and the system's reason. */
export async function openFileSource(path: string): Promise<PeekSource> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const { size } = await handle.stat();
  let position = 0;
  const peek = (start: number, length: number) =>
    readFully(handle, start, length).catch((error: unknown) => {
      throw readFailure(path, error);
    });
  const read = async (start: number, length: number) => {
    const bytes = await peek(start, length);
    position += bytes.length;
    return bytes;
  };
  return {
    path,
    size,
    get position() {
      return position;
    },
    async *pieces() {
      for (let start = 0; ; ) {
        const piece = await read(start, PIECE_BYTES);
        if (piece.length === 0) return;
        start += piece.length;
        yield piece;
      }
    },
    slice: async (start, end = size) => (await read(start, end - start)).buffer,
    peek: (bytes) => peek(0, bytes),
    close: () => handle.close(),
  };
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

const readFailure = (path: string, error: unknown) =>
  usageError(`Cannot read ${path}: ${systemReason(error)}.`, 'Check the path.', error);
