import type { Problem } from '../checkRow.ts';

/** One way to keep rows in a file. `formats/table.ts` holds them all. */
export interface Format {
  readonly name: string;
  /** Endings of file names, with the dot, in lower case. */
  readonly extensions: readonly string[];
  /** Does the content look like this format? Asked for files whose ending no format claims. */
  readonly recognizes: (bytes: Uint8Array) => boolean;
  /** How rows are counted in messages and in the guids of rows without one. */
  readonly counting: string;
  /** Takes the file apart. `path` is for messages only. Errors: `usage` when the file as a whole cannot be read. */
  readonly read: (bytes: Uint8Array, path: string) => RawFile | Promise<RawFile>;
}

/** A file taken apart, not yet validated. */
export interface RawFile {
  readonly rows: readonly RawRow[];
  /** Names of integer labels in id order, where the file carries them. */
  readonly labelNames?: readonly string[];
  /** The file's own names of KLUE's fields, e.g. `subject_entity.start_idx` → `subject_start`, for messages. */
  readonly columnNames?: Readonly<Record<string, string>>;
}

/** A row in KLUE's layout, whatever the file's, as far as it could be read. */
export interface RawRow {
  readonly number: number;
  readonly value: unknown;
  /** Set where the row could not even be taken apart; `value` is then what stands in the file. */
  readonly problem?: Problem;
}
