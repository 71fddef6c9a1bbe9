import { totalmem } from 'node:os';
import { failure } from './errors.ts';

/** Bytes of memory that this process can ever have: the machine's, or what its container is limited to. */
export const memoryLimit = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/**
 * Stops work that cannot fit into memory before it starts, instead of being killed in its middle.
 *
 * @param needed bytes that the work takes at least
 * @param what the work, as the beginning of a sentence: "The model's weights take"
 * Errors: `failed`, with both sizes.
 */
export function checkMemory(needed: number, what: string, hint: string, limit: number = memoryLimit()): void {
  if (needed > limit)
    throw failure(`${what} ${gibibytes(needed)} of memory; at most ${gibibytes(limit)} can be had here.`, hint);
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
