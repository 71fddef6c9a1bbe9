/**
 * A place that keeps files by name: a folder, or the objects of a bucket below a prefix. Names are relative to it, with `/`
 * between their parts (`answers/00003.jsonl`). What is written appears as a whole or not at all.
 *
 * Errors of all methods: `usage` where the place refuses (no such folder or bucket, no permission), `failed` where it cannot be
 * reached after all retries or has no space left; each names the file and the reason.
 */
export interface Storage {
  /** As messages name it: `/data/out`, `s3://bucket/prefix`; without a slash at its end. */
  readonly address: string;
  /**
   * Files whose names begin with `prefix`, ordered by the bytes of their names in UTF-8 as object stores list them. A page of them
   * is in memory at a time.
   */
  list(prefix?: string, signal?: AbortSignal): AsyncIterable<StoredFile>;
  /** What is known of a file; null where there is none. */
  stat(name: string, signal?: AbortSignal): Promise<StoredFile | null>;
  /** The bytes of a file, a piece at a time, from `start` (0) up to `end`, exclusive. Errors: `usage` where there is no such file. */
  read(name: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /**
   * Writes a file of any size as a whole, creating what folders it needs. Where content, `beforeCommit` or `signal` end it early,
   * nothing is left of it and a file of this name stays as it was.
   *
   * @returns whether it was written: false only under `ifAbsent`, where there is a file of this name
   */
  write(name: string, content: Content, options?: WriteOptions): Promise<boolean>;
  /** Removes a file; nothing happens where there is none. */
  remove(name: string, signal?: AbortSignal): Promise<void>;
  /** Removes what writers that were killed have left behind, at least `olderThan` milliseconds ago; how much that was. */
  removeLeftovers(olderThan: number): Promise<number>;
}

export interface StoredFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Another one whenever the content is: an object's ETag, of a file on disk size and time of its last change. */
  readonly version: string;
}

export interface ByteRange {
  readonly start?: number;
  /** Exclusive; the end of the file without it. */
  readonly end?: number;
  /** Read this version alone; `usage` error where the file is another one by now. */
  readonly version?: string;
  readonly signal?: AbortSignal;
}

/** A text, or bytes, or pieces of either that are written as they come. */
export type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;

export interface WriteOptions {
  /** Leaves a file of this name as it is: of several writers at once, one writes. */
  readonly ifAbsent?: boolean;
  /** Called when all bytes are there and before the file gets its name; where it fails, there is no file. */
  readonly beforeCommit?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/** The pieces of a content, as bytes. */
export async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else if (content instanceof Uint8Array) yield content;
  else for await (const piece of content) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

/** All bytes of a file, for small ones. */
export async function readWhole(storage: Storage, name: string, range?: ByteRange): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of storage.read(name, range)) pieces.push(piece);
  return Buffer.concat(pieces);
}
