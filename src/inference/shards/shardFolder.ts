import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { toJson } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { readStoredJson } from '../../base/storage/readStored.ts';
import type { Storage } from '../../base/storage/storage.ts';
import { storageOf, within } from '../../base/storage/storageOf.ts';
import { type Cut, cutSchema } from './cut.ts';
import { type ShardRecord, shardRecordSchema, workDigest, workSchema } from './record.ts';
import type { Shard } from './shard.ts';
import type { Spool } from './work.ts';

/** Names below a folder of shards. */
export const FOLDER_FILES = { cut: 'cut.json', work: 'work.json', manifest: 'manifest.jsonl' } as const;

export type ResultExtension = '.jsonl' | '.csv';

/** `work.json`: what all of its shards are answered with. */
export const folderWorkSchema = z.strictObject({ ...workSchema.shape, extension: z.enum(['.jsonl', '.csv']) });
export type FolderWork = z.output<typeof folderWorkSchema>;

/** A folder, or the beginning of keys in object storage, with a file of results and a record for each shard. */
export interface ShardFolder {
  readonly out: string;
  readonly storage: Storage;
  readonly cut: Cut;
  readonly work: FolderWork;
  /** Digest of models and settings. */
  readonly digest: string;
}

export const recordPath = (out: string, { id }: Pick<Shard, 'id'>): string => within(out, 'records', `${id}.json`);
export const answersPath = (out: string, { id }: Pick<Shard, 'id'>, extension: ResultExtension): string =>
  within(out, 'answers', `${id}${extension}`);
export const rejectsPath = (out: string, { id }: Pick<Shard, 'id'>): string => within(out, 'rejects', `${id}.jsonl`);

/**
 * The cut of a folder: the one that is there, where it is of the same input; else the given one, which whoever is first
 * leaves for all others.
 *
 * @param make a cut of the input, with so many bytes a shard, or as many as there should be
 * @param replace takes away what is there of another cut; only where nobody else works on it
 * Errors: `usage` where a cut of another input, or of other shards than asked for, is there.
 */
export async function settleCut(
  out: string,
  make: (shardBytes: number | null) => Promise<Cut>,
  { shardBytes, replace }: { readonly shardBytes: number | null; readonly replace: boolean },
): Promise<Cut> {
  const storage = await storageOf(out);
  const path = within(out, FOLDER_FILES.cut);
  const there = await readCut(out);
  const cut = await make(shardBytes ?? there?.shard_size ?? null);
  if (there === null) {
    if (await storage.create(path, toJson(cut))) return cut;
    return settleCut(out, make, { shardBytes, replace });
  }
  if (isDeepStrictEqual(there, cut)) return there;
  const fresh = there.files_sha256 === cut.files_sha256 ? cut : await make(shardBytes);
  if (!replace) throw otherCut(out, there, fresh);
  for (const part of ['records', 'answers', 'rejects'])
    for await (const { path: old } of storage.list(within(out, part))) await storage.remove(old);
  await storage.remove(within(out, FOLDER_FILES.manifest));
  await storage.write(path, toJson(fresh));
  return fresh;
}

/** The cut of a folder; null where there is none yet. Errors: `usage` where it is none of korex's. */
export const readCut = async (out: string): Promise<Cut | null> =>
  readStoredJson(await storageOf(out), within(out, FOLDER_FILES.cut), cutSchema);

/**
 * Opens a folder of shards for a run with its models and settings, which whoever is first leaves for all others.
 *
 * @param replace lets shards be answered anew that others have answered with other models or settings
 * Errors: `usage` where shards of another run are there.
 */
export async function openShardFolder(out: string, cut: Cut, work: FolderWork, replace: boolean): Promise<ShardFolder> {
  const storage = await storageOf(out);
  const path = within(out, FOLDER_FILES.work);
  const folder = { out, storage, cut, work, digest: workDigest(work) };
  if (await storage.create(path, toJson(work))) return folder;
  const there = await readStoredJson(storage, path, folderWorkSchema);
  const difference = there === null ? null : workDifference(there, work);
  if (difference !== null && !replace) throw otherWork(out, difference);
  if (difference !== null) await storage.write(path, toJson(work));
  return folder;
}

/** A folder of shards as others left it. Errors: `usage` where it is none. */
export async function readShardFolder(out: string): Promise<ShardFolder> {
  const storage = await storageOf(out);
  const cut = await readCut(out);
  const work = await readStoredJson(storage, within(out, FOLDER_FILES.work), folderWorkSchema);
  if (cut === null || work === null)
    throw usageError(
      { en: `${out} is no folder of shards.`, ko: `${out}: 샤드가 든 폴더가 아니다.` },
      {
        en: `Name the OUT of \`korex batch IN OUT --shard I/N\`: it holds ${FOLDER_FILES.cut} and ${FOLDER_FILES.work}.`,
        ko: `\`korex batch IN OUT --shard I/N\`의 OUT을 준다. ${FOLDER_FILES.cut}과 ${FOLDER_FILES.work}이 든 폴더이다.`,
      },
    );
  return { out, storage, cut, work, digest: workDigest(work) };
}

/** The record of a shard; null where it is not finished, or what is there cannot be read. */
export const readRecord = ({ storage, out }: Pick<ShardFolder, 'storage' | 'out'>, shard: Shard) =>
  readStoredJson(storage, recordPath(out, shard), shardRecordSchema);

/** The records that lie in a folder, in the order of their shards, some read ahead; of the same and other runs. */
export async function* recordsOf({ storage, out }: Pick<ShardFolder, 'storage' | 'out'>): AsyncGenerator<ShardRecord> {
  const waiting: Promise<ShardRecord | null>[] = [];
  for await (const { path } of storage.list(within(out, 'records'))) {
    const read = readStoredJson(storage, path, shardRecordSchema);
    read.catch(() => {});
    waiting.push(read);
    if (waiting.length < READ_AHEAD) continue;
    const record = await waiting.shift()!;
    if (record) yield record;
  }
  for (const read of waiting) {
    const record = await read;
    if (record) yield record;
  }
}

const READ_AHEAD = 16;

/**
 * Gives a shard's results their place: answers and rejects first, the record last, so that what has a record is whole.
 *
 * @param beforeCommit fails where this process may no longer publish
 */
export async function publishShard(
  { storage, out, work }: ShardFolder,
  record: ShardRecord,
  spool: Spool,
  beforeCommit?: () => Promise<void>,
): Promise<void> {
  const { shard } = record;
  await storage.moveIn(spool.out, answersPath(out, shard, work.extension), beforeCommit);
  if (record.rejects_sha256 === null) await storage.remove(rejectsPath(out, shard));
  else await storage.moveIn(spool.rejects, rejectsPath(out, shard), beforeCommit);
  await beforeCommit?.();
  await storage.write(recordPath(out, shard), toJson(record));
}

/** Adds a shard's record to `manifest.jsonl`, where lines can be added; `korex shards merge` writes it whole, and in order. */
export const noteInManifest = async ({ storage, out }: ShardFolder, record: ShardRecord): Promise<void> =>
  storage.append?.(within(out, FOLDER_FILES.manifest), `${JSON.stringify(record)}\n`);

/** What differs between two runs, in words that follow "shards of"; null where nothing does. */
export function workDifference(there: FolderWork, now: FolderWork): Localized | null {
  if (there.command !== now.command)
    return { en: `another command, ${there.command}`, ko: `다른 명령(${there.command})` };
  if (!isDeepStrictEqual(there.models, now.models)) {
    const names = there.models.map(({ name }) => name).join(', ');
    return { en: `another model, ${names}`, ko: `다른 모델(${names})` };
  }
  if (there.extension !== now.extension)
    return { en: `another format, ${there.extension}`, ko: `다른 형식(${there.extension})` };
  const names = [...new Set([...Object.keys(there.settings), ...Object.keys(now.settings)])];
  const name = names.find((key) => (there.settings[key] ?? null) !== (now.settings[key] ?? null));
  if (name === undefined) return null;
  const [before, after] = [there.settings[name] ?? 'none', now.settings[name] ?? 'none'];
  return {
    en: `other settings: ${name} ${before}, not ${after}`,
    ko: `다른 설정(${name}: ${after} 아닌 ${before})`,
  };
}

const otherWork = (out: string, difference: Localized) =>
  usageError(
    { en: `${out} holds shards of ${difference.en}.`, ko: `${out}: ${difference.ko}의 샤드가 들어 있다.` },
    {
      en: 'Name another folder, or answer them anew with --force.',
      ko: '다른 폴더를 주거나, --force로 새로 답한다.',
    },
  );

function otherCut(out: string, there: Cut, now: Cut) {
  const same = there.files_sha256 === now.files_sha256;
  return usageError(
    same
      ? {
          en: `${out} holds ${there.shards} shards of about ${there.shard_size} each, not ${now.shard_size}.`,
          ko: `${out}: 하나가 약 ${there.shard_size}인 샤드 ${there.shards}개로 나뉘어 있다(${now.shard_size} 아님).`,
        }
      : {
          en: `${out} holds shards of another input: its size was ${there.size} in ${there.files} files, and is ${now.size} in ${now.files} now.`,
          ko: `${out}: 다른 입력의 샤드가 들어 있다. 그때는 파일 ${there.files}개에 크기 ${there.size}, 지금은 ${now.files}개에 ${now.size}이다.`,
        },
    {
      en: 'Name another folder, or cut anew with `korex shards IN OUT --force`, which removes what is there.',
      ko: '다른 폴더를 주거나, `korex shards IN OUT --force`로 다시 나눈다. 있던 것은 지운다.',
    },
  );
}
