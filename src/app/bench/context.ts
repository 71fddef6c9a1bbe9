import type { Reporter } from '../../base/core/reporter.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { Dataset } from '../../base/core/types.ts';
import type { RelationModel, TaskSpec } from '../../engine/nn/relationModel.ts';
import type { BenchOptions } from './options.ts';
import type { Peer } from './peers/peer.ts';
import type { ScriptName } from './peers/python.ts';

/** What a part measures with. */
export interface BenchContext {
  readonly settings: Settings;
  readonly options: BenchOptions;
  /** The encoder: a name of `SHAPE_NAMES`, or what `--encoder` says. */
  readonly shape: string;
  /** Rows in a batch. */
  readonly batchSize: number;
  /** Threads of every side. */
  readonly threads: number;
  /** A folder for files between processes, removed at the end. */
  readonly scratch: string;
  /** How to start korex itself in a process of its own, without arguments. */
  readonly self: readonly [string, ...string[]];
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** `--data`, read once. */
  dataset(): Promise<Dataset>;
  /** A fresh model of the shape with the head `cls`, which other systems know, too. */
  openModel(task?: Partial<TaskSpec>): Promise<RelationModel>;
  /** Starts another system's program; it ends with the part at the latest. */
  openScript(script: ScriptName): Promise<Peer>;
  openNodeProgram(name: string): Peer;
}
