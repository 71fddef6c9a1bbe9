/** Where answers go: a file, which can be gone on with after an interruption, or standard output. */
export interface Output {
  /** Rows that are dealt with already; reading goes on behind them. */
  readonly rows: number;
  /** How many of them were rejected. */
  readonly rejected: number;
  /** Whether a later run can go on where this one stops. */
  readonly resumable: boolean;
  /** Takes over rows, all or none of them. `lines` are the answers', `rejects` the rejected rows'. */
  append(part: Part): Promise<void>;
  /** All rows are there. */
  finish(): Promise<void>;
  /** Nothing came of it: leaves no trace. */
  discard(): Promise<void>;
  /** Lets go of the files as they are; safe after `finish`. */
  close(): Promise<void>;
}

/** What a stretch of rows came to. */
export interface Part {
  readonly lines: string;
  readonly rejects: string;
  readonly rows: number;
  readonly rejected: number;
}
