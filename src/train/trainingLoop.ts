import type { DeviceName } from '../core/settings.ts';
import type { LabelledExample, Metrics } from '../core/types.ts';
import { computeMetrics } from '../eval/metrics.ts';
import { predictionOf } from '../eval/softmax.ts';
import { type BatchRow, collate } from '../nn/batch.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import type { DropoutRates } from '../nn/model.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import { type ForwardPass, openForwardPass } from '../runtime/forwardPass.ts';
import { epochBatches } from './batches.ts';
import { type GradientStep, openGradientStep } from './gradientStep.ts';
import type { Optimizer } from './optimizer.ts';
import type { TrainingPlan } from './plan.ts';
import { learningRate } from './schedule.ts';
import { balancedWeights, targetsOf } from './targets.ts';

/** A labelled row as the model reads it. */
export interface TrainingRow {
  readonly example: LabelledExample;
  readonly encoded: BatchRow;
}

/** What a training starts or goes on from; the loop changes the model's weights and the optimizer in place. */
export interface TrainingState {
  readonly model: RelationModel;
  readonly optimizer: Optimizer;
  /** Epochs whose rows were all trained on and that were validated. */
  readonly epochsDone: number;
}

export interface TrainingRows {
  readonly train: readonly TrainingRow[];
  readonly validation: readonly TrainingRow[];
}

export interface LoopOptions {
  readonly device: DeviceName;
  readonly threads: number | null;
  readonly evalBatchSize: number;
}

export type TrainingEvent = StepEvent | EpochEvent;

/** After each optimizer step. */
export interface StepEvent {
  readonly kind: 'step';
  /** Steps done, from 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** Mean over the step's batches. */
  readonly loss: number;
  readonly lr: number;
  /** Global norm of the gradient before clipping. */
  readonly norm: number;
  readonly rows: number;
}

/** After each epoch. */
export interface EpochEvent {
  readonly kind: 'epoch';
  readonly step: number;
  /** Epochs done, from 1. */
  readonly epoch: number;
  readonly validation: Metrics;
}

/**
 * Fine-tunes a model: steps of AdamW on batches of similar length, validation after each epoch. A generator, so that
 * logging, checkpoints and stopping are the caller's: whatever it does between two events, the training ends in the same
 * weights, because batches, dropout and learning rate depend on the plan and `optimizer.steps` alone.
 *
 * Errors: `failed` for a loss that is not finite.
 */
export async function* trainingLoop(
  plan: TrainingPlan,
  { model, optimizer, epochsDone }: TrainingState,
  rows: TrainingRows,
  options: LoopOptions,
): AsyncGenerator<TrainingEvent> {
  const { spec, task, weights } = model;
  const gradient = await openGradientStep(spec, dropoutRates(spec.config, plan.dropout), weights, options);
  const forward = await openForwardPass(spec, weights, 'changing', options);
  const labelIds = rows.train.map(({ example }) => task.labelSet.labels.indexOf(example.label));
  const classWeights =
    plan.loss === 'weighted' ? balancedWeights(labelIds, spec.labels) : new Array<number>(spec.labels).fill(1);
  const lengths = rows.train.map(({ encoded }) => encoded.ids.length);
  const stepsPerEpoch = Math.ceil(Math.ceil(lengths.length / plan.batchSize) / plan.accumulate);
  const steps = stepsPerEpoch * plan.epochs;
  try {
    for (let epoch = epochsDone; epoch < plan.epochs; epoch++) {
      const batches = epochBatches(lengths, plan.batchSize, plan.seed, epoch);
      while (optimizer.steps < (epoch + 1) * stepsPerEpoch) {
        const first = (optimizer.steps - epoch * stepsPerEpoch) * plan.accumulate;
        const group = batches.slice(first, first + plan.accumulate);
        const draws = epoch * batches.length + first;
        const loss = await accumulate(gradient, group, draws, rows.train, labelIds, classWeights, plan, model);
        const lr = learningRate(optimizer.steps, { ...plan, peak: plan.lr, steps });
        const norm = optimizer.step(gradient.gradients, { ...plan, lr });
        const count = group.reduce((sum, batch) => sum + batch.length, 0);
        yield { kind: 'step', step: optimizer.steps, steps, epoch: epoch + 1, loss, lr, norm, rows: count };
      }
      const validation = await validate(forward, rows.validation, model, options.evalBatchSize);
      yield { kind: 'epoch', step: optimizer.steps, epoch: epoch + 1, validation };
    }
  } finally {
    await gradient.release();
    await forward.release();
  }
}

/** The mean gradient of some batches, left in `gradient`; returns their mean loss. */
async function accumulate(
  gradient: GradientStep,
  batches: readonly (readonly number[])[],
  draws: number,
  rows: readonly TrainingRow[],
  labelIds: readonly number[],
  classWeights: readonly number[],
  plan: TrainingPlan,
  { spec }: RelationModel,
): Promise<number> {
  gradient.clear();
  let loss = 0;
  for (const [index, batch] of batches.entries()) {
    const collated = collate(
      batch.map((row) => rows[row]!.encoded),
      spec.config,
      spec.head,
    );
    const targets = targetsOf(
      batch.map((row) => labelIds[row]!),
      classWeights,
    ).map((target) => target / batches.length);
    loss += await gradient.add(collated, targets, plan.seed, draws + index);
  }
  return loss;
}

async function validate(
  forward: ForwardPass,
  rows: readonly TrainingRow[],
  { task: { labelSet } }: RelationModel,
  batchSize: number,
): Promise<Metrics> {
  const { logits } = await forward.run(
    rows.map(({ encoded }) => encoded),
    { batchSize },
  );
  const predictions = rows.map(({ example }, row) => predictionOf(example.guid, logits[row]!, labelSet.labels));
  return computeMetrics(
    rows.map(({ example }) => example.label),
    predictions,
    labelSet,
  );
}

/** One rate for all sites, or the encoder's own; the head's is `classifier_dropout` where the configuration has it. */
const dropoutRates = (config: EncoderConfig, rate: number | null): DropoutRates => ({
  hidden: rate ?? config.hidden_dropout_prob,
  attention: rate ?? config.attention_probs_dropout_prob,
  head: rate ?? config.classifier_dropout ?? config.hidden_dropout_prob,
});
