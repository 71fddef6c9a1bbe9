import { inBoth, type KorexError, temporary } from '../../../base/core/errors.ts';
import { counted, duration, grouped } from '../../../base/core/format.ts';
import type { Runner } from '../../../base/queue/runner.ts';
import type { Cut } from '../../../inference/shards/cut.ts';
import { finishedRecord } from '../../../inference/shards/finished.ts';
import type { ShardRecord } from '../../../inference/shards/record.ts';
import type { Shard } from '../../../inference/shards/shard.ts';
import {
  noteInManifest,
  openShardFolder,
  publishShard,
  type ShardFolder,
  settleCut,
} from '../../../inference/shards/shardFolder.ts';
import type { Call, CommandResult } from '../command.ts';
import { inProcess, recordOf, shardProcess, withSpool } from './answerShard.ts';
import type { ShardCommand } from './shardCommand.ts';
import { rowSecondsOf, type Share, shardBytesOf } from './shardOptions.ts';
import { SHARD_COMMANDS, type ShardCommandName, type ShardTask } from './shardTask.ts';

/** A folder of shards made ready for a command, and the shards of it that are to be answered. */
export interface PreparedShards {
  readonly folder: ShardFolder;
  readonly cut: Cut;
  readonly task: ShardTask;
  /** All shards, each with its record where it is finished. */
  shards(): AsyncGenerator<{ readonly shard: Shard; readonly finished: ShardRecord | null }>;
}

/**
 * Cuts a command's input, or finds it cut, and opens the folder of its shards. Nothing is answered, and no model opened.
 *
 * @param parts so many shards at least, where the input is large enough
 * @param share only the shards of one task; all without it
 * Errors: `usage` where the input, or what is in the folder, does not fit.
 */
export async function prepareShards(
  name: ShardCommandName,
  call: Call,
  parts: number,
  share: Share = { task: 0, of: 1 },
): Promise<PreparedShards> {
  const { settings, options, switches } = call;
  const command: ShardCommand = SHARD_COMMANDS[name];
  const source = await command.source(call);
  const { out } = source;
  const cut = await settleCut(out, (size) => source.plan(size, parts), {
    shardBytes: shardBytesOf(options),
    replace: false,
  });
  const work = await command.work(call);
  const folder = await openShardFolder(out, cut, work, settings.force);
  const task: ShardTask = {
    ...{ command: name, settings: { ...settings }, options: definedOnly(options), switches: [...(switches ?? [])] },
    ...{ out, work, row_seconds: rowSecondsOf(options) },
  };
  return {
    ...{ folder, cut, task },
    async *shards() {
      for await (const shard of source.shards(cut))
        if (shard.index % share.of === share.task)
          yield { shard, finished: await finishedRecord(folder, shard, source.columns) };
    },
  };
}

const definedOnly = (options: Call['options']): Record<string, string> =>
  Object.fromEntries(Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Answers the shards that one task of an array job has, each in a process that may end over it. */
export async function runShare(name: ShardCommandName, call: Call, share: Share): Promise<CommandResult> {
  const { reporter, signal, settings } = call;
  const { folder, cut, task, shards } = await prepareShards(name, call, share.of, share);
  const counts = { shards: 0, skipped: 0, rows: 0, rejected: 0, poison: 0 };
  const began = performance.now();
  const own = Math.max(0, Math.ceil((cut.shards - share.task) / share.of));
  const bar = reporter.progress(`${name} ${share.task + 1}/${share.of}`, Math.max(1, own), 'shards');
  let runner: Runner | null = null;
  try {
    for await (const { shard, finished } of shards()) {
      signal.throwIfAborted();
      if (finished === null) {
        runner ??= shardProcess();
        const record = await answerOne(folder, shard, task, { call, runner });
        counts.shards++;
        counts.rows += record.rows;
        counts.rejected += record.rejected;
        counts.poison += record.poison.length;
      } else counts.skipped++;
      bar.update(counts.shards + counts.skipped);
    }
  } catch (error) {
    if (signal.aborted) throw interrupted(counts.shards);
    throw error;
  } finally {
    bar.end();
    await runner?.close();
  }
  const seconds = (performance.now() - began) / 1000;
  const text = inBoth((lang) => {
    const { shards: answered, skipped, rows, rejected, poison } = counts;
    const took = duration(seconds);
    return lang === 'ko'
      ? `몫 ${share.task + 1}/${share.of}: 샤드 ${grouped(own)}개(전체 ${grouped(cut.shards)}개) 가운데 ${grouped(answered)}개에 답했고 ${grouped(skipped)}개는 끝나 있었다. ${grouped(rows)}행, 답하지 못한 행 ${grouped(rejected)}개${poison > 0 ? `(프로세스를 끝내거나 시간을 넘긴 행 ${poison}개)` : ''}; ${took}\n\n${folder.out}`
      : `Share ${share.task + 1}/${share.of}: of ${counted(own, 'shard')} (${grouped(cut.shards)} in all) ${grouped(answered)} answered, ${grouped(skipped)} finished before; ${counted(rows, 'row')}, ${grouped(rejected)} rejected${poison > 0 ? ` (${poison} ended a process or took too long)` : ''}; ${took}\n\n${folder.out}`;
  });
  return {
    text: text[settings.lang],
    json: { out: folder.out, shard: share.task + 1, of: share.of, in_all: cut.shards, ...counts, seconds },
  };
}

async function answerOne(
  folder: ShardFolder,
  shard: Shard,
  task: ShardTask,
  { call, runner }: { readonly call: Call; readonly runner: Runner },
): Promise<ShardRecord> {
  const began = performance.now();
  return withSpool(folder, async (spool) => {
    const supervised = await inProcess(shard, spool, task, { say: call.reporter.warn, signal: call.signal, runner });
    const record = recordOf(folder, shard, supervised, (performance.now() - began) / 1000);
    await publishShard(folder, record, spool);
    await noteInManifest(folder, record);
    return record;
  });
}

/** A task that is stopped from outside may go on anywhere. */
const interrupted = (shards: number): KorexError =>
  temporary(
    { en: `Interrupted after ${counted(shards, 'shard')}.`, ko: `샤드 ${grouped(shards)}개 뒤에 중단했다.` },
    {
      en: 'They are kept: the same command goes on from there.',
      ko: '그 샤드는 남아 있다. 같은 명령이 거기서 이어 간다.',
    },
  );
