import { usageError } from '../../core/errors.ts';

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

/** Bytes of which the beginning can be seen before they are read. */
export interface PeekSource extends ByteSource {
  /** The first bytes, not counted as handed out. */
  peek(bytes: number): Promise<Uint8Array>;
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

/** A file that a visitor of the page chose. */
export function blobSource(blob: Blob, name: string): PeekSource {
  let position = 0;
  return {
    path: name,
    size: blob.size,
    get position() {
      return position;
    },
    async *pieces() {
      const reader = blob.stream().getReader();
      try {
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          position += read.value.length;
          yield read.value;
        }
      } finally {
        reader.cancel().catch(() => {});
      }
    },
    async slice(start, end = blob.size) {
      position += end - start;
      return blob.slice(start, end).arrayBuffer();
    },
    peek: async (bytes) => new Uint8Array(await blob.slice(0, bytes).arrayBuffer()),
    close: async () => {},
  };
}
