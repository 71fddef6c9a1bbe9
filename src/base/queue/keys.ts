import type { Redis } from 'ioredis';

/** BullMQ's own name of the queue; its keys are `PREFIX:jobs:…`. */
export const QUEUE_NAME = 'jobs';

/** Keys of a queue beside BullMQ's. */
export const keysOf = (prefix: string) => ({
  works: `${prefix}:works`,
  /** A hash: kind, title, task, state, priority, progress. */
  work: (id: string) => `${prefix}:work:${id}`,
  /** A hash: what became of shards that the coordinator has not taken note of yet, by number. */
  results: (id: string) => `${prefix}:work:${id}:results`,
  /** The lease of the coordinator. */
  owner: (id: string) => `${prefix}:work:${id}:owner`,
  /** What went wrong, newest first; and what the coordinator has not said yet. */
  faults: (id: string) => `${prefix}:work:${id}:faults`,
  freshFaults: (id: string) => `${prefix}:work:${id}:faults:fresh`,
  workers: `${prefix}:workers`,
  worker: (id: string) => `${prefix}:worker:${id}`,
  /** BullMQ's lease of a job, whose value is the token of whoever works on it. */
  lock: (job: string) => `${prefix}:${QUEUE_NAME}:${job}:lock`,
  job: (job: string) => `${prefix}:${QUEUE_NAME}:${job}`,
});
export type Keys = ReturnType<typeof keysOf>;

export const jobId = (work: string, index: number): string => `${work}-${index}`;

/** Renews a lease that is still held; 0 where it is not. */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
/** Gives a lease back that is still held. */
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;
/** Sets a field of a hash while a lease is held; 0 where it is not. */
const SET_WITH_LEASE = `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end redis.call('hset', KEYS[2], ARGV[2], ARGV[3]) return 1`;

export const renewLease = async (redis: Redis, key: string, token: string, ms: number): Promise<boolean> =>
  (await redis.eval(RENEW, 1, key, token, ms)) === 1;
export const releaseLease = async (redis: Redis, key: string, token: string): Promise<boolean> =>
  (await redis.eval(RELEASE, 1, key, token)) === 1;
export const setWithLease = async (
  redis: Redis,
  lease: { readonly key: string; readonly token: string },
  hash: string,
  field: string | number,
  value: string,
): Promise<boolean> => (await redis.eval(SET_WITH_LEASE, 2, lease.key, hash, lease.token, field, value)) === 1;
