import type { EncoderConfig } from '../nn/encoderConfig.ts';
import { collateMasked, type MaskedRow } from '../nn/maskedBatch.ts';
import { maskedParameters } from '../nn/maskedHead.ts';
import { buildMaskedLoss, buildMaskedTraining } from '../nn/maskedModel.ts';
import type { Weights } from '../nn/parameters.ts';
import type { DropoutRates } from '../nn/trainingGraph.ts';
import { dialectOf } from '../runtime/device.ts';
import { openSession, type SessionOptions } from '../runtime/session.ts';
import type { Gradients } from './gradient.ts';
import { dimensions, lookedUp } from './gradientStep.ts';
import { openGradientSum } from './gradientSum.ts';

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

/** The gradient of the mean loss over the masked tokens of a batch. */
export interface MaskedStep {
  readonly gradients: Gradients;
  /** @returns the mean loss. Errors: `failed` where it is not finite. */
  run(rows: readonly MaskedRow[], seed: number, step: number): Promise<number>;
  release(): Promise<void>;
}

/** More than a batch can have parts, so that each part of each step has dropout masks of its own. */
const PARTS = 8192;

export async function openMaskedStep(
  config: EncoderConfig,
  rates: DropoutRates,
  weights: Weights,
  options: SessionOptions,
): Promise<MaskedStep> {
  const graph = buildMaskedTraining(config, rates, dialectOf(options.device));
  const sum = await openGradientSum(graph, weights, options);
  return {
    gradients: sum.gradients,
    async run(rows, seed, step) {
      sum.clear();
      const weight = 1 / Math.max(1, maskedTokens(rows));
      let loss = 0;
      for (const [index, part] of stepParts(rows, config.vocab_size).entries()) {
        const batch = collateMasked(part, config, weight);
        const dims = dimensions(batch);
        const graphBatch = { inputs: batch.inputs, dims, lookedUp: lookedUp(config, batch.inputs) };
        loss += await sum.add(graphBatch, seed, step * PARTS + index, `step ${step + 1} of the pretraining`);
      }
      return loss;
    },
    release: sum.release,
  };
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
  const parameters = Object.fromEntries(
    maskedParameters(config).map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  return {
    async run(rows, batchSize) {
      const sorted = rows.filter(({ places }) => places.length > 0).sort((a, b) => b.ids.length - a.ids.length);
      const weight = 1 / Math.max(1, maskedTokens(sorted));
      let loss = 0;
      for (let at = 0; at < sorted.length; at += batchSize)
        for (const part of stepParts(sorted.slice(at, at + batchSize), config.vocab_size)) {
          const { inputs } = collateMasked(part, config, weight);
          loss += (await session.run({ ...parameters, ...inputs }, ['loss'])).loss![0]!;
        }
      return loss;
    },
    release: () => session.release(),
  };
}
