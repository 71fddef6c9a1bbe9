import type { Batch } from '../nn/batch.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import { CROSS_ENTROPY, type LossSpec } from '../nn/loss.ts';
import { buildTraining, type ModelSpec } from '../nn/model.ts';
import { encoderPrefix, type ParameterSpec, type Weights } from '../nn/parameters.ts';
import type { DropoutRates } from '../nn/trainingGraph.ts';
import { dialectOf } from '../runtime/device.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { type GradientSum, type GraphBatch, openGradientSum } from './gradientSum.ts';
import type { Crew } from './kernels/crew.ts';
import type { Tuning } from './tuning.ts';

/**
 * The gradient of a batch, and its sum over several (gradient accumulation): a training graph and its session. The
 * weights' arrays are shared with the caller, who changes them between steps.
 */
export interface GradientStep extends Omit<GradientSum, 'add'> {
  /**
   * Adds the gradient of a batch.
   *
   * @param targets target distributions (rows · answers, labels), scaled as the loss wants
   * @param draw which dropout masks: the count of batches that this training has seen
   * @param crew workers that help to draw dropout masks
   * @returns the batch's loss. Errors: `failed` when it is not finite.
   */
  add(batch: Batch, targets: Float32Array, seed: number, draw: number, crew?: Crew): Promise<number>;
}

/**
 * @param weights all that the graph takes, adapters included
 * @param tuning which parameters get gradients; all without it
 * @param loss cross-entropy without it
 */
export async function openGradientStep(
  spec: ModelSpec,
  rates: DropoutRates,
  weights: Weights,
  options: SessionOptions,
  tuning: Pick<Tuning, 'lora' | 'trained'> | null = null,
  loss: LossSpec = CROSS_ENTROPY,
): Promise<GradientStep> {
  const sum = await openModelGradient(spec, rates, weights, options, tuning, loss);
  return {
    ...sum,
    add: (batch, targets, seed, draw, crew) => sum.add(graphBatch(spec, batch, targets), seed, draw, undefined, crew),
  };
}

/** The same for batches as `graphBatch` makes them. */
export async function openModelGradient(
  spec: ModelSpec,
  rates: DropoutRates,
  weights: Weights,
  options: SessionOptions,
  tuning: Pick<Tuning, 'lora' | 'trained'> | null,
  loss: LossSpec,
): Promise<GradientSum> {
  const trained = new Map(tuning?.trained.map((parameter) => [parameter.name, parameter]));
  const isTrained = ({ name }: ParameterSpec) => tuning === null || trained.has(name);
  const graph = buildTraining(spec, rates, isTrained, tuning?.lora, dialectOf(options.device), loss);
  return openGradientSum(graph, weights, options, (name) => trained.get(name)?.firstRow ?? 0);
}

/** A batch as a training graph takes it. @param targets target distributions (rows · answers, labels) */
export function graphBatch({ config, labels }: ModelSpec, batch: Batch, targets: Float32Array): GraphBatch {
  const answers = batch.size * batch.answers;
  return {
    inputs: { ...batch.inputs, targets: { data: targets, dims: [answers, labels] } },
    dims: { ...dimensions(batch), m: answers },
    lookedUp: lookedUp(config, batch.inputs),
  };
}

/** What the graph's named dimensions are in a batch. */
export const dimensions = ({ size, width, readWidth }: Pick<Batch, 'size' | 'width' | 'readWidth'>) => ({
  b: size,
  l: width,
  n: size * width,
  p: readWidth,
  r: size * readWidth,
});

/** The rows of an encoder's tables that a batch looks up, in the order of the gradient's rows. */
export const lookedUp =
  (config: EncoderConfig, { ids, positions }: Pick<Batch['inputs'], 'ids' | 'positions'>) =>
  (table: string): BigInt64Array => {
    const embeddings = `${encoderPrefix(config)}.embeddings`;
    if (table === `${embeddings}.word_embeddings.weight`) return ids.data as BigInt64Array;
    if (table === `${embeddings}.position_embeddings.weight`) return positions.data as BigInt64Array;
    return BigInt64Array.of(0n);
  };
