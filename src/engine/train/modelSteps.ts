import { buildDeviceTraining } from '../nn/deviceTraining.ts';
import type { LossSpec } from '../nn/loss.ts';
import type { ModelSpec } from '../nn/model.ts';
import type { DropoutRates } from '../nn/trainingGraph.ts';
import { dialectOf } from '../runtime/device.ts';
import { keepsValues } from '../runtime/deviceSession.ts';
import type { SessionOptions } from '../runtime/session.ts';
import type { WeightAverage } from './average.ts';
import { type DeviceSteps, deviceParts, openDeviceSteps } from './deviceSteps.ts';
import { openModelGradient } from './gradientStep.ts';
import { openCrew } from './kernels/crew.ts';
import type { Optimizer } from './optimizer.ts';
import { hostSteps, type StepPlan, type TrainingSteps } from './trainingSteps.ts';
import type { Tuning } from './tuning.ts';

/** What steps start from; they change its arrays, at once or when they are settled. */
export interface StepState {
  readonly tuning: Pick<Tuning, 'lora' | 'trained' | 'weights' | 'trainedWeights'>;
  readonly optimizer: Optimizer;
  readonly average: WeightAverage | null;
}

/** What steps of a model minimise, and how. */
export interface StepGoal {
  readonly rates: DropoutRates;
  readonly loss: LossSpec;
  readonly plan: StepPlan;
}

/**
 * Opens the steps of a training: on a device that keeps values with all of its state there, otherwise on the computer's arrays.
 *
 * Errors: `usage` where the device is not available on this machine.
 */
export async function openModelSteps(
  spec: ModelSpec,
  state: StepState,
  goal: StepGoal,
  options: SessionOptions,
): Promise<TrainingSteps> {
  if (keepsValues(options.device)) return openModelDeviceSteps(spec, state, goal, options);
  const { rates, loss, plan } = goal;
  const { tuning, optimizer, average } = state;
  const gradient = await openModelGradient(spec, rates, tuning.weights, options, tuning, loss);
  return hostSteps(gradient, optimizer, average, plan, openCrew(options.threads));
}

/** Steps with all of their state on the device, which may be the CPU itself. */
export function openModelDeviceSteps(
  spec: ModelSpec,
  { tuning, optimizer, average }: StepState,
  { rates, loss, plan }: StepGoal,
  options: SessionOptions,
): Promise<DeviceSteps> {
  const parts = { ...deviceParts(tuning.trained, average !== null, plan), rates, dialect: dialectOf(options.device) };
  const training = buildDeviceTraining(spec, { lora: tuning.lora, minimised: loss }, parts);
  return openDeviceSteps(training, { ...tuning, optimizer, average }, options, plan);
}
