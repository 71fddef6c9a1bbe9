import { z } from 'zod';

/** A measurement that was repeated. */
export const spreadSchema = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  samples: z.array(z.number()).min(1),
});

export type Spread = Readonly<z.output<typeof spreadSchema>>;

/** Median and range of at least one sample. */
export function spreadOf(samples: readonly number[]): Spread {
  return { median: medianOf(samples), min: Math.min(...samples), max: Math.max(...samples), samples: [...samples] };
}

/** The middle value, or the mean of both middle ones. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
