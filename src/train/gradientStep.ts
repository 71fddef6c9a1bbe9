import { failure } from '../core/errors.ts';
import type { Batch } from '../nn/batch.ts';
import { CROSS_ENTROPY, type LossSpec } from '../nn/loss.ts';
import {
  buildTraining,
  type DropoutRates,
  gradientName,
  type ModelSpec,
  rowsName,
  type TrainingGraph,
} from '../nn/model.ts';
import { encoderPrefix, type ParameterSpec, sizeOf, type Weights } from '../nn/parameters.ts';
import { dialectOf } from '../runtime/device.ts';
import { openSession, type Session, type SessionOptions } from '../runtime/session.ts';
import { DropoutMasks } from './dropoutMasks.ts';
import {
  addDense,
  addRows,
  clearTable,
  denseGradient,
  type Gradient,
  type Gradients,
  tableGradient,
} from './gradient.ts';
import type { Tuning } from './tuning.ts';

/**
 * The gradient of a batch, and its sum over several (gradient accumulation): a training graph and its session. The
 * weights' arrays are shared with the caller, who changes them between steps.
 */
export interface GradientStep {
  /** The sum since the last `clear`, by parameter name. */
  readonly gradients: Gradients;
  clear(): void;
  /**
   * Adds the gradient of a batch.
   *
   * @param targets target distributions (rows, labels), scaled as the loss wants
   * @param draw which dropout masks: the count of batches that this training has seen
   * @returns the batch's loss. Errors: `failed` when it is not finite.
   */
  add(batch: Batch, targets: Float32Array, seed: number, draw: number): Promise<number>;
  release(): Promise<void>;
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
  const trained = new Map(tuning?.trained.map((parameter) => [parameter.name, parameter]));
  const isTrained = ({ name }: ParameterSpec) => tuning === null || trained.has(name);
  const graph = buildTraining(spec, rates, isTrained, tuning?.lora, dialectOf(options.device), loss);
  const session = await openSession(graph.onnx, options);
  return gradientStep(spec, graph, session, weights, (name) => trained.get(name)?.firstRow ?? 0);
}

function gradientStep(
  spec: ModelSpec,
  graph: TrainingGraph,
  session: Session,
  weights: Weights,
  firstRow: (name: string) => number,
): GradientStep {
  const masks = new DropoutMasks(graph.dropouts);
  const tables = graph.trained.filter(({ table }) => table);
  const dense = graph.trained.filter(({ table }) => !table);
  const inputs = Object.fromEntries(
    graph.weights.map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  const outputs = ['loss', ...tables.map(({ name }) => rowsName(name)), ...dense.map(({ name }) => gradientName(name))];
  let empty = true;

  const gradients = new Map<string, Gradient>();
  for (const { name, shape, table } of graph.trained)
    gradients.set(
      name,
      table
        ? tableGradient(new Float32Array(sizeOf(shape) - firstRow(name) * shape[1]!), shape[1]!)
        : denseGradient(NOTHING),
    );

  return {
    gradients,
    clear() {
      for (const { name } of tables) clearTable(gradients.get(name)!);
      empty = true;
    },
    async add(batch, targets, seed, draw) {
      const results = await session.run(
        {
          ...inputs,
          ...batch.inputs,
          targets: { data: targets, dims: [batch.size, spec.labels] },
          ...masks.draw(seed, draw, dimensions(batch)),
        },
        outputs,
      );
      const loss = results.loss![0]!;
      if (!Number.isFinite(loss))
        throw failure(
          `The loss became ${loss} in batch ${draw + 1}.`,
          'The learning rate is probably too high: try half of it (--lr). Earlier checkpoints are intact.',
        );
      for (const { name } of tables)
        addRows(gradients.get(name)!, lookedUp(name, spec, batch), results[rowsName(name)]!, firstRow(name));
      for (const { name } of dense) {
        const gradient = gradients.get(name)!;
        const values = results[gradientName(name)]!;
        // The runtime's arrays are fresh: the first batch's are the sum so far.
        if (empty) gradient.values = values;
        else addDense(gradient, values);
      }
      empty = false;
      return loss;
    },
    release: () => session.release(),
  };
}

/** What the graph's named dimensions are in a batch. */
const dimensions = ({ size, width, readWidth }: Batch) => ({
  b: size,
  l: width,
  n: size * width,
  p: readWidth,
  r: size * readWidth,
});

/** A dense gradient before the first batch. */
const NOTHING = new Float32Array(0);

/** The rows of a table that a batch looked up, in the order of the gradient's rows. */
function lookedUp(table: string, spec: ModelSpec, { inputs }: Batch): BigInt64Array {
  const embeddings = `${encoderPrefix(spec.config)}.embeddings`;
  if (table === `${embeddings}.word_embeddings.weight`) return inputs.ids.data as BigInt64Array;
  if (table === `${embeddings}.position_embeddings.weight`) return inputs.positions.data as BigInt64Array;
  return BigInt64Array.of(0n);
}
