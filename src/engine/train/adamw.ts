import type { Range } from './kernels/kernels.js';
import { adamWKernel, adamWRowsKernel } from './kernels/kernels.js';

/** State of one parameter under AdamW. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface AdamWOptions {
  readonly lr: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** PyTorch's and transformers' defaults. */
export const ADAMW_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** The numbers of one step that all values of a parameter share. */
export interface StepFactors {
  /** Factor on the gradient, from clipping. */
  readonly scale: number;
  /** 1 - lr · weight decay. */
  readonly decay: number;
  /** lr / (1 - β₁ᵗ). */
  readonly stepSize: number;
  /** 1 / √(1 - β₂ᵗ). */
  readonly correction: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** @param step t, 1 for the first step */
export function stepFactors(step: number, scale: number, options: AdamWOptions): StepFactors {
  const { lr, weightDecay, beta1, beta2, epsilon } = options;
  const decay = 1 - lr * weightDecay;
  const stepSize = lr / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  return { scale, decay, stepSize, correction, beta1, beta2, epsilon };
}

/**
 * One AdamW step in place on a range of a parameter (Loshchilov & Hutter, 2019, arXiv:1711.05101, algorithm 2; the order of
 * operations is `torch.optim.AdamW`'s): decoupled weight decay, bias-corrected moments.
 */
export function adamWStep(
  weight: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  range: Range,
  factors: StepFactors,
): void {
  adamWKernel(weight, gradient, first, second, range, kernelFactors(factors));
}

/** The same step on some rows (of `width` values each) of a table. */
export function adamWRows(
  weight: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  rows: { readonly rows: readonly number[]; readonly width: number },
  factors: StepFactors,
): void {
  adamWRowsKernel(weight, gradient, first, second, rows, kernelFactors(factors));
}

/** As the kernels take them. */
export const kernelFactors = ({ scale, decay, stepSize, correction, beta1, beta2, epsilon }: StepFactors): number[] => [
  ...[scale, decay, stepSize, correction, beta1, 1 - beta1, beta2, 1 - beta2, epsilon],
];

/** The same step where gradient and moments are zero: only the decay is left of it. */
export function decayStep(weight: Float32Array, { from, to }: Range, { decay }: StepFactors): void {
  const factor = Math.fround(decay);
  if (factor === 1) return;
  for (let i = from; i < to; i++) weight[i]! *= factor;
}

/** Biases and the scales of normalisation layers are not decayed, as in BERT and transformers' Trainer. */
export const isDecayed = (name: string): boolean => !name.endsWith('.bias') && !/LayerNorm|layer_norm/.test(name);
