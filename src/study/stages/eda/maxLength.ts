import { quantile, shareWithin } from '../../../base/data/profile.ts';

/** Share of the training rows that the derived length leaves whole. */
export const TARGET_SHARE = 0.999;
/** Lengths are rounded up to it, as matrix kernels work on such blocks. */
const BLOCK = 8;
/** The limits that the coverage table compares. */
export const COMPARED_LIMITS = [128, 192, 256, 384, 512] as const;
/** What the study behind korex took. */
export const STUDY_LIMIT = 256;

export interface DerivedLength {
  /** The shortest length that leaves `TARGET_SHARE` of the rows whole. */
  readonly exact: number;
  /** `exact` rounded up to a multiple of 8, but at most the encoder's positions. */
  readonly value: number;
  /** The smallest power of two that leaves `TARGET_SHARE` of the rows whole. */
  readonly powerOfTwo: number;
}

/**
 * The longest input to train with. Only training rows decide it: the test rows stay unseen.
 *
 * @param lengths tokens of each training row, special tokens included; at least one
 * @param positions how many the encoder has
 */
export function deriveMaxLength(lengths: readonly number[], positions: number): DerivedLength {
  const exact = quantile(lengths, TARGET_SHARE) ?? 0;
  let powerOfTwo = 1;
  while (shareWithin(lengths, powerOfTwo) < TARGET_SHARE) powerOfTwo *= 2;
  return { exact, value: Math.min(positions, Math.ceil(exact / BLOCK) * BLOCK), powerOfTwo };
}
