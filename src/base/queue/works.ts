import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { temporary, usageError } from '../core/errors.ts';
import type { OpenQueue } from './openQueue.ts';
import {
  faultSchema,
  jobSchema,
  WORK_KINDS,
  WORK_STATES,
  type WorkerSummary,
  type WorkState,
  type WorkSummary,
  workerSchema,
  workProgressSchema,
} from './shapes.ts';

/** Priorities: 1 goes first. */
export const PRIORITIES = { first: 1, usual: 50, last: 100 } as const;

/** How long a finished work is still shown, in seconds. */
const SHOWN_FOR = 600;
/** Faults shown of a work. */
const SHOWN_FAULTS = 20;

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z.string().transform((text, context): z.output<Schema> => {
    const parsed = schema.safeParse(parseOr(text));
    if (parsed.success) return parsed.data;
    context.addIssue('unreadable');
    return z.NEVER;
  });

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const recordSchema = z.object({
  kind: z.enum(WORK_KINDS),
  title: z.string(),
  state: z.enum(WORK_STATES),
  priority: z.coerce.number().int().min(PRIORITIES.first).max(PRIORITIES.last),
  progress: json(workProgressSchema).nullable().default(null),
});

/** All works of a queue, those that go first before the others; records that this version cannot read are left out. */
export async function listWorks({ redis, keys }: OpenQueue): Promise<WorkSummary[]> {
  const ids = (await redis.smembers(keys.works)).sort();
  const found = await Promise.all(
    ids.map(async (id): Promise<WorkSummary[]> => {
      const record = await redis.hgetall(keys.work(id));
      // Kept for a while after its end, then gone by itself.
      if (Object.keys(record).length === 0) {
        await redis.srem(keys.works, id);
        return [];
      }
      const parsed = recordSchema.safeParse(record);
      if (!parsed.success) return [];
      const faults = await redis.lrange(keys.faults(id), 0, SHOWN_FAULTS - 1);
      const owned = (await redis.exists(keys.owner(id))) === 1;
      const { state, ...rest } = parsed.data;
      // A coordinator that was killed says nothing itself.
      const shown = !owned && (state === 'running' || state === 'paused') ? 'stopped' : state;
      return [
        {
          id,
          ...rest,
          state: shown,
          faults: faults.flatMap((text) => faultSchema.safeParse(parseOr(text)).data ?? []),
        },
      ];
    }),
  );
  return found.flat().sort((a, b) => a.priority - b.priority);
}

/** Workers that were heard of within the last seconds. */
export async function listWorkers({ redis, keys }: OpenQueue): Promise<WorkerSummary[]> {
  const ids = (await redis.smembers(keys.workers)).sort();
  if (ids.length === 0) return [];
  const records = await redis.mget(ids.map(keys.worker));
  const gone = ids.filter((_, i) => records[i] === null);
  if (gone.length > 0) await redis.srem(keys.workers, ...gone);
  return records.flatMap((text) => (text === null ? [] : (workerSchema.safeParse(parseOr(text)).data ?? [])));
}

/** Jobs of the queue by state, of all works. */
const jobCounts = ({ jobs }: OpenQueue): Promise<Record<string, number>> =>
  jobs.getJobCounts('active', 'waiting', 'prioritized', 'delayed');

/** What of a work may be changed, and from which states. */
export type WorkOrder = 'pause' | 'resume' | 'cancel';
const ORDERS: Readonly<Record<WorkOrder, { readonly from: readonly WorkState[]; readonly to: WorkState }>> = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['running', 'paused', 'stopped'], to: 'cancelled' },
};

/**
 * Pauses, resumes or cancels a work. Shards at work are finished in a pause, and given up by a cancellation.
 *
 * Errors: `usage` where there is no such work, or its state is another.
 */
export async function orderWork(queue: OpenQueue, id: string, order: WorkOrder): Promise<WorkSummary> {
  const work = await workOf(queue, id);
  const { from, to } = ORDERS[order];
  if (!from.includes(work.state))
    throw usageError(
      { en: `Work ${work.id} is ${work.state}.`, ko: `작업 ${work.id}의 상태가 ${STATE_WORDS[work.state]}이다.` },
      {
        en: `${order} is for a work that is ${from.join(' or ')}.`,
        ko: `${order}는 상태가 ${from.map((state) => STATE_WORDS[state]).join(', ')}인 작업에 쓴다.`,
      },
    );
  const { redis, keys } = queue;
  await redis.hset(keys.work(work.id), 'state', to);
  if (to !== 'running') await removeWaiting(queue, work.id);
  // Nobody else would end it.
  if (to === 'cancelled' && work.state === 'stopped') await endWork(queue, work.id, 'cancelled');
  return { ...work, state: to };
}

/** Korean words of the states. */
export const STATE_WORDS: Readonly<Record<WorkState, string>> = {
  ...{ running: '진행 중', paused: '멈춤', stopped: '중단됨', finished: '끝남', failed: '실패', cancelled: '취소됨' },
};

/** Lets a work go before others or after them, from its next shards on. */
export async function prioritize(queue: OpenQueue, id: string, priority: number): Promise<WorkSummary> {
  const work = await workOf(queue, id);
  await queue.redis.hset(queue.keys.work(work.id), 'priority', priority);
  return { ...work, priority };
}

/** A work by its name or the beginning of it. */
async function workOf(queue: OpenQueue, id: string): Promise<WorkSummary> {
  const works = await listWorks(queue);
  const found = works.filter((work) => work.id.startsWith(id));
  if (found.length === 1) return found[0]!;
  const names = works.map((work) => work.id).join(', ') || '–';
  throw usageError(
    found.length === 0
      ? { en: `There is no work ${id}.`, ko: `${id}: 그런 작업이 없다.` }
      : {
          en: `${id} begins the names of ${found.length} works.`,
          ko: `${id}: 이름이 이렇게 시작하는 작업이 ${found.length}개이다.`,
        },
    { en: `The queue has: ${names}.`, ko: `대기열에 있는 작업: ${names}` },
  );
}

/** Takes back what no worker has begun. */
export async function removeWaiting({ jobs }: OpenQueue, id: string): Promise<void> {
  for (const job of await jobs.getJobs(['waiting', 'prioritized', 'delayed'])) {
    const parsed = jobSchema.safeParse(job?.data);
    // Whoever has begun it meanwhile holds its lock, and finishes it.
    if (parsed.data?.work === id) await job.remove().catch(() => {});
  }
}

/** Removes what a work has in the queue; how it ended is shown for a few minutes more. */
export async function endWork(queue: OpenQueue, id: string, state: WorkState): Promise<void> {
  const { redis, keys } = queue;
  await removeWaiting(queue, id);
  await redis
    .multi()
    .hset(keys.work(id), 'state', state)
    .hdel(keys.work(id), 'task')
    .expire(keys.work(id), SHOWN_FOR)
    .expire(keys.faults(id), SHOWN_FOR)
    .expire(keys.works, SHOWN_FOR)
    .del(keys.results(id), keys.freshFaults(id))
    .exec();
  await sweep(queue);
}

/** Removes BullMQ's counters from a queue on which nobody works, so that nothing of it stays. */
export async function sweep(queue: OpenQueue): Promise<void> {
  const works = await listWorks(queue);
  const live = works.some(({ state }) => state === 'running' || state === 'paused' || state === 'stopped');
  if (!live && (await listWorkers(queue)).length === 0) await queue.jobs.obliterate({ force: true });
}

/** All that is shown of a queue. */
export interface QueueState {
  /** Its address, without the password. */
  readonly queue: string;
  readonly works: readonly WorkSummary[];
  readonly workers: readonly WorkerSummary[];
  /** Jobs by state. */
  readonly jobs: Readonly<Record<string, number>>;
}

export async function queueState(queue: OpenQueue): Promise<QueueState> {
  const [works, workers, jobs] = await Promise.all([listWorks(queue), listWorkers(queue), jobCounts(queue)]);
  return { queue: queue.address.shown, works, workers, jobs };
}

/** How long people wait to see a queue whose Redis is away. */
const PATIENCE_MS = 3_000;

/** `queueState` for those who would rather hear that Redis is away than wait. Errors: `temporary`. */
export async function queueStateNow(queue: OpenQueue): Promise<QueueState> {
  const late = new AbortController();
  const isLate = pause(PATIENCE_MS, null, { signal: late.signal }).catch(() => null);
  try {
    const state = await Promise.race([queueState(queue), isLate]);
    if (state !== null) return state;
  } finally {
    late.abort();
  }
  const { shown } = queue.address;
  throw temporary(
    { en: `${shown} does not answer.`, ko: `${shown}에서 답이 없다.` },
    { en: 'What is at work goes on when it is back.', ko: '다시 닿으면 하던 일을 이어 간다.' },
  );
}
