import type { CutInput } from '../../../inference/shards/cut.ts';
import type { FolderWork } from '../../../inference/shards/shardFolder.ts';
import type { Work } from '../../../inference/shards/work.ts';
import type { Call } from '../command.ts';

/** A command whose input can be cut into shards. */
export interface ShardCommand {
  /** What is read. Errors: `usage` for inputs that cannot be cut. */
  input(call: Call): CutInput;
  /** What the results follow from, beside the input; the models are found for it, not opened. */
  work(call: Call): Promise<FolderWork>;
  /** Opens the models. */
  open(call: Call): Promise<Work>;
}
