import { sum } from '../core/averages.ts';
import type { Prediction } from '../core/types.ts';

/** exp(x - max) / Σ exp(x - max), in double precision. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - largest));
  const total = sum(exponentials);
  return exponentials.map((value) => value / total);
}

/** A prediction from logits: the first label with the largest one, and the probabilities. */
export function predictionOf(guid: string, logits: ArrayLike<number>, labels: readonly string[]): Prediction {
  const probabilities = softmax(logits);
  return { guid, predicted: labels[probabilities.indexOf(Math.max(...probabilities))]!, probabilities };
}
