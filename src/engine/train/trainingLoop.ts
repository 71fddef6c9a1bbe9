import type { DeviceName } from '../../base/core/settings.ts';
import { collate } from '../nn/batch.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import type { DropoutRates } from '../nn/trainingGraph.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import type { Validation } from '../runs/trainingLog.ts';
import { openForwardPass } from '../runtime/forwardPass.ts';
import { epochBatches } from './batches.ts';
import { withTeachers } from './distillation.ts';
import { type GradientStep, openGradientStep } from './gradientStep.ts';
import { type Objective, objectiveOf } from './objective.ts';
import { epochRows, epochSize } from './sampling.ts';
import { learningRate } from './schedule.ts';
import { targetsOf } from './targets.ts';
import { labelsOf, savedModel, type TrainingRow, type TrainingRows, type TrainingState } from './trainingState.ts';
import { rateShare } from './tuning.ts';
import { validate } from './validate.ts';

export interface LoopOptions {
  readonly device: DeviceName;
  readonly threads: number | null;
  readonly evalBatchSize: number;
}

export type TrainingEvent = StepEvent | ValidationEvent;

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

/** After each epoch, or every so many steps and at the end. */
export interface ValidationEvent {
  readonly kind: 'validation';
  readonly step: number;
  readonly steps: number;
  /** The epoch that the step belongs to, from 1. */
  readonly epoch: number;
  /** Whether the epoch ends here. */
  readonly endsEpoch: boolean;
  readonly validation: Validation;
}

/** The optimizer steps of a training on rows with these labels. */
export function stepCount({ batchSize, accumulate, epochs, sampling }: TrainingPlan, labels: readonly string[]) {
  const perEpoch = Math.ceil(Math.ceil(epochSize(sampling, labels) / batchSize) / accumulate);
  return { perEpoch, steps: perEpoch * epochs };
}

/**
 * Fine-tunes a model: steps of AdamW on batches of similar length, and validations. A generator, so that logging,
 * checkpoints and stopping are the caller's: whatever it does between two events, the training ends in the same weights,
 * because rows, batches, dropout and learning rate depend on the plan and `optimizer.steps` alone.
 *
 * @param validatedStep the last step that was validated before, where this goes on
 * Errors: `failed` for a loss that is not finite.
 */
export async function* trainingLoop(
  plan: TrainingPlan,
  state: TrainingState,
  rows: TrainingRows,
  options: LoopOptions,
  validatedStep = 0,
): AsyncGenerator<TrainingEvent> {
  const { model, tuning, optimizer, average } = state;
  const { spec, task } = model;
  const rates = dropoutRates(spec.config, plan.dropout);
  const labels = labelsOf(rows.train);
  const labelIds = labels.map((label) => task.labelSet.labels.indexOf(label));
  const objective = objectiveOf(plan, labelIds, spec.labels);
  const gradient = await openGradientStep(spec, rates, tuning.weights, options, tuning, objective);
  const forward = await openForwardPass(spec, savedModel(state).weights, 'changing', options);
  const lengths = rows.train.map(({ encoded }) => encoded.ids.length);
  const { perEpoch, steps } = stepCount(plan, labels);
  const isValidated = (step: number) => step % (plan.evalEvery ?? perEpoch) === 0 || step === steps;
  const share = (name: string) => rateShare(name, spec.config, plan.layerDecay);
  let validated = validatedStep;
  let batches = { epoch: -1, rows: [] as number[][] };
  try {
    while (true) {
      const step = optimizer.steps;
      if (step > validated && isValidated(step)) {
        savedModel(state);
        const { evalBatchSize: batchSize } = options;
        const validation = await validate(forward, rows.validation, model, { batchSize, objective });
        validated = step;
        const endsEpoch = step % perEpoch === 0;
        yield { kind: 'validation', step, steps, epoch: Math.ceil(step / perEpoch), endsEpoch, validation };
      }
      if (step >= steps) return;
      const epoch = Math.floor(step / perEpoch);
      if (batches.epoch !== epoch) {
        const chosen = epochRows(plan.sampling, labels, plan.seed, epoch);
        batches = { epoch, rows: epochBatches(lengths, plan.batchSize, plan.seed, epoch, chosen) };
      }
      const first = (step - epoch * perEpoch) * plan.accumulate;
      const group = batches.rows.slice(first, first + plan.accumulate);
      const draws = epoch * batches.rows.length + first;
      const loss = await accumulate(gradient, group, draws, rows.train, labelIds, objective, plan, model);
      const lr = learningRate(step, { ...plan, peak: plan.lr, steps });
      const norm = optimizer.step(gradient.gradients, { ...plan, lr, rateShare: share });
      average?.add(optimizer.steps);
      const count = group.reduce((sum, batch) => sum + batch.length, 0);
      yield { kind: 'step', step: optimizer.steps, steps, epoch: epoch + 1, loss, lr, norm, rows: count };
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
  { classWeights, labelSmoothing }: Objective,
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
    const hard = targetsOf(
      batch.map((row) => labelIds[row]!),
      classWeights,
      labelSmoothing,
    );
    const taught = withTeachers(
      hard,
      batch.map((row) => rows[row]!),
      plan,
    );
    const targets = taught.map((target) => target / batches.length);
    loss += await gradient.add(collated, targets, plan.seed, draws + index);
  }
  return loss;
}

/** One rate for all sites, or the encoder's own; the head's is `classifier_dropout` where the configuration has it. */
export const dropoutRates = (config: EncoderConfig, rate: number | null): DropoutRates => ({
  hidden: rate ?? config.hidden_dropout_prob,
  attention: rate ?? config.attention_probs_dropout_prob,
  head: rate ?? config.classifier_dropout ?? config.hidden_dropout_prob,
});
