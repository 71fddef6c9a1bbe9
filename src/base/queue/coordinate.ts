import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { KorexError, temporary } from '../core/errors.ts';
import { grouped } from '../core/format.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Localized } from '../core/types.ts';
import { jobId, releaseLease, renewLease } from './keys.ts';
import type { OpenQueue } from './openQueue.ts';
import {
  faultSchema,
  type ShardDone,
  type ShardFailed,
  shardResultSchema,
  type WorkKind,
  type WorkState,
} from './shapes.ts';
import { endWork, listWorkers, removeWaiting } from './works.ts';

/** Something that a queue's workers do, shard by shard. */
export interface Work {
  /** The same for the same output, so that the same command finds what it began. */
  readonly id: string;
  readonly kind: WorkKind;
  /** For people, such as `IN → OUT`. */
  readonly title: string;
  /** What workers need beside the shard: JSON. */
  readonly task: unknown;
  /** Of all shards, and of them those that were done before; null where they are not counted yet. */
  readonly total: number | null;
  readonly doneBefore: number;
  /** Of `total`, those that `shards` left out until now. */
  readonly skipped?: () => number;
  /** The shards that are not done, each taken when the queue has room for it. */
  readonly shards: AsyncIterable<WorkShard>;
  /** Takes note of shards that are done, so that they are never handed out again. Twice the same is possible after a fault. */
  settle(results: readonly SettledShard[]): Promise<void>;
}

export interface WorkShard {
  readonly index: number;
  /** What it is: JSON. */
  readonly item: unknown;
}
export interface SettledShard extends ShardDone {
  readonly index: number;
}

export interface CoordinateOptions {
  /** 1 goes first, 100 last. */
  readonly priority: number;
  /** The most shards that lie in the queue at a time. */
  readonly window?: number;
  /** How long the coordinator's lease lasts without renewal. */
  readonly leaseMs?: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface CoordinateOutcome {
  /** Shards of this coordinator, and their rows. */
  readonly shards: number;
  readonly rows: number;
  readonly rejected: number;
  readonly seconds: number;
  readonly faults: number;
}

const LEASE_MS = 15_000;
/** The window holds so much of the workers' time, in seconds, and shards for each of them. */
const AHEAD_SECONDS = 2;
const AHEAD_SHARDS = 2;
const LEAST_WINDOW = 16;
const MOST_WINDOW = 40_000;
/** Attempts of a shard whose work fails for a reason that may pass. */
export const ATTEMPTS = 20;
const BULK = 500;
const [SHORT_WAIT_MS, LONG_WAIT_MS] = [10, 250];
const RECORD_EVERY_MS = 1_000;
const RECONCILE_EVERY_MS = 5_000;
/** Faults that are said at a time, and kept. */
const [FAULTS_AT_ONCE, KEPT_FAULTS] = [100, 100];
/** Workers are counted so often. */
const WORKERS_EVERY_MS = 2_000;

/**
 * Hands out the shards of a work to the queue's workers, a window of them at a time, and takes note of what comes back until
 * all are done. It may be killed at any time: what is in the queue goes on, and the same work begun again continues.
 *
 * Errors: `temporary` where another coordinator has the work; `failed` where it is cancelled; what a shard says that cannot be
 * done; what interrupted it.
 */
export async function coordinate(queue: OpenQueue, work: Work, options: CoordinateOptions): Promise<CoordinateOutcome> {
  const { redis, keys } = queue;
  const { reporter, signal, leaseMs = LEASE_MS } = options;
  const me = `${hostname()}:${process.pid}:${randomBytes(6).toString('hex')}`;
  await takeLease(queue, work, me, leaseMs, options);
  const began = performance.now();
  const bar = reporter.progress(work.title, Math.max(1, work.total ?? 1), 'shards');
  const feed = work.shards[Symbol.asyncIterator]();
  /** In the queue, or back from it and not settled. */
  const out = new Map<number, WorkShard>();
  /** Taken back in a pause. */
  const returned: WorkShard[] = [];
  const counts = { shards: 0, rows: 0, rejected: 0, faults: 0 };
  let [exhausted, wait, slots] = [false, SHORT_WAIT_MS, 1];
  let [recorded, reconciled, countedWorkers] = [-Infinity, performance.now(), -Infinity];
  let state = 'running' as WorkState;
  const rates = rateOf(began);

  const record = async () => {
    const seconds = (performance.now() - began) / 1000;
    const done = work.doneBefore + (work.skipped?.() ?? 0) + counts.shards;
    const perSecond = rates.shards();
    const progress = {
      ...{ done, total: work.total, rows: counts.rows, rejected: counts.rejected, waiting: out.size },
      ...{ rows_per_second: rates.rows(), shards_per_second: perSecond },
      time_left: work.total === null || perSecond === 0 ? null : (work.total - done) / perSecond,
      ...{ began: Date.now() - Math.round(seconds * 1000), coordinator: me.split(':').slice(0, 2).join(':') },
    };
    bar.update(done, {
      'rows/s': grouped(Math.round(progress.rows_per_second)),
      ...(counts.rejected > 0 && { rejected: grouped(counts.rejected) }),
      workers: String(slots),
    });
    if (!(await renewLease(redis, keys.owner(work.id), me, leaseMs)) && !(await retake(queue, work, me, leaseMs)))
      throw takenOver(work);
    const known = await redis.hget(keys.work(work.id), 'state');
    // Where Redis forgot the work, it is told of it anew.
    state = known === 'paused' || known === 'cancelled' ? known : 'running';
    await writeRecord(queue, work, { state, progress, priority: null });
  };

  const hand = async (shards: readonly WorkShard[]) => {
    const priority = Number(await redis.hget(keys.work(work.id), 'priority')) || options.priority;
    await queue.jobs.addBulk(
      shards.map(({ index, item }) => ({
        name: work.kind,
        data: { work: work.id, index, item, lost: 0 },
        opts: {
          ...{ jobId: jobId(work.id, index), priority, attempts: ATTEMPTS, backoff: { type: 'custom' } },
          ...{ removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
        },
      })),
    );
    for (const shard of shards) out.set(shard.index, shard);
  };

  const next = async (most: number): Promise<WorkShard[]> => {
    const shards = returned.splice(0, most);
    while (shards.length < most && !exhausted) {
      const { value, done } = await feed.next();
      if (done) exhausted = true;
      else shards.push(value);
    }
    return shards;
  };

  try {
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      if (now - recorded >= RECORD_EVERY_MS) {
        await record();
        recorded = now;
        counts.faults += await sayFaults(queue, work, reporter);
        if (state === 'cancelled') throw cancelled(work);
        if (state === 'paused' && out.size > 0) {
          await removeWaiting(queue, work.id);
          const left = await missing(queue, work, out);
          returned.push(...left);
          for (const { index } of left) out.delete(index);
        }
      }
      if (now - countedWorkers >= WORKERS_EVERY_MS) {
        slots = (await listWorkers(queue)).reduce((sum, worker) => sum + worker.slots, 0);
        if (slots === 0 && countedWorkers === -Infinity) reporter.info(noWorkers(queue));
        countedWorkers = now;
      }
      const results = await redis.hgetall(keys.results(work.id));
      const fields = Object.keys(results);
      const back: SettledShard[] = [];
      for (const field of fields) {
        const result = shardResultSchema.parse(JSON.parse(results[field]!));
        if (result.status === 'failed') throw shardFailed(work, Number(field), result);
        back.push({ ...result, index: Number(field) });
      }
      // What was settled before and came back after a fault is settled again, which is harmless, and not counted.
      await work.settle(back);
      if (fields.length > 0) await redis.hdel(keys.results(work.id), ...fields);
      for (const { index, rows, rejected } of back) {
        if (!out.delete(index)) continue;
        counts.shards++;
        counts.rows += rows;
        counts.rejected += rejected;
        rates.add(rows);
      }
      const window = options.window ?? windowOf(slots, rates.shards());
      if (state === 'running' && out.size < window) {
        const shards = await next(Math.min(BULK, window - out.size));
        if (shards.length > 0) {
          await hand(shards);
          wait = SHORT_WAIT_MS;
          continue;
        }
      }
      if (exhausted && out.size === 0 && returned.length === 0) break;
      if (now - reconciled >= RECONCILE_EVERY_MS) {
        // A Redis that was killed may have lost its last second.
        const lost = await missing(queue, work, out);
        if (lost.length > 0) {
          reporter.warn(forgotten(queue, lost.length));
          counts.faults++;
          await hand(lost);
        }
        reconciled = now;
      }
      wait = fields.length > 0 ? SHORT_WAIT_MS : Math.min(LONG_WAIT_MS, wait * 1.5);
      await pause(wait, undefined, { signal });
    }
    counts.faults += await sayFaults(queue, work, reporter);
    await record();
    await endWork(queue, work.id, 'finished');
  } catch (error) {
    const end = endOf(error, signal);
    // Redis may be what fails: the first error says more.
    if (end === 'stopped') await stopWork(queue, work, me).catch(() => {});
    else if (end !== null) await endWork(queue, work.id, end).catch(() => {});
    throw error;
  } finally {
    bar.end();
    await releaseLease(redis, keys.owner(work.id), me).catch(() => {});
  }
  return { ...counts, seconds: (performance.now() - began) / 1000 };
}

/** How a work ends whose coordinator got an error; null where another one has it. */
function endOf(error: unknown, signal: AbortSignal): 'stopped' | 'cancelled' | 'failed' | null {
  if (signal.aborted) return 'stopped';
  if (error instanceof TakenOver) return null;
  if (error instanceof Cancelled) return 'cancelled';
  return 'failed';
}

async function stopWork(queue: OpenQueue, work: Work, me: string): Promise<void> {
  const { redis, keys } = queue;
  if ((await redis.get(keys.owner(work.id))) !== me) return;
  await redis.hset(keys.work(work.id), 'state', 'stopped');
  await removeWaiting(queue, work.id);
}

const windowOf = (slots: number, shardsPerSecond: number): number =>
  Math.min(
    MOST_WINDOW,
    Math.max(LEAST_WINDOW, Math.ceil(AHEAD_SHARDS * slots), Math.ceil(AHEAD_SECONDS * shardsPerSecond)),
  );

/** Rates of the last ten seconds or so, so that they follow workers who come and go. */
function rateOf(began: number) {
  const marks: { readonly at: number; readonly shards: number; readonly rows: number }[] = [
    { at: began, shards: 0, rows: 0 },
  ];
  const total = { shards: 0, rows: 0 };
  const since = () => {
    const now = performance.now();
    if (now - marks.at(-1)!.at > 1_000) marks.push({ at: now, ...total });
    while (marks.length > 2 && now - marks[1]!.at > 10_000) marks.shift();
    const { at, shards, rows } = marks[0]!;
    const seconds = Math.max(0.001, (now - at) / 1000);
    return { shards: (total.shards - shards) / seconds, rows: (total.rows - rows) / seconds };
  };
  return {
    add(rows: number) {
      total.shards++;
      total.rows += rows;
    },
    shards: () => since().shards,
    rows: () => since().rows,
  };
}

/** Shards that are neither in the queue nor back from it. */
async function missing(queue: OpenQueue, work: Work, out: ReadonlyMap<number, WorkShard>): Promise<WorkShard[]> {
  const { redis, keys } = queue;
  const shards = [...out.values()];
  const lost: WorkShard[] = [];
  for (let from = 0; from < shards.length; from += BULK) {
    const part = shards.slice(from, from + BULK);
    // The job first: one that ends in between has left its result.
    const jobs = redis.pipeline();
    for (const { index } of part) jobs.exists(keys.job(jobId(work.id, index)));
    const found = (await jobs.exec()) ?? [];
    const absent = part.filter((_, i) => found[i]?.[1] === 0);
    if (absent.length === 0) continue;
    const back = await redis.hmget(keys.results(work.id), ...absent.map(({ index }) => String(index)));
    lost.push(...absent.filter((_, i) => back[i] === null));
  }
  return lost;
}

async function takeLease(
  queue: OpenQueue,
  work: Work,
  me: string,
  leaseMs: number,
  { priority, reporter, signal }: CoordinateOptions,
): Promise<void> {
  const { redis, keys } = queue;
  const since = performance.now();
  for (let said = false; (await redis.set(keys.owner(work.id), me, 'PX', leaseMs, 'NX')) === null; ) {
    const holder = await redis.get(keys.owner(work.id));
    // A killed coordinator's lease runs out; that of one at work is renewed.
    if (performance.now() - since > 1.5 * leaseMs) throw held(work, holder);
    if (holder !== null && !said) {
      reporter.info(waitingForLease(work, holder));
      said = true;
    }
    await pause(Math.min(500, leaseMs / 4), undefined, { signal });
  }
  await writeRecord(queue, work, { state: 'running', progress: null, priority });
}

/** Takes a lease again that Redis forgot; false where somebody else has it. */
const retake = async ({ redis, keys }: OpenQueue, { id }: Work, me: string, leaseMs: number): Promise<boolean> =>
  (await redis.set(keys.owner(id), me, 'PX', leaseMs, 'NX')) === 'OK';

async function writeRecord(
  { redis, keys }: OpenQueue,
  { id, kind, title, task }: Work,
  { state, progress, priority }: { state: WorkState; progress: unknown; priority: number | null },
): Promise<void> {
  await redis
    .multi()
    .sadd(keys.works, id)
    .persist(keys.works)
    .hset(keys.work(id), {
      ...{ kind, title, state, task: JSON.stringify(task) },
      ...(progress !== null && { progress: JSON.stringify(progress) }),
      ...(priority !== null && { priority }),
    })
    .hsetnx(keys.work(id), 'priority', priority ?? 50)
    .persist(keys.work(id))
    .exec();
}

/** Says what workers have told of since, and counts it. */
async function sayFaults({ redis, keys }: OpenQueue, { id }: Work, reporter: Reporter): Promise<number> {
  const fresh = (await redis.lpop(keys.freshFaults(id), FAULTS_AT_ONCE)) ?? [];
  if (fresh.length === 0) return 0;
  for (const text of fresh) {
    const fault = faultSchema.safeParse(JSON.parse(text));
    if (fault.success) reporter.warn(faultLine(fault.data));
  }
  await redis
    .multi()
    .lpush(keys.faults(id), ...fresh)
    .ltrim(keys.faults(id), 0, KEPT_FAULTS - 1)
    .exec();
  return fresh.length;
}

const faultLine = ({ worker, message }: { worker: string; message: Localized }): Localized => ({
  en: `${worker}: ${message.en}`,
  ko: `${worker}: ${message.ko}`,
});

class TakenOver extends KorexError {}
class Cancelled extends KorexError {}

const takenOver = ({ title }: Work) =>
  new TakenOver(
    'temporary',
    {
      en: `${title}: another coordinator has taken over, since this one was not heard of for too long.`,
      ko: `${title}: 이 코디네이터의 소식이 오래 끊겨 다른 코디네이터가 넘겨받았다.`,
    },
    {
      en: 'Nothing is lost: that one goes on. Watch it with korex work.',
      ko: '잃은 것은 없고 그쪽이 이어 간다. korex work로 볼 수 있다.',
    },
  );
const cancelled = ({ title }: Work) =>
  new Cancelled(
    'failed',
    { en: `${title} was cancelled.`, ko: `${title}: 취소되었다.` },
    {
      en: 'What is done is kept: the same command goes on from there.',
      ko: '끝난 것은 남아 있다. 같은 명령이 거기서 이어 간다.',
    },
  );
const held = ({ title }: Work, holder: string | null) =>
  temporary(
    {
      en: `${title} is the work of another coordinator${holder === null ? '' : ` (${nameOf(holder)})`}.`,
      ko: `${title}: 다른 코디네이터${holder === null ? '' : `(${nameOf(holder)})`}가 하고 있다.`,
    },
    {
      en: 'Wait until it has finished, watch it with korex work, or write to another output.',
      ko: '끝날 때까지 기다리거나, korex work로 보거나, 다른 곳에 쓴다.',
    },
  );
const nameOf = (holder: string): string => {
  const [host, pid] = holder.split(':');
  return `${host}, ${pid}`;
};
const waitingForLease = ({ title }: Work, holder: string): Localized => ({
  en: `${title}: a coordinator (${nameOf(holder)}) had this work; waiting until its lease runs out.`,
  ko: `${title}: 다른 코디네이터(${nameOf(holder)})의 작업이다. 그 임대가 끝나기를 기다린다.`,
});
const noWorkers = ({ address }: OpenQueue): Localized => ({
  en: `No worker is there yet: korex worker --queue ${address.shown} starts one, on any machine.`,
  ko: `아직 워커가 없다. 어느 컴퓨터에서든 korex worker --queue ${address.shown}로 띄운다.`,
});
const forgotten = ({ address }: OpenQueue, count: number): Localized => ({
  en: `${address.shown} has forgotten ${count} shards that were handed out: they are handed out again.`,
  ko: `${address.shown}: 나누어 준 샤드 ${grouped(count)}개를 잊었다. 다시 나누어 준다.`,
});

function shardFailed({ title }: Work, index: number, { kind, message, hint }: ShardFailed): KorexError {
  const words: Localized = {
    en: `${title}, shard ${index}: ${message.en}`,
    ko: `${title}, 샤드 ${index}: ${message.ko}`,
  };
  return new KorexError(kind, words, hint ?? undefined);
}
