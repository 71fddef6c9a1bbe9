import { usageError } from '../../core/errors.ts';
import { concat } from '../utf8.ts';

/** The bytes of a file, wherever they are: on disk, in memory, in a browser, or arriving through a pipe. */
export interface ByteSource {
  /** As messages name it. */
  readonly path: string;
  /** In bytes; null where nobody knows, as of a pipe. */
  readonly size: number | null;
  /** Bytes handed out so far. */
  readonly position: number;
  /** The first bytes, not counted as handed out: up to `length`, of a pipe what arrives first. */
  peek(length: number): Promise<Uint8Array>;
  /** All bytes in order, a piece at a time and only when asked for. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** The bytes from `start` up to `end`, exclusive. Errors: `usage` for a pipe. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

const PIECE_BYTES = 256 * 1024;

/** What `randomAccessSource` needs: where the bytes are, and how a stretch of them is read. */
export interface RandomAccess {
  readonly path: string;
  readonly size: number;
  /** As many bytes from `start` on as there are, up to `length`, in a buffer of their own. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Bytes that can be read at any place. */
export function randomAccessSource({ path, size, read, close }: RandomAccess): ByteSource {
  let position = 0;
  const counted = async (start: number, length: number) => {
    const bytes = await read(start, length);
    position += bytes.length;
    return bytes;
  };
  return {
    path,
    size,
    get position() {
      return position;
    },
    peek: (length) => read(0, length),
    async *pieces() {
      for (let start = 0; ; ) {
        const piece = await counted(start, PIECE_BYTES);
        if (piece.length === 0) return;
        start += piece.length;
        yield piece;
      }
    },
    slice: async (start, end = size) => (await counted(start, end - start)).buffer,
    close,
  };
}

/** Bytes in memory. */
export const memorySource = (bytes: Uint8Array, path: string): ByteSource =>
  randomAccessSource({
    path,
    size: bytes.length,
    read: async (start, length) => new Uint8Array(bytes.subarray(start, start + length)),
    close: async () => {},
  });

/** A file that a visitor of the page chose. */
export const blobSource = (blob: Blob, path: string): ByteSource =>
  randomAccessSource({
    path,
    size: blob.size,
    read: async (start, length) => new Uint8Array(await blob.slice(start, start + length).arrayBuffer()),
    close: async () => {},
  });

/** Bytes that arrive, e.g. on standard input: read once, from the beginning. */
export function pipeSource(stream: AsyncIterable<Uint8Array>, path: string): ByteSource {
  const arriving = stream[Symbol.asyncIterator]();
  let first: Uint8Array = new Uint8Array(0);
  let position = 0;
  return {
    path,
    size: null,
    get position() {
      return position;
    },
    async peek(length) {
      // One piece is enough to tell a format by, and a person who types rows waits for the answer to the first.
      for (;;) {
        if (first.some((byte) => byte > 0x20)) return first.subarray(0, length);
        const { value, done } = await arriving.next();
        if (done) return first;
        first = concat([first, value]);
      }
    },
    async *pieces() {
      position = first.length;
      if (first.length > 0) yield first;
      for (;;) {
        const { value, done } = await arriving.next();
        if (done) return;
        position += value.length;
        yield value;
      }
    },
    async slice() {
      throw usageError(
        {
          en: `${path} is a pipe, and this format is read from its end.`,
          ko: `${path}: 파이프인데, 이 형식은 끝에서부터 읽어야 한다.`,
        },
        { en: 'Pass the file by its path.', ko: '파일을 경로로 준다.' },
      );
    },
    close: async () => {
      await arriving.return?.();
    },
  };
}
