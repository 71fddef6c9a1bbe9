import type { LabelledExample } from '../../base/core/types.ts';
import type { BatchRow } from '../nn/headPooling.ts';
import type { SharedRows } from '../nn/sharedRows.ts';
import type { NamedFloats } from '../nn/weights/safetensors.ts';
import { type ModelFiles, openCheckpoint, type TrainingProgress, writeCheckpoint } from '../runs/checkpoint.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { averageOf, type WeightAverage } from './average.ts';
import { createOptimizer, type Optimizer } from './optimizer.ts';
import { copyOf, loraOf, type TunedModel, type Tuning, tuningOf } from './tuning.ts';

/** A labelled row as the model reads it. */
export interface TrainingRow {
  readonly example: LabelledExample;
  readonly encoded: BatchRow;
  /** What teachers answer to it, softened, in label order; where a plan has teachers. */
  readonly soft?: Float32Array;
  /** What it counts in the loss; 1 without it. */
  readonly weight?: number;
  /** Whether it is a pair of a document. */
  readonly isText?: boolean;
}

export interface TrainingRows<Row = TrainingRow> {
  readonly train: readonly Row[];
  readonly validation: readonly Row[];
  /** Both by sentence, where the plan has pairs share one. */
  readonly shared?: Readonly<Record<'train' | 'validation', readonly SharedRows[]>>;
}

/** The labels of rows, by which `TrainingPlan.sampling` chooses those of an epoch. */
export const labelsOf = (rows: readonly TrainingRow[]): string[] => rows.map(({ example }) => example.label);

/** What rows count in the loss. */
export const weightsOf = (rows: readonly Pick<TrainingRow, 'weight'>[]): number[] =>
  rows.map(({ weight = 1 }) => weight);

/** What a training starts or continues from; the loop changes weights and optimizer in place. */
export interface TrainingState<Model extends TunedModel> {
  readonly model: Model;
  readonly tuning: Tuning<Model>;
  readonly optimizer: Optimizer;
  /** The moving average of the trained weights, where the plan asks for one. */
  readonly average: WeightAverage<Tuning<Model>> | null;
}

/** The model as it is evaluated and saved, with averaged weights where there are some. */
export const savedModel = <Model extends TunedModel>({
  tuning,
  average,
}: Pick<TrainingState<Model>, 'tuning' | 'average'>): Model => (average?.tuning ?? tuning).saved();

/** The state before the first step. */
export function startingState<Model extends TunedModel>(plan: TrainingPlan, model: Model): TrainingState<Model> {
  const tuning = tuningOf(plan, model);
  const average = plan.ema > 0 ? averageOf(plan.ema, tuning, copyOf(plan, model, tuning)) : null;
  return { model, tuning, optimizer: createOptimizer(tuning.trainedWeights), average };
}

/** Writes a checkpoint of a state into a run's folder. */
export const saveState = <Model extends TunedModel>(
  run: string,
  state: TrainingState<Model>,
  progress: TrainingProgress,
  files: ModelFiles<Model>,
): Promise<void> => {
  const { tuning, optimizer, average } = state;
  const content = {
    progress,
    model: savedModel(state),
    moments: optimizer.moments,
    trained: tuning.trained,
    adapters: (average?.tuning ?? tuning).aside,
    unaveraged: average ? trainedOf(tuning) : [],
  };
  return writeCheckpoint(run, content, files);
};

/** The state of a checkpoint. Errors: `failed` where it cannot be read. */
export const loadState = <Model extends TunedModel>(
  folder: string,
  { plan, step }: TrainingProgress,
  files: ModelFiles<Model>,
): Promise<TrainingState<Model>> =>
  openCheckpoint(folder, files, async ({ model, adapters, unaveraged, fillMoments }) => {
    const saved = tuningOf(plan, model, loraOf(plan) ? await adapters() : undefined);
    // With an average, the saved weights are the averaged ones.
    const tuning = plan.ema === 0 ? saved : copyOf(plan, model, saved);
    if (plan.ema > 0) {
      const trained = await unaveraged();
      for (const [name, weight] of tuning.trainedWeights) weight.set(trained.get(name)!);
    }
    const optimizer = createOptimizer(tuning.trainedWeights);
    optimizer.steps = step;
    await fillMoments(optimizer.moments);
    return { model, tuning, optimizer, average: plan.ema === 0 ? null : averageOf(plan.ema, tuning, saved) };
  });

const trainedOf = ({ trained, trainedWeights }: Tuning): NamedFloats[] =>
  trained.map(({ name, shape }) => ({ name, shape, data: trainedWeights.get(name)! }));
