import { storageOf } from '../storage/storageOf.ts';
import { type ByteSource, randomAccessSource } from './formats/byteSource.ts';

/**
 * Opens a file for reading: of this machine by its path, of object storage by its address.
 * Errors: `usage`, with the path and the reason; those of a `Storage`.
 */
export const openFileSource = async (path: string): Promise<ByteSource> =>
  randomAccessSource(await (await storageOf(path)).open(path));
