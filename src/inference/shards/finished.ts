import type { ColumnMapping } from '../../base/data/formats/format.ts';
import { rangeDigest } from '../../base/data/ranges/openRange.ts';
import { storageOf } from '../../base/storage/storageOf.ts';
import type { ShardRecord } from './record.ts';
import type { Shard } from './shard.ts';
import { readRecord, type ShardFolder } from './shardFolder.ts';

/**
 * The record of a shard that need not be answered again: same models, same settings, same input. A file that was touched since
 * is read, to see whether its bytes are those that were answered.
 */
export async function finishedRecord(
  folder: ShardFolder,
  shard: Shard,
  columns: ColumnMapping | null,
): Promise<ShardRecord | null> {
  const record = await readRecord(folder, shard);
  if (record === null || record.work !== folder.digest || record.shard.id !== shard.id) return null;
  if (record.shard.path === shard.path && record.shard.version === shard.version) return record;
  const { unit, start, end } = shard;
  // Rows of a set that is read as a whole are compared by whoever reads it.
  if (unit === 'rows') return null;
  const file = await (await storageOf(shard.path)).open(shard.path);
  const digest = await rangeDigest(file, shard.name, { unit, start, end }, columns).finally(() => file.close());
  return digest === record.input_sha256 ? record : null;
}
