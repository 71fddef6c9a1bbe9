import { type FileHandle, open } from 'node:fs/promises';
import { usageError } from '../../core/errors.ts';
import { systemReason } from '../../core/files.ts';

/** The bytes of a file, wherever they are: on disk, in memory, or arriving through a pipe. */
export interface ByteSource {
  /** As messages name it. */
  readonly path: string;
  /** In bytes; null where nobody knows, as of a pipe. */
  readonly size: number | null;
  /** Bytes handed out so far. */
  readonly position: number;
  /** All bytes in order, a piece at a time and only when asked for. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** The bytes from `start` up to `end`, exclusive. Errors: `usage` for a pipe. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

const PIECE_BYTES = 256 * 1024;

/** A file on disk. */
export interface FileSource extends ByteSource {
  /** Its first bytes, not counted as handed out. */
  peek(bytes: number): Promise<Uint8Array>;
}

/** Opens a file for reading. Errors: `usage`, with the path and the system's reason. */
export async function openFileSource(path: string): Promise<FileSource> {
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

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array, path: string): ByteSource {
  let position = 0;
  return {
    path,
    size: bytes.length,
    get position() {
      return position;
    },
    async *pieces() {
      position = bytes.length;
      yield bytes;
    },
    async slice(start, end = bytes.length) {
      position += end - start;
      return new Uint8Array(bytes.subarray(start, end)).buffer;
    },
    close: async () => {},
  };
}

/** Bytes that arrive, e.g. on standard input: read once, from the beginning. */
export function pipeSource(stream: AsyncIterable<Uint8Array>, path: string): ByteSource {
  let position = 0;
  return {
    path,
    size: null,
    get position() {
      return position;
    },
    async *pieces() {
      for await (const piece of stream) {
        position += piece.length;
        yield piece;
      }
    },
    async slice() {
      throw usageError(`${path} is a pipe, and this format is read from its end.`, 'Pass the file by its path.');
    },
    close: async () => {},
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
