import type { ShardDone, ShardJob, WorkKind } from './shapes.ts';

/** What a shard's work may ask for while it runs. */
export interface ShardContext {
  /** The worker's name, for files that only one may write. */
  readonly worker: string;
  /** Whether processes ended while they worked on this shard, so often that its rows are under suspicion. */
  readonly suspect: boolean;
  /**
   * Resolves where the lease is still held, for its full time from then on; to be asked right before a result is published.
   *
   * Errors: `LeaseLost`.
   */
  fence(): Promise<void>;
  /** A sign of life: rows from the first place up to the second, exclusive, may be at work. */
  readonly progress?: (from: number, to: number) => void;
  readonly signal: AbortSignal;
}

/** A work that a worker has opened: its model is loaded. */
export interface OpenedWork {
  run(item: unknown, context: ShardContext): Promise<ShardDone>;
  close(): Promise<void>;
}

/** How the works of a kind are done. `task` is what the coordinator gave them. */
export type WorkHandler = (task: unknown) => Promise<OpenedWork>;
export type WorkHandlers = Readonly<Partial<Record<WorkKind, WorkHandler>>>;

/** Where shards are computed: in processes of their own, so that the lease is renewed whatever they do. */
export interface Runner {
  readonly slots: number;
  run(shard: RunnerShard, context: ShardContext): Promise<ShardDone>;
  /** Bytes of memory of the processes beside this one. */
  memory(): number;
  close(): Promise<void>;
}
export interface RunnerShard extends ShardJob {
  readonly kind: WorkKind;
  readonly task: unknown;
}

/** The lease ran out while the work went on: somebody else has the shard now, and this result must not be published. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The process that computed a shard ended. */
export class ProcessLost extends Error {
  override readonly name = 'ProcessLost';
}
