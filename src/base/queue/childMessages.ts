import { z } from 'zod';

// What a worker and the processes that compute for it say to each other.

const localized = z.object({ en: z.string(), ko: z.string() });

export const toChildSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    id: z.int(),
    kind: z.enum(['batch', 'extract', 'evaluate', 'experiment']),
    task: z.unknown(),
    item: z.unknown(),
    worker: z.string(),
    suspect: z.boolean(),
  }),
  z.object({ type: z.literal('fenced'), id: z.int(), held: z.boolean() }),
  z.object({ type: z.literal('stop'), id: z.int() }),
]);
export type ToChild = z.output<typeof toChildSchema>;

export const fromChildSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fence'), id: z.int() }),
  z.object({ type: z.literal('progress'), id: z.int(), from: z.int(), to: z.int() }),
  z.object({
    type: z.literal('done'),
    id: z.int(),
    memory: z.number(),
    done: z.object({
      status: z.literal('done'),
      rows: z.int(),
      rejected: z.int(),
      seconds: z.number(),
      facts: z.unknown(),
    }),
  }),
  z.object({
    type: z.literal('failed'),
    id: z.int(),
    memory: z.number(),
    kind: z.enum(['usage', 'failed', 'temporary', 'lease']),
    message: localized,
    hint: localized.nullable(),
  }),
]);
export type FromChild = z.output<typeof fromChildSchema>;
