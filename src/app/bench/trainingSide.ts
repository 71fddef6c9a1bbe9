import { collate } from '../../engine/nn/batch.ts';
import { CROSS_ENTROPY } from '../../engine/nn/loss.ts';
import { parameterSpecs } from '../../engine/nn/parameters.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import type { DropoutRates } from '../../engine/nn/trainingGraph.ts';
import { keepsValues, type Traffic } from '../../engine/runtime/deviceSession.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import { graphBatch, openGradientStep } from '../../engine/train/gradientStep.ts';
import { openCrew } from '../../engine/train/kernels/crew.ts';
import { openModelDeviceSteps } from '../../engine/train/modelSteps.ts';
import { targetsOf } from '../../engine/train/objective.ts';
import { createOptimizer } from '../../engine/train/optimizer.ts';
import type { LabelledBatch } from './syntheticRows.ts';

/** Transformers' defaults, on both sides. */
export const STEP_OPTIONS = { lr: 5e-5, weightDecay: 0.01, clip: 1 } as const;

export interface TimedStep {
  /** The whole step: the batch put together, forward, backward, clipping, AdamW. */
  readonly seconds: number;
  /** Of these: forward and backward, dropout masks included; null on a device that does all of it in one go. */
  readonly gradientSeconds: number | null;
  readonly loss: number;
}

/** korex's training, step by step, as `trainingLoop` takes them. */
export interface TrainingSide {
  step(batch: LabelledBatch, lr?: number): Promise<TimedStep>;
  release(): Promise<void>;
}

export const dropoutRates = (rate: number): DropoutRates => ({ hidden: rate, attention: rate, head: rate });

export const openTrainingSide = (
  model: RelationModel,
  dropout: number,
  options: SessionOptions,
): Promise<TrainingSide> =>
  keepsValues(options.device) ? openDeviceSide(model, dropout, options) : openHostSide(model, dropout, options);

/** @param between threads for what is done between two gradients; those of the runtime without it */
export async function openHostSide(
  { spec, weights }: RelationModel,
  dropout: number,
  options: SessionOptions,
  between = options.threads,
): Promise<TrainingSide> {
  const gradient = await openGradientStep(spec, dropoutRates(dropout), weights, options);
  const optimizer = createOptimizer(weights);
  const crew = openCrew(between);
  const equal = equalWeights(spec.labels);
  let draw = 0;
  return {
    async step({ rows, labels }, lr = STEP_OPTIONS.lr) {
      const start = performance.now();
      gradient.clear();
      const batch = collate(rows, spec.config, spec.head);
      const loss = await gradient.add(batch, targetsOf(labels, equal), 0, draw++, crew);
      const computed = performance.now();
      optimizer.step(gradient.gradients, { ...STEP_OPTIONS, lr }, crew);
      const seconds = (performance.now() - start) / 1000;
      return { seconds, gradientSeconds: (computed - start) / 1000, loss };
    },
    async release() {
      await crew.release();
      await gradient.release();
    },
  };
}

/** A training whose weights stay on a device. */
export interface DeviceSide extends TrainingSide {
  traffic(): Traffic;
  /** Weights and moments. */
  readonly stateBytes: number;
}

export async function openDeviceSide(
  { spec, weights }: RelationModel,
  dropout: number,
  options: SessionOptions,
): Promise<DeviceSide> {
  const trained = parameterSpecs(spec.config, spec.head, spec.labels).map((parameter) => ({
    ...parameter,
    firstRow: 0,
  }));
  const tuning = { lora: null, trained, weights, trainedWeights: weights };
  const state = { tuning, optimizer: createOptimizer(weights), average: null };
  const goal = { rates: dropoutRates(dropout), loss: CROSS_ENTROPY, plan: STEP_OPTIONS };
  const steps = await openModelDeviceSteps(spec, state, goal, options);
  const equal = equalWeights(spec.labels);
  let draw = 0;
  return {
    async step({ rows, labels }, lr = STEP_OPTIONS.lr) {
      const start = performance.now();
      const batch = graphBatch(spec, collate(rows, spec.config, spec.head), targetsOf(labels, equal));
      const { loss } = await steps.take([batch], { lr, seed: 0, firstDraw: draw++ });
      return { seconds: (performance.now() - start) / 1000, gradientSeconds: null, loss };
    },
    traffic: () => steps.traffic(),
    stateBytes: 3 * [...weights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
    release: () => steps.release(),
  };
}

const equalWeights = (labels: number): number[] => new Array<number>(labels).fill(1);
