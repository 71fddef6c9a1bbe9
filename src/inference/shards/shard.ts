import { z } from 'zod';
import { sha256 } from '../../base/core/files.ts';

/**
 * What a shard's places count: bytes of a file of lines, or of a table whose records may have several lines; row groups of
 * Parquet; rows of a set that is read as a whole; or nothing, where a file is not to be divided.
 */
export const SHARD_UNITS = ['lines', 'records', 'groups', 'rows', 'file'] as const;

/** About how much of a file a shard has where nobody says it. Rows of it keep one core busy for some minutes: little enough to be done again, enough that the model is ready for many. */
export const SHARD_BYTES = 2 ** 23;

/** A part of the input that is answered by itself: a file, or a range of one. */
export const shardSchema = z.strictObject({
  /** Its place and the digest of what it is: names its files, which nobody can then take for another cut's. */
  id: z.string().regex(/^\d{8,}-[0-9a-f]{12}$/),
  /** Its place in the order of all, from 0. */
  index: z.int().min(0),
  /** The file's whole address. */
  path: z.string(),
  /** The file as guids and messages call it: its base name, or from the folder on that was given. */
  name: z.string(),
  /** As `StoredFile` has it. */
  version: z.string(),
  /** Of the whole file. */
  size: z.int().min(0),
  unit: z.enum(SHARD_UNITS),
  /** Rows belong to the shard in which their first byte lies, row groups and rows to that which counts them: from `start` up to `end`, exclusive. */
  start: z.int().min(0),
  end: z.int().min(0),
  /** Of the file: whether this is the last shard of it. */
  last: z.boolean(),
});
export type Shard = z.output<typeof shardSchema>;

/** A shard with its id: the place, and the digest of name, size and range. When a file was last changed is not among it. */
export function shardOf(parts: Omit<Shard, 'id'>): Shard {
  const { index, name, size, unit, start, end } = parts;
  const digest = sha256(JSON.stringify([name, size, unit, start, end])).slice(0, 12);
  return { id: `${String(index).padStart(8, '0')}-${digest}`, ...parts };
}

/** The name that rows of a shard have before anybody knows how many are before them: `FILE@BYTE` behind the first shard of a file of lines. */
export const originOf = ({ name, unit, start }: Pick<Shard, 'name' | 'unit' | 'start'>): string =>
  (unit === 'lines' || unit === 'records') && start > 0 ? `${name}@${start}` : name;
