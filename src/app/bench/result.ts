import { z } from 'zod';
import { machineSchema } from './machine.ts';
import { spreadSchema } from './spread.ts';

/** What can be measured, in the order in which it is. */
export const PART_NAMES = ['step', 'matmul', 'memory', 'startup', 'inference', 'serve', 'modes', 'epoch'] as const;
export type PartName = (typeof PART_NAMES)[number];

const cellSchema = z.union([z.string(), z.number(), z.null()]);

/** One system's figure. */
export const figureSchema = z.object({
  /** Who: `korex`, `PyTorch`, … */
  system: z.string(),
  unit: z.enum(['s', 's/step', 'rows/s', 'GFLOP/s', 'MiB', 'macro-F1']),
  value: spreadSchema,
  /**
   * korex against this system, round by round: its speed over the other's, or for memory its size over the other's. Null
   * for korex itself and where nothing is compared.
   */
  ratio: spreadSchema.nullable(),
});

/** A table of details behind the figures, such as the time by operator. */
export const detailSchema = z.object({ title: z.string(), rows: z.array(z.record(z.string(), cellSchema)) });

export const measuredSchema = z.object({
  figures: z.array(figureSchema).min(1),
  details: z.array(detailSchema),
  /** What else it takes to read the figures: batch, rows, versions of the other side. */
  facts: z.record(z.string(), cellSchema),
  /** What only tells something of a process that did nothing else: `memory` and `startup` read it from one of its own. */
  process: z
    .object({ peak_memory_bytes: z.number(), seconds_until_ready: z.number(), seconds_until_first_step: z.number() })
    .optional(),
});

/** One file `bench/PART-SHAPE.json`. */
export const resultSchema = measuredSchema.extend({
  part: z.enum(PART_NAMES),
  /** The encoder's name, e.g. `bundled` or `12x768`. */
  shape: z.string(),
  /** How to measure it again. */
  command: z.string(),
  machine: machineSchema,
});

export type Figure = Readonly<z.output<typeof figureSchema>>;
export type Detail = Readonly<z.output<typeof detailSchema>>;
export type Measured = Readonly<z.output<typeof measuredSchema>>;
export type BenchResult = Readonly<z.output<typeof resultSchema>>;

/** `step-bundled`: a result's file name without its ending, and its place in a document. */
export const resultName = ({ part, shape }: Pick<BenchResult, 'part' | 'shape'>): string => `${part}-${shape}`;
