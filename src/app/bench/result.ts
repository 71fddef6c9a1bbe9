import { z } from 'zod';

/** What can be measured, in the order in which it is. */
export const PART_NAMES = [
  'step',
  'optimizer',
  'device',
  'matmul',
  'memory',
  'startup',
  'inference',
  'entities',
  'pairs',
  'text',
  'serve',
  'modes',
  'epoch',
] as const;
export type PartName = (typeof PART_NAMES)[number];

const spreadSchema = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  samples: z.array(z.number()).min(1),
});

/** A measurement that was repeated. */
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

/** A measurement of which only the rounded figures were kept, as of those before results were part of the repository. */
const roundedSchema = z.object({
  median: z.number(),
  min: z.number().optional(),
  max: z.number().optional(),
  runs: z.number().int().optional(),
});

/** What a measurement ran on: figures of different machines cannot be compared. */
export const machineSchema = z.object({
  cpu: z.string(),
  /** The device, where it is not the processor. */
  gpu: z.string().optional(),
  cores: z.number().int(),
  memory_gib: z.number().optional(),
  platform: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
  korex: z.string(),
});

export type Machine = Readonly<z.output<typeof machineSchema>>;

const cellSchema = z.union([z.string(), z.number(), z.null()]);

const figureOf = <T extends z.ZodType>(spread: T) =>
  z.object({
    /** Who: `korex`, `PyTorch`, … */
    system: z.string(),
    unit: z.enum(['s', 's/step', 'rows/s', 'sentences/s', 'GFLOP/s', 'MiB', 'KiB/step', 'operators/step', 'macro-F1']),
    value: spread,
    /**
     * korex against this system, round by round: its speed over the other's, or for memory its size over the other's.
     * Null for korex itself and where nothing is compared.
     */
    ratio: spread.nullable(),
  });

/** A table of details behind the figures, such as the time by operator. */
const detailSchema = z.object({ title: z.string(), rows: z.array(z.record(z.string(), cellSchema)) });

export const measuredSchema = z.object({
  figures: z.array(figureOf(spreadSchema)).min(1),
  details: z.array(detailSchema),
  /** What else it takes to read the figures: batch, rows, versions of the other side. */
  facts: z.record(z.string(), cellSchema),
  /** What is only meaningful of a process that did nothing else; `memory` and `startup` read it from a separate one. */
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
  /** The day, as `2026-11-28`. */
  date: z.iso.date(),
  machine: machineSchema,
});

/** A result as a document shows it: as measured, or kept in rounded figures, perhaps under a title of its own. */
export const recordedSchema = resultSchema.extend({
  title: z.string().optional(),
  figures: z.array(figureOf(z.union([spreadSchema, roundedSchema]))).min(1),
});

export type Figure = Readonly<z.output<typeof measuredSchema>['figures'][number]>;
export type Detail = Readonly<z.output<typeof detailSchema>>;
export type Measured = Readonly<z.output<typeof measuredSchema>>;
export type BenchResult = Readonly<z.output<typeof resultSchema>>;
export type RecordedResult = Readonly<z.output<typeof recordedSchema>>;

/** `step-bundled`: a result's file name without its ending. */
export const resultName = ({ part, shape }: Pick<BenchResult, 'part' | 'shape'>): string => `${part}-${shape}`;
