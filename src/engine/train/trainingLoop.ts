import type { DeviceName } from '../../base/core/settings.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { predictionOf } from '../../base/eval/softmax.ts';
import { collate } from '../nn/batch.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import { dropoutRates } from '../nn/trainingGraph.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import type { Validation } from '../runs/trainingLog.ts';
import { type ForwardPass, openForwardPass } from '../runtime/forwardPass.ts';
import { epochBatches } from './batches.ts';
import { withTeachers } from './distillation.ts';
import { openGradientStep } from './gradientStep.ts';
import { type Objective, objectiveLoss, objectiveOf, targetsOf } from './objective.ts';
import { epochRows, stepCount } from './sampling.ts';
import { learningRate } from './schedule.ts';
import { labelsOf, savedModel, type TrainingRow, type TrainingRows, type TrainingState } from './trainingState.ts';
import { rateShare } from './tuning.ts';

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

/**
 * Fine-tunes a model: steps of AdamW on batches of similar length, and validations. A generator, so that logging,
 * checkpoints and stopping are the caller's: whatever it does between two events, the training ends in the same weights,
 * because rows, batches, dropout and learning rate depend on the plan and `optimizer.steps` alone.
 *
 * @param validatedStep the last step that was validated before, where a training is continued
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

  // What is minimised, the graph that has its gradient, and the forward pass that validates.
  const labels = labelsOf(rows.train);
  const labelIds = labels.map((label) => task.labelSet.labels.indexOf(label));
  const objective = objectiveOf(plan, labelIds, spec.labels);
  const rates = dropoutRates(spec.config, plan.dropout);
  const gradient = await openGradientStep(spec, rates, tuning.weights, options, tuning, objective);
  const forward = await openForwardPass(spec, savedModel(state).weights, 'changing', options);

  /** The mean gradient of some batches, left in `gradient`; returns their mean loss. */
  const accumulate = async (batches: readonly (readonly number[])[], firstDraw: number): Promise<number> => {
    gradient.clear();
    let loss = 0;
    for (const [index, batch] of batches.entries()) {
      const own = batch.map((row) => rows.train[row]!);
      const encoded = own.map((row) => row.encoded);
      const ids = batch.map((row) => labelIds[row]!);
      const hard = targetsOf(ids, objective.classWeights, objective.labelSmoothing);
      const targets = withTeachers(hard, own, plan).map((target) => target / batches.length);
      loss += await gradient.add(collate(encoded, spec.config, spec.head), targets, plan.seed, firstDraw + index);
    }
    return loss;
  };

  const lengths = rows.train.map(({ encoded }) => encoded.ids.length);
  const { perEpoch, steps } = stepCount(plan, labels);
  const share = (name: string) => rateShare(name, spec.config, plan.layerDecay);
  let validated = validatedStep;
  let batches = { epoch: -1, rows: [] as number[][] };
  try {
    while (true) {
      const step = optimizer.steps;

      // Validation: after each epoch, or every so many steps, and at the end.
      if (step > validated && (step % (plan.evalEvery ?? perEpoch) === 0 || step === steps)) {
        savedModel(state);
        const { evalBatchSize: batchSize } = options;
        const validation = await validate(forward, rows.validation, model, { batchSize, objective });
        validated = step;
        const endsEpoch = step % perEpoch === 0;
        yield { kind: 'validation', step, steps, epoch: Math.ceil(step / perEpoch), endsEpoch, validation };
      }
      if (step >= steps) return;

      // Batches: drawn for the whole epoch, as many a step as gradients are accumulated.
      const epoch = Math.floor(step / perEpoch);
      if (batches.epoch !== epoch) {
        const chosen = epochRows(plan.sampling, labels, plan.seed, epoch);
        batches = { epoch, rows: epochBatches(lengths, plan.batchSize, plan.seed, epoch, chosen) };
      }
      const first = (step - epoch * perEpoch) * plan.accumulate;
      const group = batches.rows.slice(first, first + plan.accumulate);

      // Step: gradient, then AdamW at the step's learning rate.
      const loss = await accumulate(group, epoch * batches.rows.length + first);
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

/** Metrics of a model on rows, and the loss that training minimises, without dropout. */
export async function validate(
  forward: ForwardPass,
  rows: readonly TrainingRow[],
  { task: { labelSet } }: Pick<RelationModel, 'task'>,
  { batchSize, objective }: { readonly batchSize: number; readonly objective: Objective },
): Promise<Validation> {
  const { logits } = await forward.run(
    rows.map(({ encoded }) => encoded),
    { batchSize },
  );
  const predictions = rows.map(({ example }, row) => predictionOf(example.guid, logits[row]!, labelSet.labels));
  const metrics = computeMetrics(
    rows.map(({ example }) => example.label),
    predictions,
    labelSet,
  );
  const labelIds = rows.map(({ example }) => labelSet.labels.indexOf(example.label));
  return { ...metrics, loss: objectiveLoss(logits, labelIds, objective) };
}
