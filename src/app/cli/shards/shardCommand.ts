import { usageError } from '../../../base/core/errors.ts';
import type { ColumnMapping } from '../../../base/data/formats/format.ts';
import { type Cut, type CutInput, cutShards, planCut } from '../../../inference/shards/cut.ts';
import type { Shard } from '../../../inference/shards/shard.ts';
import type { FolderWork } from '../../../inference/shards/shardFolder.ts';
import type { Work } from '../../../inference/shards/work.ts';
import type { Call } from '../command.ts';

/** What a command reads, and how it is cut. */
export interface ShardSource {
  /** The folder of the shards. */
  readonly out: string;
  readonly columns: ColumnMapping | null;
  /** A cut into shards of about a size; of as much as there should be where it is null, at least so many parts. */
  plan(size: number | null, parts: number): Promise<Cut>;
  shards(cut: Cut): AsyncIterable<Shard> | Iterable<Shard>;
}

/** A command whose input can be cut into shards. */
export interface ShardCommand {
  /** Errors: `usage` for inputs that cannot be cut. */
  source(call: Call): Promise<ShardSource>;
  /** What the results follow from, beside the input; the models are found for it, not opened. */
  work(call: Call): Promise<FolderWork>;
  /** Opens the models. */
  open(call: Call): Promise<Work>;
}

/** Files, cut by their bytes. */
export const fileSource = (out: string, input: CutInput): ShardSource => ({
  ...{ out, columns: input.columns },
  plan: (size, parts) => planCut(input, size, parts),
  shards: (cut) => cutShards(input, cut),
});

/** What `korex batch` and `korex extract` read, and the folder of its shards. Errors: `usage` for pipes. */
export function inputAndFolder({ input, output }: Call['options']): readonly [input: string, out: string] {
  if (input === undefined || input === '-' || output === undefined || output === '-') throw needsFolder();
  return [input, output];
}

const needsFolder = () =>
  usageError(
    { en: 'Shards are read from files and written to a folder.', ko: '샤드는 파일에서 읽고 폴더에 쓴다.' },
    {
      en: 'Name both: `korex batch IN OUT --shard I/N`, where OUT is a folder or s3://BUCKET/PREFIX.',
      ko: '둘 다 준다: `korex batch IN OUT --shard I/N`. OUT은 폴더나 s3://버킷/경로이다.',
    },
  );
