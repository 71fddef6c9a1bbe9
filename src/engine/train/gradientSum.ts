import { failure } from '../../base/core/errors.ts';
import type { Value } from '../nn/graph/value.ts';
import { sizeOf, type Weights } from '../nn/parameters.ts';
import { gradientName, rowsName, type TrainingGraph } from '../nn/trainingGraph.ts';
import { openSession, type SessionOptions } from '../runtime/session.ts';
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
import type { Crew } from './kernels/crew.ts';

/** A batch as a training graph takes it. */
export interface GraphBatch {
  readonly inputs: Readonly<Record<string, Value>>;
  /** What the graph's named dimensions are. */
  readonly dims: Readonly<Record<string, number>>;
  /** The rows of a table that it looks up, in the order of the gradient's rows. */
  lookedUp(table: string): BigInt64Array;
}

/** Gradients of batches, added up (gradient accumulation). */
export interface GradientSum {
  /** The sum since the last `clear`, by parameter name. */
  readonly gradients: Gradients;
  clear(): void;
  /**
   * Adds the gradient of a batch.
   *
   * @param draw which dropout masks: the count of batches that this training has seen
   * @param title what an error calls the batch
   * @param crew workers that help to draw dropout masks
   * @returns the batch's loss. Errors: `failed` when it is not finite.
   */
  add(batch: GraphBatch, seed: number, draw: number, title?: string, crew?: Crew): Promise<number>;
  release(): Promise<void>;
}

/**
 * Opens a training graph. The weights' arrays are shared with the caller, who changes them between steps.
 *
 * @param firstRow the first row of a table that has a gradient
 */
export async function openGradientSum(
  graph: TrainingGraph,
  weights: Weights,
  options: SessionOptions,
  firstRow: (table: string) => number = () => 0,
): Promise<GradientSum> {
  const session = await openSession(graph.onnx, options);
  const masks = new DropoutMasks(graph.dropouts);
  const tables = graph.trained.filter(({ table }) => table);
  const sparse = tables.filter(({ name }) => !graph.tied.has(name));
  const dense = graph.trained.filter(({ name, table }) => !table || graph.tied.has(name));
  const fixed = Object.fromEntries(
    graph.weights.map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  const outputs = ['loss', ...tables.map(({ name }) => rowsName(name)), ...dense.map(({ name }) => gradientName(name))];
  let empty = true;

  const gradients = new Map<string, Gradient>();
  for (const { name, shape, table } of graph.trained)
    gradients.set(
      name,
      table && !graph.tied.has(name)
        ? tableGradient(new Float32Array(sizeOf(shape) - firstRow(name) * shape[1]!), shape[1]!)
        : denseGradient(NOTHING),
    );

  return {
    gradients,
    clear() {
      for (const { name } of sparse) clearTable(gradients.get(name)!);
      empty = true;
    },
    async add({ inputs, dims, lookedUp }, seed, draw, title = `batch ${draw + 1}`, crew) {
      const results = await session.run({ ...fixed, ...inputs, ...masks.draw(seed, draw, dims, crew) }, outputs);
      const loss = results.loss![0]!;
      checkLoss(loss, title);
      for (const { name } of dense) {
        const gradient = gradients.get(name)!;
        const values = results[gradientName(name)]!;
        // The runtime's arrays are fresh: the first batch's are the sum so far.
        if (empty) gradient.values = values;
        else addDense(gradient, values);
      }
      // After the dense ones: the gradient of a tied table is both.
      for (const { name } of tables)
        addRows(gradients.get(name)!, lookedUp(name), results[rowsName(name)]!, firstRow(name));
      empty = false;
      return loss;
    },
    release: () => session.release(),
  };
}

/** Errors: `failed` for a loss that is not finite. @param title what to call the batch */
export function checkLoss(loss: number, title: string): void {
  if (Number.isFinite(loss)) return;
  throw failure(
    { en: `The loss became ${loss} in ${title}.`, ko: `${title}: 손실이 ${loss}이 되었다.` },
    {
      en: 'The learning rate is probably too high: try half of it (--lr; --tapt-lr before a training). Earlier checkpoints are intact.',
      ko: '학습률이 너무 큰 듯하다. 절반으로 해 본다(--lr, 학습 전의 사전학습은 --tapt-lr). 앞선 체크포인트는 그대로이다.',
    },
  );
}

/** A dense gradient before the first batch. */
const NOTHING = new Float32Array(0);
