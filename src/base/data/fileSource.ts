import { localStorage } from '../storage/localStorage.ts';
import { type ByteSource, randomAccessSource } from './formats/byteSource.ts';

/** Opens a file of this machine for reading. Errors: `usage`, with the path and the system's reason. */
export const openFileSource = async (path: string): Promise<ByteSource> =>
  randomAccessSource(await localStorage.open(path));
