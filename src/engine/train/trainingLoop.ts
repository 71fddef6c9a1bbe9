import { dropoutRates } from '../nn/trainingGraph.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import type { Validation } from '../runs/trainingLog.ts';
import { batchesOf } from './epochPlan.ts';
import { graphBatch } from './gradientStep.ts';
import type { GraphBatch } from './gradientSum.ts';
import { openModelSteps } from './modelSteps.ts';
import { stepCount } from './sampling.ts';
import { learningRate } from './schedule.ts';
import { savedModel, type TrainingRows, type TrainingState } from './trainingState.ts';
import type { LoopOptions, TrainingTask } from './trainingTask.ts';
import { rateShare, type TunedModel } from './tuning.ts';

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
  /** Brings the state's arrays up to date, which a device may be ahead of: before they are read. */
  settle(): Promise<void>;
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
 * because rows, batches, dropout and learning rate depend on the plan and `optimizer.steps` alone. After a validation the
 * state's arrays are up to date, after a step once it is settled.
 *
 * @param validatedStep the last step that was validated before, where a training is continued
 * Errors: `failed` for a loss that is not finite.
 */
export async function* trainingLoop<Model extends TunedModel, Row>(
  task: TrainingTask<Model, Row>,
  plan: TrainingPlan,
  state: TrainingState<Model>,
  rows: TrainingRows<Row>,
  options: LoopOptions,
  validatedStep = 0,
): AsyncGenerator<TrainingEvent> {
  const { model, optimizer } = state;
  const { spec } = model;

  // What the task makes of rows and model, and the graph that has the gradient of its loss.
  const groups = task.groupsOf(rows.train);
  const own = await task.open(plan, savedModel(state), rows, options);
  const rates = dropoutRates(spec.config, plan.dropout);
  const share = (name: string) => rateShare(name, spec.config, plan.layerDecay);
  const goal = { rates, loss: own.loss, plan: { ...plan, rateShare: share } };
  const taken = await openModelSteps(spec, state, goal, options);

  /** Some batches with targets whose loss is the mean of all. */
  const batchesWithTargets = (chosen: readonly (readonly number[])[], epoch: number): GraphBatch[] =>
    chosen.map((rows) => {
      const { batch, targets } = own.batch(rows, epoch);
      const scaled = chosen.length === 1 ? targets : targets.map((target) => target / chosen.length);
      return graphBatch(spec, batch, scaled);
    });

  const { perEpoch, steps } = stepCount(plan, groups);
  let validated = validatedStep;
  let batches = { epoch: -1, rows: [] as number[][] };
  try {
    while (true) {
      const step = optimizer.steps;

      // Validation: after each epoch, or every so many steps, and at the end.
      if (step > validated && (step % (plan.evalEvery ?? perEpoch) === 0 || step === steps)) {
        await taken.settle();
        savedModel(state);
        const validation = await own.validate();
        validated = step;
        const endsEpoch = step % perEpoch === 0;
        yield { kind: 'validation', step, steps, epoch: Math.ceil(step / perEpoch), endsEpoch, validation };
      }
      if (step >= steps) return;

      // Batches: drawn for the whole epoch, as many a step as gradients are accumulated.
      const epoch = Math.floor(step / perEpoch);
      if (batches.epoch !== epoch) {
        batches = { epoch, rows: batchesOf(plan, { groups, ...own }, epoch) };
      }
      const first = (step - epoch * perEpoch) * plan.accumulate;
      const group = batches.rows.slice(first, first + plan.accumulate);

      // Step: gradient, then AdamW at the step's learning rate.
      const lr = learningRate(step, { ...plan, peak: plan.lr, steps });
      const call = { lr, seed: plan.seed, firstDraw: epoch * batches.rows.length + first };
      const figures = await taken.take(batchesWithTargets(group, epoch), call);
      const count = group.reduce((sum, batch) => sum + batch.length, 0);
      const { settle } = taken;
      yield { kind: 'step', step: optimizer.steps, steps, epoch: epoch + 1, ...figures, lr, rows: count, settle };
    }
  } finally {
    await taken.release();
    await own.release();
  }
}
