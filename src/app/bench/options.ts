import { z } from 'zod';
import { parseOptions, type TypedOptions } from '../../base/core/typedOptions.ts';
import { PART_NAMES, type PartName } from './result.ts';

/** Other systems that korex is measured against. */
export const RIVAL_NAMES = ['pytorch', 'trainer', 'pipeline', 'transformersjs'] as const;
export type RivalName = (typeof RIVAL_NAMES)[number];

const listOf = <T extends string>(names: readonly [T, ...T[]]) =>
  z.preprocess((text) => (typeof text === 'string' ? text.split(',') : text), z.array(z.enum(names)));
const count = z.coerce.number().int().min(1);

/** The options of `korex bench` that are no settings, as typed on the command line. */
const optionsSchema = z.object({
  only: listOf(PART_NAMES).default(['step']),
  against: listOf(RIVAL_NAMES).default([]),
  shapes: z
    .string()
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .default([]),
  length: count.default(72),
  warmup: z.coerce.number().int().min(0).nullable().default(null),
  repeat: count.nullable().default(null),
  sizes: z.preprocess((text) => (typeof text === 'string' ? text.split(',') : text), z.array(count)).default([]),
  trainerSteps: count.nullable().default(null),
  quality: count.nullable().default(null),
  python: z.string().min(1).default('python3'),
  markdown: z.string().min(1).nullable().default(null),
  results: z.string().min(1).nullable().default(null),
});

export interface BenchOptions {
  readonly only: readonly PartName[];
  readonly against: readonly RivalName[];
  /** Encoders to measure; the one of `--encoder` where none are named. */
  readonly shapes: readonly string[];
  /** Tokens of a synthetic row. */
  readonly length: number;
  /** Steps before anything counts; the part's own number when null. */
  readonly warmup: number | null;
  /** Rounds; the part's own number when null. */
  readonly repeat: number | null;
  /** Rows of the inputs whose cost per row is compared. */
  readonly sizes: readonly number[];
  /** Trainer's steps, from which its epoch is extrapolated; the whole epoch when null. */
  readonly trainerSteps: number | null;
  /** Epochs that each mode is trained for to know its macro-F1; not at all when null. */
  readonly quality: number | null;
  readonly python: string;
  /** A document to fill from results that are there, instead of measuring. */
  readonly markdown: string | null;
  /** The folder of these results; that of `--out` when null. */
  readonly results: string | null;
}

/** Checks the options. Errors: `usage`, naming the option and what it takes. */
export const parseBenchOptions = (given: TypedOptions): BenchOptions =>
  parseOptions(optionsSchema, given, 'korex bench');
