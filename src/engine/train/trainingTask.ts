import type { DeviceName } from '../../base/core/settings.ts';
import type { Batch } from '../nn/batch.ts';
import type { LossSpec } from '../nn/loss.ts';
import type { ModelFiles } from '../runs/checkpoint.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import type { Validation } from '../runs/trainingLog.ts';
import type { SentencePacking } from './sharedBatches.ts';
import type { TrainingRows } from './trainingState.ts';
import type { TunedModel } from './tuning.ts';

export interface LoopOptions {
  readonly device: DeviceName;
  readonly threads: number | null;
  readonly evalBatchSize: number;
}

/** What the training loop, checkpoints and resuming need to know of a task. Heads are rows of `nn/heads.ts`. */
export interface TrainingTask<Model extends TunedModel, Row> extends ModelFiles<Model> {
  /** What `TrainingPlan.sampling` tells rows apart by. */
  groupsOf(rows: readonly Row[]): string[];
  /** How many of the rows were not made from others. */
  givenOf(rows: readonly Row[]): number;
  /** A validation in a few words, for people. */
  describe(validation: Validation): string;
  /** @param model as it is evaluated: its arrays are read again at each validation */
  open(plan: TrainingPlan, model: Model, rows: TrainingRows<Row>, options: LoopOptions): Promise<OpenTask>;
}

/** A task with the rows of a training. */
export interface OpenTask {
  readonly loss: LossSpec;
  /** Of the training rows, in tokens. */
  readonly lengths: readonly number[];
  /** Which training rows are pairs of documents; none without it. */
  isText?(row: number): boolean;
  /** Which training rows share a pass of the encoder; none without it. */
  readonly packing?: SentencePacking | null;
  /** Some training rows of an epoch as the graph takes them, with targets whose loss is the mean of the batch. */
  batch(rows: readonly number[], epoch: number): { readonly batch: Batch; readonly targets: Float32Array };
  /** Figures on the validation rows, without dropout. */
  validate(): Promise<Validation>;
  release(): Promise<void>;
}
