import { createHash } from 'node:crypto';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import type { ColumnMapping } from '../../base/data/formats/format.ts';
import { type Divisions, divisionsOf } from '../../base/data/ranges/openRange.ts';
import { storageOf } from '../../base/storage/storageOf.ts';
import { type InputFile, inputFiles, isTextFile } from './inputFiles.ts';
import { SHARD_BYTES, type Shard, shardOf } from './shard.ts';

/** What about an input decides how it is cut. */
export interface CutInput {
  readonly inputs: readonly string[];
  readonly kind: 'rows' | 'texts';
  readonly columns: ColumnMapping | null;
}

/** How an input is cut: all that its shards follow from. `cut.json` of a folder of shards. */
export const cutSchema = z.strictObject({
  /** About how many bytes of a file a shard has; of a set that is read as a whole, rows. */
  shard_size: z.int().min(1),
  files: z.int().min(1),
  /** In the same. */
  size: z.int().min(0),
  /** Digest of the names and sizes of all files, in order. */
  files_sha256: z.string(),
  shards: z.int().min(1),
});
export type Cut = z.output<typeof cutSchema>;

/**
 * Looks through the names and sizes of an input's files, and the beginnings of large ones, and cuts it. Of the rows nothing is read.
 *
 * @param shardBytes null for as many as there should be, at least `parts` shards where the input is large enough for them
 * Errors: `usage` where it cannot be read or holds nothing.
 */
export async function planCut(input: CutInput, shardBytes: number | null, parts = 1): Promise<Cut> {
  const hash = createHash('sha256');
  let [files, bytes, shards] = [0, 0, 0];
  for await (const { name, size } of allFiles(input)) {
    hash.update(`${JSON.stringify([name, size])}\n`);
    files++;
    bytes += size;
  }
  if (bytes === 0)
    throw usageError(
      { en: `${input.inputs.join(', ')} has no rows.`, ko: `${input.inputs.join(', ')}: 행이 없다.` },
      { en: 'Check that the file is the right one and complete.', ko: '맞는 파일인지, 온전한지 확인한다.' },
    );
  const each = shardBytes ?? Math.min(SHARD_BYTES, Math.ceil(bytes / parts));
  for await (const file of allFiles(input)) shards += rangesOf(file, await divisions(file, input, each), each).count;
  return { shard_size: each, files, size: bytes, files_sha256: hash.digest('hex'), shards };
}

/** The shards of a cut, in the order of their rows, one at a time. */
export async function* cutShards(input: CutInput, { shard_size }: Pick<Cut, 'shard_size'>): AsyncGenerator<Shard> {
  let index = 0;
  for await (const file of allFiles(input)) {
    const { unit, count, rangeAt } = rangesOf(file, await divisions(file, input, shard_size), shard_size);
    const { path, name, size, version } = file;
    for (let i = 0; i < count; i++) {
      const [start, end] = rangeAt(i);
      yield shardOf({ index: index++, path, name, size, version, unit, start, end, last: i === count - 1 });
    }
  }
}

async function* allFiles({ inputs, kind }: CutInput): AsyncGenerator<InputFile> {
  for (const input of inputs) yield* inputFiles(input, kind);
}

const WHOLE: Divisions = { unit: 'file', groups: [] };

/** Files that are one shard anyway are not opened for it. */
async function divisions(file: InputFile, { kind, columns }: CutInput, shardBytes: number): Promise<Divisions> {
  if (file.size <= shardBytes || (kind === 'texts' && isTextFile(file.name))) return WHOLE;
  const opened = await (await storageOf(file.path)).open(file.path);
  return divisionsOf(opened, file.name, columns).finally(() => opened.close());
}

interface Ranges {
  readonly unit: Shard['unit'];
  readonly count: number;
  rangeAt(i: number): readonly [start: number, end: number];
}

function rangesOf({ size }: InputFile, { unit, groups }: Divisions, shardBytes: number): Ranges {
  if (unit === 'file') return { unit, count: 1, rangeAt: () => [0, size] };
  if (unit === 'groups') {
    const starts = packed(groups, shardBytes);
    return { unit, count: starts.length, rangeAt: (i) => [starts[i]!, starts[i + 1] ?? groups.length] };
  }
  const count = Math.ceil(size / shardBytes);
  const place = (i: number) => Math.floor((size * i) / count);
  return { unit, count, rangeAt: (i) => [place(i), place(i + 1)] };
}

/** The first of the row groups that are taken together, up to a shard's bytes. */
function packed(groups: readonly number[], shardBytes: number): number[] {
  const starts: number[] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (const [i, bytes] of groups.entries()) {
    if (taken + bytes > shardBytes) {
      starts.push(i);
      taken = 0;
    }
    taken += bytes;
  }
  return starts.length > 0 ? starts : [0];
}
