import type { Poison, ShardAnswers } from './record.ts';
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
  /** Rows one by one, not in batches: what is too much at once may not be. */
  readonly careful?: boolean;
  /** A sign of life: all places from the first one up to the second, exclusive, may be at work; those before are done. */
  readonly onProgress?: (from: number, to: number) => void;
  readonly signal: AbortSignal;
}

/** What is done with the rows of shards, with its models opened once for all of them. */
export interface Work {
  /** Answers a shard into the spool's files; the same shard gives the same bytes. */
  answer(shard: Shard, spool: Spool, options: AnswerShardOptions): Promise<ShardAnswers>;
  release(): Promise<void>;
}
