import type { Reporter } from '../core/reporter.ts';
import type { Pause } from '../hub/retries.ts';

/** A file wherever it is kept. */
export interface StoredFile {
  /** The whole address: a path, or `s3://bucket/key`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Another one whenever the content is another: time of change and size on a disk, the ETag of an object. */
  readonly version: string;
}

/** A file opened to be read at any place. */
export interface OpenedFile extends StoredFile {
  /** As many bytes from `start` on as there are, up to `length`, in a buffer of their own. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * Where inputs and outputs of shards are kept: folders of this machine, or object storage. A file is there whole or not at
 * all, whatever becomes of who writes it.
 *
 * Errors of all of them: `usage` where an address is wrong or what it names is not there; `temporary` where the same may go
 * well later (no connection, a busy server); `failed` for all else that the system or the service refuses.
 */
export interface Storage {
  /** Files below a folder, or with a beginning of their keys, in the order of their addresses by code units; a page of them in memory at a time where there are many. */
  list(prefix: string): AsyncGenerator<StoredFile>;
  /** A file; null where there is none of that name. */
  find(path: string): Promise<StoredFile | null>;
  open(path: string): Promise<OpenedFile>;
  /** Puts a small file in its place, all at once. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Does so where there is none of that name; false where there is one already, which stays as it is. */
  create(path: string, content: string | Uint8Array): Promise<boolean>;
  /**
   * Puts a finished file of this machine in its place, all at once. The local file may be gone afterwards.
   *
   * @param beforeCommit called when all bytes are there and before the file gets its name; where it fails, nothing is left of it:
   * the place to ask whether this process may still write it
   */
  moveIn(local: string, path: string, beforeCommit?: () => Promise<void>): Promise<void>;
  /** Adds a line at the end, beside lines of other processes; missing where a file can only be written as a whole. */
  append?(path: string, line: string): Promise<void>;
  /** Removes a file; it is no error where there is none. */
  remove(path: string): Promise<void>;
}

export interface StorageOptions {
  /** Is told each fault of a server after which korex tries again. */
  readonly reporter?: Reporter;
  /** Ends requests, and the waiting between them. */
  readonly signal?: AbortSignal;
  /** Waits between attempts; tests set it. */
  readonly pause?: Pause;
}
