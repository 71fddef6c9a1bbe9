import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { failure, usageError } from '../../base/core/errors.ts';
import { writeFailure } from '../../base/core/files.ts';
import { grouped } from '../../base/core/format.ts';
import { type ShardRecord, shardRecordSchema } from './record.ts';
import { recordsOf, type ShardFolder } from './shardFolder.ts';

/** Stretches of shards that are missing, of which so many are named. */
const NAMED = 10;

/**
 * Writes the records of a folder's shards in order, a line each, where all of them are there, and of one cut and one run.
 *
 * @param path a file of this machine
 * Errors: `temporary` where shards are missing, which are named; `usage` where some are of another cut.
 */
export async function writeManifest(folder: ShardFolder, path: string): Promise<void> {
  const { cut, digest } = folder;
  const file = await open(path, 'w').catch((error: unknown) => {
    throw writeFailure(path, error);
  });
  const missing: [first: number, last: number][] = [];
  let [expected, gone, others] = [0, 0, 0];
  const miss = (index: number) => {
    gone++;
    const last = missing.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else if (missing.length <= NAMED) missing.push([index, index]);
  };
  let before: ShardRecord | null = null;
  try {
    const write = linesTo(file);
    for await (const record of recordsOf(folder)) {
      const { index } = record.shard;
      if (record.work !== digest) {
        others++;
        continue;
      }
      if (index < expected || index >= cut.shards) throw anotherCut(folder, record);
      for (; expected < index; expected++) miss(expected);
      if (before !== null && before.shard.index === index - 1 && !follows(before, record))
        throw anotherCut(folder, record);
      before = record;
      expected++;
      await write(`${JSON.stringify(record)}\n`);
    }
    for (; expected < cut.shards; expected++) miss(expected);
    await write(null);
  } finally {
    await file.close();
  }
  if (gone > 0) throw incomplete(folder, missing, gone, others);
}

/** Lines that are written many at a time; `null` writes what waits. */
function linesTo(file: FileHandle) {
  let waiting = '';
  return async (line: string | null) => {
    waiting += line ?? '';
    if (line !== null && waiting.length < 2 ** 18) return;
    await file.appendFile(waiting);
    waiting = '';
  };
}

/** Whether a shard begins where the one before it ends. */
function follows({ shard: before }: ShardRecord, { shard }: ShardRecord): boolean {
  if (before.last) return shard.start === 0;
  return shard.name === before.name && shard.unit === before.unit && shard.start === before.end;
}

/** The records of a manifest, one at a time. Errors: `usage` for a file that is none. */
export async function* manifestRecords(path: string): AsyncGenerator<ShardRecord> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line !== '') yield shardRecordSchema.parse(JSON.parse(line));
}

function incomplete(
  { out, cut }: ShardFolder,
  missing: readonly (readonly [number, number])[],
  gone: number,
  others: number,
) {
  const named = missing.slice(0, NAMED).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const list = `${named.join(', ')}${missing.length > NAMED ? ', …' : ''}`;
  const [all, some] = [grouped(cut.shards), grouped(gone)];
  return failure(
    {
      en: `${out}: ${some} of ${all} shards are missing: ${list}.${others > 0 ? ` ${grouped(others)} are there of other models or settings.` : ''}`,
      ko: `${out}: 샤드 ${all}개 가운데 ${some}개가 없다: ${list}.${others > 0 ? ` 다른 모델이나 설정의 것이 ${grouped(others)}개 있다.` : ''}`,
    },
    {
      en: 'Nothing was written. Run their tasks again: what is finished is not done twice.',
      ko: '쓴 것은 없다. 그 작업을 다시 실행한다. 끝난 샤드는 다시 하지 않는다.',
    },
  );
}

const anotherCut = ({ out }: ShardFolder, { shard }: ShardRecord) =>
  usageError(
    {
      en: `${out} holds a shard of another cut: ${shard.id}, ${shard.name} ${shard.unit} ${shard.start} to ${shard.end}.`,
      ko: `${out}: 다르게 나눈 샤드가 있다: ${shard.id}, ${shard.name} ${shard.unit} ${shard.start}–${shard.end}.`,
    },
    {
      en: 'Nothing was written. Remove its files below records/ and answers/, or cut anew with `korex shards IN OUT --force`.',
      ko: '쓴 것은 없다. records/와 answers/ 아래의 그 파일을 지우거나, `korex shards IN OUT --force`로 다시 나눈다.',
    },
  );
