import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Localized } from '../../../base/core/types.ts';
import { childRunner } from '../../../base/queue/childRunner.ts';
import type { OpenedWork, Runner, ShardContext } from '../../../base/queue/runner.ts';
import type { ShardDone } from '../../../base/queue/shapes.ts';
import { schemeOf } from '../../../base/storage/storageOf.ts';
import { poisonSchema, type ShardRecord, shardAnswersSchema } from '../../../inference/shards/record.ts';
import { type Shard, shardSchema } from '../../../inference/shards/shard.ts';
import {
  openShardFolder,
  publishShard,
  readCut,
  readRecord,
  type ShardFolder,
} from '../../../inference/shards/shardFolder.ts';
import { type Supervised, superviseShard } from '../../../inference/shards/superviseShard.ts';
import type { Spool, Work } from '../../../inference/shards/work.ts';
import { openTask, type ShardTask, shardTaskSchema } from './shardTask.ts';

/** A shard to answer into files of this machine, by a process that may end over it. */
const attemptSchema = z.strictObject({
  shard: shardSchema,
  spool: z.strictObject({ out: z.string(), rejects: z.string() }),
  poison: z.array(poisonSchema),
  only: z.tuple([z.int(), z.int()]).optional(),
  careful: z.boolean(),
});
type Attempt = z.output<typeof attemptSchema>;

const itemSchema = z.union([attemptSchema, shardSchema]);

/** The program that answers shards for a process that must not end with it. */
const ENTRY = fileURLToPath(
  new URL(`./shardProcess${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/** One process beside this one that answers shards. */
export const shardProcess = (): Runner => childRunner(ENTRY, 1);

/** What `serveShards` runs: shards as a queue hands them out, which are published, and attempts, which are not. */
export async function openShardWork(given: unknown): Promise<OpenedWork> {
  const task = shardTaskSchema.parse(given);
  // Rows that ended a process are better answered in another one: this one has no need of models then.
  const work = untilItWorks(() => openTask(task));
  const folderOnce = untilItWorks(() => folderOf(task));
  return {
    async run(item, context) {
      const parsed = itemSchema.parse(item);
      if ('spool' in parsed) return attempt(await work(), parsed, context);
      const folder = await folderOnce();
      // Whoever published it was lost before the queue heard of it.
      const there = await readRecord(folder, parsed);
      if (there?.work === folder.digest && there.shard.version === parsed.version) return doneOf(there);
      const began = performance.now();
      return withSpool(folder, async (spool) => {
        const supervised = context.suspect
          ? await inProcess(parsed, spool, task, {
              say: (message) => console.error(message.en),
              signal: context.signal,
            })
          : { answers: await answered(await work(), parsed, spool, context), poison: [], attempts: 1 };
        const record = recordOf(folder, parsed, supervised, (performance.now() - began) / 1000);
        await publishShard(folder, record, spool, () => context.fence());
        return doneOf(record);
      });
    },
    close: async () => (await work.made())?.release(),
  };
}

const doneOf = (record: ShardRecord): ShardDone => ({
  ...{ status: 'done', rows: record.rows, rejected: record.rejected, seconds: record.seconds, facts: record },
});

/** Makes a value when it is first asked for, and again where that failed: the reason may pass. */
function untilItWorks<Value>(make: () => Promise<Value>) {
  let making: Promise<Value> | null = null;
  const get = () => {
    making ??= make().catch((error: unknown) => {
      making = null;
      throw error;
    });
    return making;
  };
  return Object.assign(get, { made: async (): Promise<Value | null> => making });
}

async function folderOf(task: ShardTask): Promise<ShardFolder> {
  const cut = await readCut(task.out);
  if (cut === null) throw new Error(`${task.out} has no cut.`);
  return openShardFolder(task.out, cut, task.work, false);
}

const answered = (work: Work, shard: Shard, spool: Spool, context: ShardContext) =>
  work.answer(shard, spool, {
    poison: [],
    signal: context.signal,
    ...(context.progress && { onProgress: context.progress }),
  });

async function attempt(
  work: Work,
  { shard, spool, only, ...rest }: Attempt,
  context: ShardContext,
): Promise<ShardDone> {
  const answers = await work.answer(shard, spool, {
    ...rest,
    ...(only && { only }),
    ...(context.progress && { onProgress: context.progress }),
    signal: context.signal,
  });
  return { status: 'done', rows: answers.rows, rejected: answers.rejected, seconds: 0, facts: answers };
}

export interface InProcessOptions {
  readonly say: (message: Localized) => void;
  readonly signal: AbortSignal;
  /** A process to use; one of its own, which ends with the shard, without it. */
  readonly runner?: Runner;
}

/** Answers a shard in a process of its own, by halves where that ends over it. Errors: those of `superviseShard`. */
export async function inProcess(
  shard: Shard,
  spool: Spool,
  task: ShardTask,
  { say, signal, runner }: InProcessOptions,
): Promise<Supervised> {
  const used = runner ?? shardProcess();
  try {
    return await superviseShard(shard, spool, {
      ...{ rowSeconds: task.row_seconds, say, signal },
      async answer(asked, files, { poison, only, careful = false, onProgress, signal }) {
        const item: Attempt = {
          shard: asked,
          spool: files,
          poison: [...poison],
          careful,
          ...(only && { only: [...only] }),
        };
        const run = { work: '', index: asked.index, kind: task.command, task, item, lost: 0 };
        const context = {
          ...{ worker: '', suspect: false, fence: async () => {}, signal },
          ...(onProgress && { progress: onProgress }),
        };
        return shardAnswersSchema.parse((await used.run(run, context)).facts);
      },
    });
  } finally {
    if (!runner) await used.close();
  }
}

/** Hidden, so that nobody takes it for results. */
export const SPOOL_PREFIX = '.korex-spool-';

/** Files beside the results where these are on this machine, so that they take their places by a name alone. */
export async function withSpool<Result>(
  { out }: Pick<ShardFolder, 'out'>,
  work: (spool: Spool) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(schemeOf(out) === null ? out : tmpdir(), SPOOL_PREFIX));
  try {
    return await work({ out: join(folder, 'out'), rejects: join(folder, 'rejects') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const recordOf = (
  { digest }: ShardFolder,
  shard: Shard,
  { answers, poison, attempts }: Supervised,
  seconds: number,
): ShardRecord => ({
  ...{ shard, work: digest, ...answers, poison: [...poison], attempts },
  ...{ seconds: Math.round(seconds * 1000) / 1000, worker: `${hostname()}:${process.pid}` },
});
