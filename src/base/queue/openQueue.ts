import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Reporter } from '../core/reporter.ts';
import type { QueueAddress } from './address.ts';
import { type Connections, connectQueue } from './connection.ts';
import { type Keys, keysOf, QUEUE_NAME } from './keys.ts';

/** A queue that is connected. */
export interface OpenQueue {
  readonly address: QueueAddress;
  readonly connections: Connections;
  readonly redis: Redis;
  readonly jobs: Queue;
  readonly keys: Keys;
  close(): Promise<void>;
}

/** Events that BullMQ keeps: nobody here reads them, and a raw view of the queue needs a few. */
const KEPT_EVENTS = 100;

/** Errors: those of `connectQueue`. */
export async function openQueue(address: QueueAddress, reporter: Reporter): Promise<OpenQueue> {
  const connections = await connectQueue(address, reporter);
  const { Queue: Jobs } = await import('bullmq');
  const redis = connections.open();
  const jobs = new Jobs(QUEUE_NAME, {
    connection: redis,
    prefix: address.prefix,
    streams: { events: { maxLen: KEPT_EVENTS } },
  });
  // What is wrong with the connection is said by its own watch.
  jobs.on('error', () => {});
  return {
    ...{ address, connections, redis, jobs, keys: keysOf(address.prefix) },
    async close() {
      await jobs.close().catch(() => {});
      await connections.close();
    },
  };
}
