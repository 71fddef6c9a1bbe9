import { totalmem } from 'node:os';
import { failure } from './errors.ts';
import { gibibytes } from './format.ts';
import type { Localized } from './types.ts';

/** Bytes of memory that this process can have: the machine's, or its container's limit where that is lower (Node gives 0 for none). */
export const memoryLimit = (machine: number = totalmem(), container: number = process.constrainedMemory()): number =>
  Math.min(machine, container || Number.POSITIVE_INFINITY);

/**
 * Raises an error before work that cannot fit into memory, which the system would kill halfway.
 *
 * @param needed bytes that the work takes at least
 * @param what the beginning of the message: "The model's weights take", 모델의 가중치에
 * Errors: `failed`, with both sizes.
 */
export function checkMemory(needed: number, what: Localized, hint: Localized, limit: number = memoryLimit()): void {
  if (needed > limit)
    throw failure(
      {
        en: `${what.en} ${gibibytes(needed)} of memory; at most ${gibibytes(limit)} are available here.`,
        ko: `${what.ko} 메모리가 ${gibibytes(needed)} 필요한데, 여기서는 ${gibibytes(limit)}까지 쓸 수 있다.`,
      },
      hint,
    );
}
