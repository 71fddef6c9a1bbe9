import { z } from 'zod';
import { sha256 } from '../../base/core/files.ts';
import { shardSchema } from './shard.ts';

/** All but the input that the bytes of answers follow from: the same for all shards of a run. */
export const workSchema = z.strictObject({
  /** What is done: `batch`, `extract` or `evaluate`. */
  command: z.string(),
  models: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
  /** Of korex and of everything that was asked for. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type WorkIdentity = z.output<typeof workSchema>;

/** Digest of a run's models and settings. */
export const workDigest = ({ command, models, settings }: WorkIdentity): string =>
  sha256(JSON.stringify([command, models, Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))]));

/** A row that ended, or held up, every process that answered it. */
export const poisonSchema = z.strictObject({ place: z.int().min(0), reason: z.enum(['killed', 'timeout']) });
export type Poison = z.output<typeof poisonSchema>;

/**
 * A line of `manifest.jsonl`, and the file beside a shard's answers that says they are complete: it is written last.
 * Two of the same shard differ in `seconds`, `attempts` and `worker` alone.
 */
export const shardRecordSchema = z.strictObject({
  shard: shardSchema,
  /** Digest of models and settings (`workDigest`). */
  work: z.string(),
  /** Rows answered or rejected, and of them the rejected. */
  rows: z.int().min(0),
  rejected: z.int().min(0),
  /** How many row numbers of the file the shard has: its lines, or records. Those of shards before are added where rows are numbered. */
  numbers: z.int().min(0),
  /** Of the answered rows, those with a gold label, and those whose answer is that. */
  labelled: z.int().min(0),
  correct: z.int().min(0),
  /** Digest of the bytes of the input's range. */
  input_sha256: z.string(),
  output_bytes: z.int().min(0),
  output_sha256: z.string(),
  /** Of the rejects' file; null where there are none. */
  rejects_sha256: z.string().nullable(),
  poison: z.array(poisonSchema),
  /** Processes that it took: 1 where none was killed. */
  attempts: z.int().min(1),
  seconds: z.number().min(0),
  /** Host and process number. */
  worker: z.string(),
});
export type ShardRecord = z.output<typeof shardRecordSchema>;

/** What answering a shard came to, before it is published. */
export const shardAnswersSchema = shardRecordSchema.pick({
  ...{ rows: true, rejected: true, numbers: true, labelled: true, correct: true, input_sha256: true },
  ...{ output_bytes: true, output_sha256: true, rejects_sha256: true },
});
export type ShardAnswers = z.output<typeof shardAnswersSchema>;
