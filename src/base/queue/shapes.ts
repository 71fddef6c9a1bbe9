import { z } from 'zod';

// What lies in Redis beside BullMQ's own: each checked when it is read, since other versions and other people may write there.

/** What a queue may be asked to do. */
export const WORK_KINDS = ['batch', 'extract', 'evaluate', 'experiment'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** `stopped`: its coordinator was interrupted and may go on. */
export const WORK_STATES = ['running', 'paused', 'stopped', 'finished', 'failed', 'cancelled'] as const;
export type WorkState = (typeof WORK_STATES)[number];

const localized = z.object({ en: z.string(), ko: z.string() });

/** How far a work has come. Times are milliseconds since 1970, durations seconds. */
export const workProgressSchema = z.object({
  done: z.int().min(0),
  /** Of all shards; null where they are not counted yet. */
  total: z.int().min(0).nullable(),
  rows: z.int().min(0),
  rejected: z.int().min(0),
  /** Handed out and not done yet. */
  waiting: z.int().min(0),
  /** Of this coordinator. */
  rows_per_second: z.number().min(0),
  shards_per_second: z.number().min(0),
  /** Seconds; null where nobody can tell. */
  time_left: z.number().min(0).nullable(),
  began: z.number(),
  coordinator: z.string(),
});
export type WorkProgress = z.output<typeof workProgressSchema>;

/** A work as the queue's commands and the page show it. */
export interface WorkSummary {
  readonly id: string;
  readonly kind: WorkKind;
  /** What for people, such as `IN → OUT`. */
  readonly title: string;
  readonly state: WorkState;
  /** 1 goes first, 100 last. */
  readonly priority: number;
  readonly progress: WorkProgress | null;
  /** What went wrong on the way, newest first. */
  readonly faults: readonly Fault[];
}

/** Something that went wrong and was mended, or not. */
export const faultSchema = z.object({
  at: z.number(),
  worker: z.string(),
  shard: z.int().min(0).nullable(),
  message: localized,
});
export type Fault = z.output<typeof faultSchema>;

/** What a job of the queue holds: the work's name, the shard's number, and what it is. */
export const jobSchema = z.object({
  work: z.string(),
  index: z.int().min(0),
  item: z.unknown(),
  /** How many processes ended while they worked on it, each told by the worker that saw it. */
  lost: z.int().min(0),
});
export type ShardJob = z.output<typeof jobSchema>;

/** What became of a shard. `facts` are the work's own. */
const doneSchema = z.object({
  status: z.literal('done'),
  rows: z.int().min(0),
  rejected: z.int().min(0),
  seconds: z.number().min(0),
  facts: z.unknown(),
});
export type ShardDone = z.output<typeof doneSchema>;
const failedSchema = z.object({
  status: z.literal('failed'),
  kind: z.enum(['usage', 'failed', 'temporary']),
  message: localized,
  hint: localized.nullable(),
});
export type ShardFailed = z.output<typeof failedSchema>;
export const shardResultSchema = z.discriminatedUnion('status', [doneSchema, failedSchema]);
export type ShardResult = z.output<typeof shardResultSchema>;

/** A worker process and what it does. */
export const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  /** Shards at once. */
  slots: z.int().min(1),
  busy: z.int().min(0),
  shards: z.int().min(0),
  rows: z.int().min(0),
  rows_per_second: z.number().min(0),
  /** Bytes, of this process and its children. */
  memory: z.number().min(0),
  began: z.number(),
});
export type WorkerSummary = z.output<typeof workerSchema>;
