import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job, Worker } from 'bullmq';
import { asGiven, KorexError } from '../core/errors.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Localized } from '../core/types.ts';
import { ATTEMPTS } from './coordinate.ts';
import { QUEUE_NAME, renewLease, setWithLease } from './keys.ts';
import type { OpenQueue } from './openQueue.ts';
import { LeaseLost, ProcessLost, type Runner } from './runner.ts';
import {
  type Fault,
  jobSchema,
  type ShardJob,
  type ShardResult,
  WORK_KINDS,
  type WorkerSummary,
  type WorkKind,
} from './shapes.ts';
import { sweep } from './works.ts';

export interface WorkerOptions {
  readonly runner: Runner;
  /** How long a lease lasts without renewal; it is renewed at half of that. */
  readonly leaseMs?: number;
  readonly reporter: Reporter;
  /** Aborted to stop: shards at work go back to the queue. */
  readonly signal: AbortSignal;
}

export interface WorkerOutcome {
  readonly worker: string;
  readonly shards: number;
  readonly rows: number;
  readonly seconds: number;
}

const LEASE_MS = 30_000;
const HEARTBEAT_MS = 2_000;
/** Heartbeats that may be missed until a worker counts as gone. */
const MISSED = 5;
/** Processes that ended over a shard until its rows are suspected. */
const SUSPECT_AFTER = 2;
/** Pauses before a shard is tried again, in milliseconds: doubled each time. */
const [FIRST_RETRY_MS, LAST_RETRY_MS] = [500, 30_000];
const RECONNECT_MS = 1_000;
/** Faults that wait to be said. */
const MOST_FRESH = 1_000;

export const retryPause = (attempts: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1));

/** What a worker knows of a work. */
interface KnownWork {
  readonly kind: WorkKind;
  readonly task: unknown;
}

/**
 * Works on a queue's shards until it is stopped. A shard's lease is renewed here, while the work is done elsewhere; its result
 * counts only while the lease is held.
 */
export async function runWorker(queue: OpenQueue, options: WorkerOptions): Promise<WorkerOutcome> {
  const { redis, keys, address } = queue;
  const { runner, reporter, signal, leaseMs = LEASE_MS } = options;
  const name = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  const began = performance.now();
  const counts = { shards: 0, rows: 0, busy: 0 };
  const known = new Map<string, KnownWork>();
  /** Jobs at work, by their work. */
  const atWork = new Map<string, string>();
  const { Worker: Workers, UnrecoverableError, WaitingError } = await import('bullmq');

  const tell = async (job: ShardJob, message: Localized) => {
    reporter.warn(message);
    const fault: Fault = { at: Date.now(), worker: name, shard: job.index, message };
    await redis
      .multi()
      .rpush(keys.freshFaults(job.work), JSON.stringify(fault))
      .ltrim(keys.freshFaults(job.work), -MOST_FRESH, -1)
      .exec();
  };

  const workOf = async (id: string): Promise<KnownWork | null> => {
    const seen = known.get(id);
    if (seen) return seen;
    const [kind, task] = await redis.hmget(keys.work(id), 'kind', 'task');
    const named = WORK_KINDS.find((each) => each === kind);
    if (named === undefined || task == null) return null;
    const work = { kind: named, task: JSON.parse(task) as unknown };
    known.set(id, work);
    return work;
  };

  const processShard = async (job: Job, token: string | undefined, aborted: AbortSignal | undefined): Promise<void> => {
    const shard = jobSchema.parse(job.data);
    const id = job.id!;
    const work = await workOf(shard.work);
    // Cancelled, and taken back too late.
    if (work === null) return;
    const lease = { key: keys.lock(id), token: token! };
    const stop = aborted === undefined ? signal : AbortSignal.any([signal, aborted]);
    const lost = shard.lost + job.stalledCounter;
    if (job.stalledCounter > 0) await tell(shard, abandoned(shard, job.stalledCounter));
    atWork.set(id, shard.work);
    counts.busy++;
    const publish = async (result: ShardResult) => {
      const text = JSON.stringify(result);
      if (!(await setWithLease(redis, lease, keys.results(shard.work), shard.index, text))) throw new LeaseLost();
    };
    try {
      const fence = async () => {
        if (!(await renewLease(redis, lease.key, lease.token, leaseMs))) throw new LeaseLost();
      };
      const context = { worker: name, suspect: lost >= SUSPECT_AFTER, fence, signal: stop };
      const done = await runner.run({ ...shard, ...work }, context);
      await publish(done);
      counts.shards++;
      counts.rows += done.rows;
    } catch (error) {
      if (signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (error instanceof LeaseLost || aborted?.reason instanceof LeaseLost) {
        await tell(shard, leaseLost(shard));
        throw error;
      }
      // Cancelled: nobody waits for it.
      if (aborted?.aborted) return;
      if (error instanceof ProcessLost) {
        await job.updateData({ ...shard, lost: shard.lost + 1 });
        await tell(shard, processLost(shard, error));
        throw error;
      }
      const said = wordsOf(error);
      const kind = error instanceof KorexError ? error.kind : 'failed';
      // What fails may pass, as a full disk does; what is wrong with the input or the command does not.
      if (kind !== 'usage' && job.attemptsMade + 1 < ATTEMPTS) {
        await tell(shard, failedOnce(shard, said.message, retryPause(job.attemptsMade + 1)));
        throw error;
      }
      await publish({ status: 'failed', kind, ...said });
      throw new UnrecoverableError(said.message.en);
    } finally {
      counts.busy--;
      atWork.delete(id);
    }
  };

  const worker = new Workers(
    QUEUE_NAME,
    // Three parameters: BullMQ looks at their number.
    (job, token, aborted) => processShard(job, token, aborted),
    {
      ...{ connection: redis, prefix: address.prefix, name, concurrency: runner.slots },
      ...{ lockDuration: leaseMs, stalledInterval: leaseMs, runRetryDelay: RECONNECT_MS },
      // A shard that loses its workers is tried in halves, not given up.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      settings: { backoffStrategy: retryPause },
    },
  );
  worker.on('error', (error) => {
    if (process.env.KOREX_DEBUG) reporter.warn(asGiven(`BullMQ: ${error.message}`));
  });
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, LEASE_LOST);
  });

  const beat = async () => {
    const seconds = (performance.now() - began) / 1000;
    const summary: WorkerSummary = {
      ...{ id: name, host: hostname(), pid: process.pid, slots: runner.slots },
      ...{ busy: counts.busy, shards: counts.shards, rows: counts.rows },
      rows_per_second: counts.rows / Math.max(1, seconds),
      memory: process.memoryUsage().rss + runner.memory(),
      began: Date.now() - Math.round(seconds * 1000),
    };
    await redis
      .multi()
      .sadd(keys.workers, name)
      .set(keys.worker(name), JSON.stringify(summary), 'PX', HEARTBEAT_MS * MISSED)
      .exec();
    await giveUpCancelled(queue, worker, atWork, known);
  };
  await beat();
  // One at a time, however slow Redis is.
  let beating: Promise<void> | null = null;
  const heart = setInterval(() => {
    beating ??= beat()
      .catch(() => {})
      .finally(() => {
        beating = null;
      });
  }, HEARTBEAT_MS);
  try {
    await ended(worker, signal);
  } finally {
    clearInterval(heart);
    await beating;
    await worker.close().catch(() => {});
    await runner.close();
    await redis.multi().srem(keys.workers, name).del(keys.worker(name)).exec();
    await sweep(queue);
  }
  return { worker: name, shards: counts.shards, rows: counts.rows, seconds: (performance.now() - began) / 1000 };
}

const LEASE_LOST = new LeaseLost().name;

/** Resolves when the worker is told to stop. */
const ended = (worker: Worker, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    worker.on('closed', () => reject(new Error('The queue was closed.')));
  });

/** Stops shards whose work was cancelled, and forgets works that are gone. */
async function giveUpCancelled(
  { redis, keys }: OpenQueue,
  worker: Worker,
  atWork: ReadonlyMap<string, string>,
  known: Map<string, KnownWork>,
): Promise<void> {
  for (const id of known.keys()) {
    const state = await redis.hget(keys.work(id), 'state');
    if (state !== null && state !== 'cancelled' && state !== 'failed' && state !== 'finished') continue;
    known.delete(id);
    for (const [job, work] of atWork) if (work === id) worker.cancelJob(job, 'cancelled');
  }
}

function wordsOf(error: unknown): { readonly message: Localized; readonly hint: Localized | null } {
  if (error instanceof KorexError) return { message: error.words.message, hint: error.words.hint ?? null };
  return { message: asGiven(error instanceof Error ? error.message : String(error)), hint: null };
}

const abandoned = ({ index }: ShardJob, times: number): Localized => ({
  en: `shard ${index}: its worker was lost${times > 1 ? ` (${times} times now)` : ''}; begun anew here.`,
  ko: `샤드 ${index}: 맡은 워커가 사라졌다${times > 1 ? `(${times}번째)` : ''}. 여기서 새로 시작한다.`,
});
const leaseLost = ({ index }: ShardJob): Localized => ({
  en: `shard ${index}: this worker was away for longer than its lease; its result is not published, another worker has the shard.`,
  ko: `샤드 ${index}: 이 워커가 임대보다 오래 멈춰 있었다. 결과를 내지 않는다. 다른 워커가 맡는다.`,
});
const processLost = ({ index }: ShardJob, { message }: Error): Localized => ({
  en: `shard ${index}: the process that worked on it ended (${message}); it is tried again.`,
  ko: `샤드 ${index}: 처리하던 프로세스가 끝났다(${message}). 다시 한다.`,
});
const failedOnce = ({ index }: ShardJob, { en, ko }: Localized, ms: number): Localized => ({
  en: `shard ${index}: ${en} Tried again in ${(ms / 1000).toFixed(1)} s.`,
  ko: `샤드 ${index}: ${ko} ${(ms / 1000).toFixed(1)}초 뒤에 다시 한다.`,
});
