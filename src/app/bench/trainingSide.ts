import { collate } from '../../engine/nn/batch.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import type { DropoutRates } from '../../engine/nn/trainingGraph.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import { openGradientStep } from '../../engine/train/gradientStep.ts';
import { targetsOf } from '../../engine/train/objective.ts';
import { createOptimizer } from '../../engine/train/optimizer.ts';
import type { LabelledBatch } from './syntheticRows.ts';

/** Transformers' defaults, on both sides. */
export const STEP_OPTIONS = { lr: 5e-5, weightDecay: 0.01, clip: 1 } as const;

export interface TimedStep {
  /** The whole step: the batch put together, forward, backward, clipping, AdamW. */
  readonly seconds: number;
  /** Of these: forward and backward, dropout masks included. */
  readonly gradientSeconds: number;
  readonly loss: number;
}

/** korex's training, step by step, as `trainingLoop` takes them. */
export interface TrainingSide {
  step(batch: LabelledBatch, lr?: number): Promise<TimedStep>;
  release(): Promise<void>;
}

export const dropoutRates = (rate: number): DropoutRates => ({ hidden: rate, attention: rate, head: rate });

export async function openTrainingSide(
  { spec, weights }: RelationModel,
  dropout: number,
  options: SessionOptions,
): Promise<TrainingSide> {
  const gradient = await openGradientStep(spec, dropoutRates(dropout), weights, options);
  const optimizer = createOptimizer(weights);
  const equal = new Array<number>(spec.labels).fill(1);
  let draw = 0;
  return {
    async step({ rows, labels }, lr = STEP_OPTIONS.lr) {
      const start = performance.now();
      gradient.clear();
      const batch = collate(rows, spec.config, spec.head);
      const loss = await gradient.add(batch, targetsOf(labels, equal), 0, draw++);
      const computed = performance.now();
      optimizer.step(gradient.gradients, { ...STEP_OPTIONS, lr });
      const seconds = (performance.now() - start) / 1000;
      return { seconds, gradientSeconds: (computed - start) / 1000, loss };
    },
    release: () => gradient.release(),
  };
}
