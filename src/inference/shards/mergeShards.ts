import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { failure, usageError } from '../../base/core/errors.ts';
import { writeFailure } from '../../base/core/files.ts';
import { linesOf } from '../../base/data/lines.ts';
import { piecesOf } from '../../base/data/ranges/pieces.ts';
import { manifestRecords } from './manifest.ts';
import type { ShardRecord } from './record.ts';
import { renumbered, renumberedReject, renumberingOf } from './renumber.ts';
import { answersPath, rejectsPath, type ShardFolder } from './shardFolder.ts';

/** Where results go that belong together, in their order. */
export interface MergeSink {
  write(piece: Uint8Array): Promise<void>;
}

export interface MergeOutcome {
  readonly shards: number;
  readonly rows: number;
  readonly rejected: number;
  readonly labelled: number;
  readonly correct: number;
  readonly poison: number;
  /** Of all shards together, by their records. */
  readonly seconds: number;
}

/**
 * Puts the results of a folder's shards together, in order, as one run over the whole input has them.
 *
 * @param manifest a file of this machine with the records of all shards (`writeManifest`)
 * Errors: `failed` where a shard's results are gone, or are not those that its record is of; `usage` where tables have other columns.
 */
export async function mergeShards(
  folder: ShardFolder,
  manifest: string,
  sinks: { readonly answers: MergeSink; readonly rejects: MergeSink },
  { signal, onProgress = () => {} }: { readonly signal: AbortSignal; readonly onProgress?: (shards: number) => void },
): Promise<MergeOutcome> {
  const { out, work } = folder;
  const sum = { shards: 0, rows: 0, rejected: 0, labelled: 0, correct: 0, poison: 0, seconds: 0 };
  let header: string | null = null;
  let [file, before] = ['', 0];
  for await (const record of manifestRecords(manifest)) {
    signal.throwIfAborted();
    const { shard } = record;
    if (shard.path !== file || shard.start === 0) [file, before] = [shard.path, 0];
    const renumbering = renumberingOf(shard, before);
    before += record.numbers;
    const path = answersPath(out, shard, work.extension);
    const onHeader = (found: string) => {
      if (header !== null && header !== found) throw otherColumns(shard.name);
      header = found;
    };
    const pieces = checkedPieces(folder, path, record.output_sha256);
    const keepHeader = sum.shards === 0;
    for await (const piece of renumbered(pieces, work.extension, renumbering, { keepHeader, onHeader }))
      await sinks.answers.write(piece);
    if (record.rejects_sha256 !== null) {
      const rejects = checkedPieces(folder, rejectsPath(out, shard), record.rejects_sha256);
      for await (const { bytes } of linesOf(rejects))
        if (bytes) {
          const line = renumberedReject(new TextDecoder().decode(bytes), renumbering);
          await sinks.rejects.write(new TextEncoder().encode(`${line}\n`));
        }
    }
    add(sum, record);
    onProgress(sum.shards);
  }
  return sum;
}

function add(sum: { -readonly [Key in keyof MergeOutcome]: number }, record: ShardRecord): void {
  sum.shards++;
  for (const key of ['rows', 'rejected', 'labelled', 'correct', 'seconds'] as const) sum[key] += record[key];
  sum.poison += record.poison.length;
}

/** A shard's file as it was published. Errors: `failed` where it is gone or another. */
async function* checkedPieces({ storage }: ShardFolder, path: string, sha256: string): AsyncGenerator<Uint8Array> {
  if ((await storage.find(path)) === null) throw damaged(path, { en: 'is gone', ko: '없어졌다' });
  const file = await storage.open(path);
  const hash = createHash('sha256');
  try {
    for await (const piece of piecesOf(file, 0, file.size)) {
      hash.update(piece);
      yield piece;
    }
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== sha256) throw damaged(path, { en: 'was changed since', ko: '그 뒤에 바뀌었다' });
}

const damaged = (path: string, what: { readonly en: string; readonly ko: string }) =>
  failure(
    { en: `${path} ${what.en}.`, ko: `${path}: ${what.ko}.` },
    {
      en: 'Remove its record (records/…json) and run its task again: other shards are not done twice.',
      ko: '그 기록(records/…json)을 지우고 작업을 다시 실행한다. 다른 샤드는 다시 하지 않는다.',
    },
  );

const otherColumns = (name: string) =>
  usageError(
    { en: `${name} has other columns than the files before it.`, ko: `${name}: 앞의 파일과 열이 다르다.` },
    {
      en: 'Answer with --format jsonl, or give files of the same columns.',
      ko: '--format jsonl로 답하거나, 열이 같은 파일을 준다.',
    },
  );

export interface LocalSink extends MergeSink {
  readonly bytes: number;
  /** All of it is on the disk. */
  finish(): Promise<void>;
  /** Closes the file; removes it unless it is finished. */
  close(): Promise<void>;
}

/** A file of this machine that is written from its beginning. Errors: `failed` where the system refuses. */
export async function localSink(path: string): Promise<LocalSink> {
  const guarded = <Result>(work: Promise<Result>) =>
    work.catch((error: unknown) => {
      throw writeFailure(path, error);
    });
  let handle: FileHandle | null = await guarded(open(path, 'w'));
  let bytes = 0;
  let isFinished = false;
  return {
    get bytes() {
      return bytes;
    },
    async write(piece) {
      bytes += piece.length;
      await guarded(handle!.appendFile(piece));
    },
    async finish() {
      await guarded(handle!.sync());
      isFinished = true;
    },
    async close() {
      await handle?.close();
      handle = null;
      if (!isFinished) await rm(path, { force: true });
    },
  };
}
