import { once } from 'node:events';
import type { Unwritten } from './unwritten.ts';

/** Where answers go: a file, which can be resumed after an interruption, or standard output. */
export interface Output {
  /** Rows that are dealt with already; reading continues after them. */
  readonly rows: number;
  /** How many of them were rejected. */
  readonly rejected: number;
  /** Of the answered rows, how many have a gold label, and how many answers are that. */
  readonly gold?: GoldCounts;
  /** Whether a later run can continue where this one stops. */
  readonly resumable: boolean;
  /** Keeps what the model has come to for rows that cannot be written yet; only where a later run can use it. */
  readonly unwritten?: Unwritten | undefined;
  /** Takes over rows, all or none of them. `lines` are the answers', `rejects` the rejected rows'. */
  append(part: Part): Promise<void>;
  /** All rows are there. */
  finish(): Promise<void>;
  /** Nothing came of it: leaves no trace. */
  discard(): Promise<void>;
  /** Lets go of the files as they are; safe after `finish`. */
  close(): Promise<void>;
}

/** How answers compare with gold labels. */
export interface GoldCounts {
  readonly labelled: number;
  readonly correct: number;
}

/** What a stretch of rows came to. */
export interface Part {
  readonly lines: string;
  readonly rejects: string;
  readonly rows: number;
  readonly rejected: number;
  readonly gold?: GoldCounts;
}

/**
 * Standard output, which waits for who reads it, and cannot be resumed.
 *
 * @param warn is called with each rejected row, since there is no file for them
 */
export function pipeOutput(stream: NodeJS.WritableStream, warn: (reject: string) => void, signal: AbortSignal): Output {
  let [rows, rejected] = [0, 0];
  return {
    get rows() {
      return rows;
    },
    get rejected() {
      return rejected;
    },
    resumable: false,
    async append(part) {
      if (part.lines !== '' && !stream.write(part.lines)) await once(stream, 'drain', { signal });
      for (const line of part.rejects.split('\n').filter(Boolean)) warn(line);
      rows += part.rows;
      rejected += part.rejected;
    },
    finish: async () => {},
    discard: async () => {},
    close: async () => {},
  };
}
