import { hostname } from 'node:os';
import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import { type Reporter, silentReporter } from '../../../base/core/reporter.ts';
import { DEFAULT_SETTINGS, withSettings } from '../../../base/core/settings.ts';
import { folderWorkSchema, workDifference } from '../../../inference/shards/shardFolder.ts';
import type { Work } from '../../../inference/shards/work.ts';
import type { Call } from '../command.ts';
import { batchShards } from './batchShards.ts';
import { evaluateShards } from './evaluateShards.ts';
import { extractShards } from './extractShards.ts';
import type { ShardCommand } from './shardCommand.ts';

export const SHARD_COMMANDS = {
  batch: batchShards,
  extract: extractShards,
  evaluate: evaluateShards,
} as const satisfies Record<string, ShardCommand>;
export type ShardCommandName = keyof typeof SHARD_COMMANDS;

/** All that a process needs to know to answer shards of a command: JSON, the same for all of them. */
export const shardTaskSchema = z.strictObject({
  command: z.enum(['batch', 'extract', 'evaluate']),
  settings: z.record(z.string(), z.unknown()),
  options: z.record(z.string(), z.string()),
  switches: z.array(z.string()),
  out: z.string(),
  work: folderWorkSchema,
  row_seconds: z.number().positive(),
});
export type ShardTask = z.output<typeof shardTaskSchema>;

/** A task as the call that it was made of, for those who open its models. Errors: `usage` for settings that this version does not know. */
export function callOf(task: ShardTask, reporter: Reporter = silentReporter): Call {
  const { settings, options, switches } = task;
  return {
    settings: withSettings(DEFAULT_SETTINGS, settings, 'task'),
    options,
    switches: new Set(switches),
    reporter,
    signal: new AbortController().signal,
  };
}

/** Opens a task's models. Errors: `usage` where those of this machine are others, as far as their answers go. */
export async function openTask(task: ShardTask): Promise<Work> {
  const call = callOf(task);
  const command: ShardCommand = SHARD_COMMANDS[task.command];
  const difference = workDifference(task.work, await command.work(call));
  if (difference !== null)
    throw usageError(
      {
        en: `${hostname()} would answer with something else: the task is of ${difference.en}.`,
        ko: `${hostname()}: 맡은 작업과 다르게 답하게 된다. 작업은 ${difference.ko}의 것이다.`,
      },
      {
        en: 'Give all machines the same version of korex and the same models.',
        ko: '모든 컴퓨터에 같은 판의 korex와 같은 모델을 둔다.',
      },
    );
  return command.open(call);
}
