import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { inBoth } from '../../../base/core/errors.ts';
import { sha256 } from '../../../base/core/files.ts';
import { counted, duration, grouped } from '../../../base/core/format.ts';
import { checkFree } from '../../../base/core/outputs.ts';
import { endingOf } from '../../../base/data/formats/table.ts';
import { coordinate } from '../../../base/queue/coordinate.ts';
import { schemeOf } from '../../../base/storage/storageOf.ts';
import { GRAPH_FORMATS } from '../../../inference/extract/writers/table.ts';
import { shardRecordSchema } from '../../../inference/shards/record.ts';
import { noteInManifest, type ShardFolder } from '../../../inference/shards/shardFolder.ts';
import { poisonWords } from '../../../inference/shards/superviseShard.ts';
import type { Call, CommandResult } from '../command.ts';
import { priorityOf, withQueue } from '../queueOptions.ts';
import { mergeEvaluation } from './mergeEvaluation.ts';
import { mergeTo } from './mergeTo.ts';
import { prepareShards } from './runShare.ts';
import type { ShardCommandName } from './shardTask.ts';

/** A file is cut into so many shards at least, so that a few machines have something to do. */
const LEAST_SHARDS = 64;

/**
 * Leaves the shards of a command to a queue's workers, takes note of what they came to, and waits until all are done. Nothing is
 * computed here: inputs and outputs are where workers and this machine alike find them. An output that is a file is merged
 * from the shards in a folder beside it, which then goes.
 */
export async function runOnQueue(name: ShardCommandName, given: Call): Promise<CommandResult> {
  const file = fileOf(name, given);
  if (file !== null && schemeOf(file) === null) await checkFree(file, false, given.settings.force);
  const call = forWorkers(given, file);
  const { reporter, signal, settings } = call;
  const priority = priorityOf(given.options.priority);
  return withQueue(given, async (queue) => {
    const { folder, cut, task, shards } = await prepareShards(name, call, LEAST_SHARDS);
    const counts = { skipped: 0, poison: 0 };
    const outcome = await coordinate(
      queue,
      {
        // One output has one coordinator, whatever it is asked to do.
        id: sha256(`shards ${folder.out}`).slice(0, 12),
        ...{ kind: name, title: `${given.options.input ?? settings.data} → ${folder.out}`, task },
        ...{ total: cut.shards, doneBefore: 0 },
        shards: (async function* () {
          for await (const { shard, finished } of shards())
            if (finished === null) yield { index: shard.index, item: shard };
            else counts.skipped++;
        })(),
        async settle(results) {
          for (const { facts } of results) {
            const record = shardRecordSchema.parse(facts);
            for (const row of record.poison) reporter.warn(poisonWords(record.shard, row));
            counts.poison += record.poison.length;
            await noteInManifest(folder, record);
          }
        },
        skipped: () => counts.skipped,
      },
      { priority, reporter, signal },
    );
    const { shards: answered, rows, rejected, seconds, faults } = outcome;
    const { skipped, poison } = counts;
    // Figures are of all shards: the files and the words of one run over the whole set.
    if (name === 'evaluate') return mergeEvaluation(call, folder, dirname(folder.out));
    const merged = file === null ? null : await mergeTo(call, folder, file);
    if (merged) await removeShards(folder);
    const out = merged?.out ?? folder.out;
    const text = inBoth((lang) =>
      lang === 'ko'
        ? `샤드 ${grouped(cut.shards)}개 가운데 ${grouped(answered)}개에 답했고 ${grouped(skipped)}개는 끝나 있었다. ${grouped(rows)}행, 답하지 못한 행 ${grouped(rejected)}개${poison > 0 ? `(프로세스를 끝내거나 시간을 넘긴 행 ${poison}개)` : ''}; ${duration(seconds)}\n\n${out}`
        : `${counted(cut.shards, 'shard')}: ${grouped(answered)} answered, ${grouped(skipped)} finished before; ${counted(rows, 'row')}, ${grouped(rejected)} rejected${poison > 0 ? ` (${poison} ended a process or took too long)` : ''}; ${duration(seconds)}\n\n${out}`,
    );
    return {
      text: text[settings.lang],
      json: {
        out,
        rejects: merged?.rejects ?? null,
        in_all: cut.shards,
        shards: answered,
        skipped,
        rows,
        rejected,
        poison,
        faults,
        seconds,
      },
    };
  });
}

/** Options that are paths, or may be where a file of that name is here: workers run elsewhere, in other folders. */
const PATHS = ['input', 'output', 'priors', 'model', 'entityModel'] as const;

/** The file that the output is to be; null where it is a folder of shards. */
function fileOf(name: ShardCommandName, { options: { output = '' } }: Call): string | null {
  const ending = endingOf(output);
  const endings: readonly string[] =
    name === 'extract' ? GRAPH_FORMATS.map(({ extension }) => extension) : ['.jsonl', '.csv'];
  if (!endings.includes(ending)) return null;
  return wholePath(output);
}

/** A call as workers are told of it: without the queue's address, which may hold a password, with whole paths, and with a folder to write to. */
function forWorkers(call: Call, file: string | null): Call {
  const { queue: _, queuePrefix: __, priority: ___, ...options } = call.options;
  const isPath = (name: (typeof PATHS)[number], value: string) =>
    value !== '-' && schemeOf(value) === null && (name === 'input' || name === 'output' || existsSync(value));
  const whole = PATHS.flatMap((name) => {
    const value = options[name];
    return value !== undefined && isPath(name, value) ? [[name, resolve(value)] as const] : [];
  });
  return {
    ...call,
    settings: {
      ...{ ...call.settings, out: wholePath(call.settings.out) },
      data: existsSync(call.settings.data) ? resolve(call.settings.data) : call.settings.data,
    },
    options: {
      ...{ ...options, ...Object.fromEntries(whole) },
      ...(file !== null && { output: `${file}.shards` }),
      ...(file !== null && endingOf(file) === '.csv' && { format: 'csv' }),
    },
    switches: new Set([...(call.switches ?? [])].filter((name) => name !== 'insecureQueue')),
  };
}

const wholePath = (path: string): string => (schemeOf(path) === null ? resolve(path) : path);

async function removeShards({ out, storage }: ShardFolder): Promise<void> {
  for await (const { path } of storage.list(out)) await storage.remove(path);
  if (schemeOf(out) === null) await rm(out, { recursive: true, force: true });
}
