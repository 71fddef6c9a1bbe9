import type { Poison, ShardAnswers, WorkIdentity } from './record.ts';
import type { Shard } from './shard.ts';

/** Files of this machine that a shard's results are written to before they are published. */
export interface Spool {
  readonly out: string;
  readonly rejects: string;
}

/** How a shard is answered. */
export interface AnswerShardOptions {
  /** Rows that are rejected unread, by their places in the shard. */
  readonly poison: readonly Poison[];
  /** Answers these places alone, from the first up to the last, exclusive, to see whether the process lives; what it writes is of no use then. */
  readonly only?: readonly [from: number, to: number];
  /** Called at least before each batch and after the last one: the place of the first row that is not answered for sure, and of the first behind those that are being answered. */
  readonly onProgress?: (from: number, to: number) => void;
  readonly signal: AbortSignal;
}

/** What is done with the rows of shards, with its models opened once for all of them. */
export interface Work {
  readonly identity: WorkIdentity;
  /** The ending of a shard's file of results, with the dot. */
  readonly extension: '.jsonl' | '.csv';
  /** Answers a shard into the spool's files; the same shard gives the same bytes. */
  answer(shard: Shard, spool: Spool, options: AnswerShardOptions): Promise<ShardAnswers>;
  release(): Promise<void>;
}
