import { buildDeviceMaskedTraining } from '../nn/deviceTraining.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import { collateMasked, type MaskedRow } from '../nn/maskedBatch.ts';
import { maskedParameters } from '../nn/maskedHead.ts';
import { buildMaskedLoss, buildMaskedTraining } from '../nn/maskedModel.ts';
import type { Weights } from '../nn/parameters.ts';
import type { DropoutRates } from '../nn/trainingGraph.ts';
import { dialectOf } from '../runtime/device.ts';
import { keepsValues, openDeviceMemory, withHeld } from '../runtime/deviceSession.ts';
import { openSession, type SessionOptions } from '../runtime/session.ts';
import { type DeviceStart, deviceParts, openDeviceSteps } from './deviceSteps.ts';
import { dimensions, lookedUp } from './gradientStep.ts';
import { type GraphBatch, openGradientSum } from './gradientSum.ts';
import { openCrew } from './kernels/crew.ts';
import { hostSteps, type StepCall, type StepFigures, type StepPlan, type TrainingSteps } from './trainingSteps.ts';

/** What a graph makes at most at a time: rows with more are parted, which changes no gradient; a single row never is. */
export interface StepBounds {
  /** A step keeps about seven arrays of this many floats (32 MB each). */
  readonly logits: number;
  /** Padding included. */
  readonly tokens: number;
}
export const STEP_BOUNDS: StepBounds = { logits: 2 ** 23, tokens: 2048 };

/** Parts of a batch within bounds, rows in their order. */
export function stepParts<Row extends Pick<MaskedRow, 'ids' | 'places'>>(
  rows: readonly Row[],
  vocabulary: number,
  most: StepBounds = STEP_BOUNDS,
): Row[][] {
  const parts: Row[][] = [];
  let [width, reads] = [0, 0];
  for (const row of rows) {
    const part = parts.at(-1) ?? [];
    const wider = Math.max(width, row.ids.length);
    const more = Math.max(reads, row.places.length);
    const count = part.length + 1;
    if (part.length > 0 && count * more * vocabulary <= most.logits && count * wider <= most.tokens) {
      part.push(row);
      [width, reads] = [wider, more];
    } else {
      parts.push([row]);
      [width, reads] = [row.ids.length, row.places.length];
    }
  }
  return parts;
}

const maskedTokens = (rows: readonly MaskedRow[]): number => rows.reduce((sum, { places }) => sum + places.length, 0);

/** Steps by the gradient of the mean loss over the masked tokens of rows. */
export interface MaskedSteps extends Pick<TrainingSteps, 'settle' | 'release'> {
  /** @param step counts from 0. Errors: `failed` for a loss that is not finite. */
  take(rows: readonly MaskedRow[], step: number, call: Pick<StepCall, 'lr' | 'seed'>): Promise<StepFigures>;
}

/** More than a batch can have parts, so that each part of each step has dropout masks of its own. */
const PARTS = 8192;

export async function openMaskedSteps(
  config: EncoderConfig,
  rates: DropoutRates,
  state: Pick<DeviceStart, 'weights' | 'optimizer'>,
  options: SessionOptions,
  plan: StepPlan,
): Promise<MaskedSteps> {
  const dialect = dialectOf(options.device);
  const open = async (): Promise<TrainingSteps> => {
    if (keepsValues(options.device)) {
      const whole = maskedParameters(config).map((parameter) => ({ ...parameter, firstRow: 0 }));
      const training = buildDeviceMaskedTraining(config, { ...deviceParts(whole, false, plan), rates, dialect });
      return openDeviceSteps(training, { ...state, trainedWeights: state.weights, average: null }, options, plan);
    }
    const sum = await openGradientSum(buildMaskedTraining(config, rates, dialect), state.weights, options);
    return hostSteps(sum, state.optimizer, null, plan, openCrew(options.threads));
  };
  const { take, settle, release } = await open();
  return {
    take: (rows, step, call) =>
      take(maskedBatches(rows, config), {
        ...call,
        firstDraw: step * PARTS,
        title: `step ${step + 1} of the pretraining`,
      }),
    settle,
    release,
  };
}

/** Parts of a batch whose losses add up to the mean over its masked tokens. */
export function maskedBatches(rows: readonly MaskedRow[], config: EncoderConfig): GraphBatch[] {
  const weight = 1 / Math.max(1, maskedTokens(rows));
  return stepParts(rows, config.vocab_size).map((part) => {
    const batch = collateMasked(part, config, weight);
    return { inputs: batch.inputs, dims: dimensions(batch), lookedUp: lookedUp(config, batch.inputs) };
  });
}

/** The mean loss over the masked tokens of rows, without dropout. */
export interface MaskedLoss {
  run(rows: readonly MaskedRow[], batchSize: number): Promise<number>;
  release(): Promise<void>;
}

export async function openMaskedLoss(
  config: EncoderConfig,
  weights: Weights,
  options: SessionOptions,
): Promise<MaskedLoss> {
  const session = await openSession(buildMaskedLoss(config), options);
  const memory = keepsValues(options.device) ? await openDeviceMemory(options) : null;
  const parameters = Object.fromEntries(
    maskedParameters(config).map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  return {
    async run(rows, batchSize) {
      const sorted = rows.filter(({ places }) => places.length > 0).sort((a, b) => b.ids.length - a.ids.length);
      const weight = 1 / Math.max(1, maskedTokens(sorted));
      let loss = 0;
      await withHeld(memory, parameters, async (held) => {
        for (let at = 0; at < sorted.length; at += batchSize)
          for (const part of stepParts(sorted.slice(at, at + batchSize), config.vocab_size)) {
            const { inputs } = collateMasked(part, config, weight);
            loss += (await session.run({ ...held, ...inputs }, ['loss'])).loss![0]!;
          }
      });
      return loss;
    },
    async release() {
      await session.release();
      await memory?.release();
    },
  };
}
