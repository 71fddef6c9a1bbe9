import { type Block, blockSource, gatherGradients, LANE } from './blocks.ts';
import { type DrawnMasks, drawnMasks } from './drawnDropout.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import { Graph } from './graph/graph.ts';
import type { Dialect } from './graph/lower.ts';
import type { Tensor } from './graph/nodes.ts';
import { type Ops, opsOf } from './graph/ops.ts';
import type { LoraSpec } from './lora.ts';
import type { LossSpec } from './loss.ts';
import { maskedParameters } from './maskedHead.ts';
import { maskedParts } from './maskedModel.ts';
import { type ModelSpec, trainingParameters, trainingParts } from './model.ts';
import type { ParameterSpec } from './parameters.ts';
import {
  type Differentiated,
  type DropoutRates,
  dropoutSites,
  gradientsOf,
  type TrainingSources,
  tensorsOf,
} from './trainingGraph.ts';

/**
 * Training whose weights, gradients and moments are values that one run of a graph leaves for the next, so that they can stay
 * on a device: a graph that adds the gradient of a batch to a sum, and one that takes a step of AdamW by the sum.
 */
export interface DeviceTraining {
  readonly gradient: Uint8Array;
  readonly update: Uint8Array;
  readonly blocks: readonly Block[];
  /** Parameters that are not trained, by the names of the gradient graph's inputs. */
  readonly fixed: readonly ParameterSpec[];
  readonly masks: DrawnMasks;
  /** Tables that are more than looked up in, whose sums have all rows. */
  readonly tied: ReadonlySet<string>;
}

/** Names of the values that graphs share, by block. */
export const NAMES = {
  weight: (block: string) => `weight:${block}`,
  first: (block: string) => `first:${block}`,
  second: (block: string) => `second:${block}`,
  average: (block: string) => `average:${block}`,
  /** Of gradients; of the loss it is `sum:loss`. */
  sum: (block: string) => `sum:${block}`,
  /** An output that takes a value's place in the next run. */
  next: (value: string) => `next:${value}`,
  /** The rows of a table that a step looks up, each once (u); those of the sum. */
  rows: (table: string) => `rows:${table}`,
  /** 0, 1, … u - 1 as numbers (u, 1). */
  numbers: (table: string) => `numbers:${table}`,
  /** For each gathered row of a batch, which of `rows` it is, as a number (1, tokens); -1 for one that is not trained. */
  places: (table: string) => `places:${table}`,
  decay: (block: string) => `decay:${block}`,
  stepSize: (block: string) => `step:${block}`,
} as const;

/** The loss among the sums. */
export const LOSS = 'loss';

/** What the optimizer does in all steps of a training alike. */
export interface UpdateSpec {
  /** Largest global norm of the gradient; 0 is off. */
  readonly clip: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Whether a moving average of the weights is kept. */
  readonly averaged: boolean;
}

interface Parts {
  readonly all: readonly ParameterSpec[];
  readonly blocks: readonly Block[];
  readonly rates: DropoutRates;
  readonly dialect: Dialect;
  readonly update: UpdateSpec;
}

/** The training of a model for pairs or tokens, as `buildTraining` has it. */
export function buildDeviceTraining(
  spec: ModelSpec,
  loss: { readonly lora: LoraSpec | null; readonly minimised: LossSpec },
  parts: Omit<Parts, 'all'>,
): DeviceTraining {
  const all = trainingParameters(spec, loss.lora);
  return deviceTraining({ ...parts, all }, (graph, sources) => trainingParts(graph, spec, sources, loss));
}

/** The training of an encoder on masked tokens, as `buildMaskedTraining` has it. */
export function buildDeviceMaskedTraining(config: EncoderConfig, parts: Omit<Parts, 'all'>): DeviceTraining {
  return deviceTraining({ ...parts, all: maskedParameters(config) }, (graph, sources) =>
    maskedParts(graph, config, sources),
  );
}

function deviceTraining(
  { all, blocks, rates, dialect, update }: Parts,
  build: (graph: Graph, sources: TrainingSources) => Omit<Differentiated, 'trained'>,
): DeviceTraining {
  const graph = new Graph();
  const trained = blocks.flatMap(({ parts }) => parts.map(({ parameter }) => parameter));
  const names = new Set(trained.map(({ name }) => name));
  const source = blockSource(graph, all, blocks, NAMES.weight);
  const { masked, drawn } = drawnMasks(graph);
  const parts = build(graph, { source, dropout: dropoutSites(graph, rates, tensorsOf(trained, source), masked) });
  const gradient = graph.toOnnx(sums(graph, { ...parts, trained }, blocks), dialect);
  return {
    gradient,
    update: updateGraph(blocks, parts.tied, update, dialect),
    blocks,
    fixed: all.filter(({ name }) => !names.has(name)),
    masks: drawn(),
    tied: parts.tied,
  };
}

/** Whether a table's sum has the rows that a step looks up, and not all. */
const isSparse = ({ name, isTable }: Block, tied: ReadonlySet<string>): boolean => isTable && !tied.has(name);

/** The sums of loss and gradients with those of a batch added. The first batch's are 0, of any shape that broadcasts. */
function sums(graph: Graph, parts: Omit<Differentiated, 'outputs' | 'weights'>, blocks: readonly Block[]) {
  const ops = opsOf(graph);
  const { dense, rows } = gradientsOf(graph, parts);
  const { tied } = parts;
  const outputs: Record<string, Tensor> = {};
  const add = (name: string, value: Tensor): void => {
    const before = graph.input(
      NAMES.sum(name),
      value.shape.map((_, axis) => `${name}_${axis}`),
    );
    outputs[NAMES.next(NAMES.sum(name))] = ops.add({ ...before, shape: value.shape.map(() => 1) }, value);
  };
  add(LOSS, parts.loss);
  for (const block of blocks) {
    if (!block.isTable) {
      add(block.name, gatherGradients(graph, block, dense));
      continue;
    }
    const found = rowSums(graph, block, rows.get(block.name)!);
    if (isSparse(block, tied)) add(block.name, found);
    else add(block.name, ops.scatterRows(dense.get(block.name)!, rowsInput(graph, block), found));
  }
  return outputs;
}

const rowsInput = (graph: Graph, { name }: Block): Tensor => graph.input(NAMES.rows(name), [`${name}_rows`], 'int64');

/**
 * The gradient of each of a table's looked-up rows (u, width) from that of the gathered ones (tokens, width): a product with
 * the matrix that is 1 where a token is of a row. Scattering them would add equal rows in an order that changes from run to
 * run on a device.
 */
function rowSums(graph: Graph, { name }: Block, gathered: Tensor): Tensor {
  const tokens = gathered.shape[0]!;
  const numbers = graph.input(NAMES.numbers(name), [`${name}_rows`, 1]);
  const places = graph.input(NAMES.places(name), [1, tokens]);
  const shape = [`${name}_rows`, tokens];
  const equal = graph.emitInference('Equal', [numbers, places], {}, shape, 'bool');
  const matrix = graph.emitInference('Cast', [equal], { to: 'float32' }, shape, 'float32');
  return opsOf(graph).gemm(matrix, gathered, null);
}

/**
 * A step of AdamW (`torch.optim.AdamW`'s order of operations, as `train/adamw.ts` has it) by the sums of gradients, with
 * clipping by their global norm, and the moving average of the weights. Outputs are `figures`, the loss and the norm before
 * clipping, and the next weights, moments and averages.
 *
 * Of a table, the moments of all rows decay and those that were looked up are added to: what a dense gradient would do.
 */
function updateGraph(
  blocks: readonly Block[],
  tied: ReadonlySet<string>,
  { clip, beta1, beta2, epsilon, averaged }: UpdateSpec,
  dialect: Dialect,
): Uint8Array {
  const graph = new Graph();
  const ops = opsOf(graph);
  const { add, sub, mul, scatterRows } = ops;
  const infer = (op: 'Sqrt' | 'Div' | 'Max', inputs: Tensor[]) =>
    graph.emitInference(op, inputs, {}, inputs[0]!.shape, 'float32');
  const scalar = (name: string) => graph.input(name, []);
  const outputs: Record<string, Tensor> = {};

  const sumOf = new Map<string, Tensor>();
  for (const block of blocks) {
    const shape = isSparse(block, tied) ? [`${block.name}_rows`, block.shape[1]!] : block.shape;
    sumOf.set(block.name, graph.input(NAMES.sum(block.name), shape));
  }
  const squares = [...sumOf.values()].map((sum) => squareSum(ops, sum));
  const norm = infer('Sqrt', [squares.reduce((total, more) => add(total, more))]);
  const loss = ops.reshape(graph.input(NAMES.sum(LOSS), []), [1]);
  outputs.figures = graph.emitInference('Concat', [loss, norm], { axis: 0 }, [2], 'float32');

  // clip / max(clip, norm + 1e-6), which is 1 where the norm is small enough. The small constant is PyTorch's.
  const limit = graph.scalar(clip);
  const scale = clip > 0 ? infer('Div', [limit, infer('Max', [add(norm, graph.scalar(1e-6)), limit])]) : null;
  const correction = scalar('correction');
  const averageShare = averaged ? scalar('average_share') : null;

  for (const block of blocks) {
    const { name, shape } = block;
    const value = (kind: 'weight' | 'first' | 'second' | 'average') => graph.input(NAMES[kind](name), shape);
    const next = (kind: 'weight' | 'first' | 'second' | 'average', tensor: Tensor) => {
      outputs[NAMES.next(NAMES[kind](name))] = tensor;
    };
    const rows = isSparse(block, tied) ? rowsInput(graph, block) : null;
    const plus = (all: Tensor, more: Tensor) => (rows ? scatterRows(all, rows, more) : add(all, more));

    const weight = value('weight');
    const sum = sumOf.get(name)!;
    const g = scale ? mul(sum, scale) : sum;
    const first = plus(mul(value('first'), graph.scalar(beta1)), mul(g, graph.scalar(1 - beta1)));
    const second = plus(mul(value('second'), graph.scalar(beta2)), mul(mul(g, g), graph.scalar(1 - beta2)));
    const denominator = add(mul(infer('Sqrt', [second]), correction), graph.scalar(epsilon));
    const change = infer('Div', [mul(first, scalar(NAMES.stepSize(name))), denominator]);
    const moved = sub(mul(weight, scalar(NAMES.decay(name))), change);
    next('weight', moved);
    next('first', first);
    next('second', second);
    if (averageShare) {
      const average = value('average');
      next('average', add(average, mul(sub(moved, average), averageShare)));
    }
  }
  return graph.toOnnx(outputs, dialect);
}

/** Σ x² (1): by rows first, as a single sum over millions of values would leave a device idle and lose their last digits. */
function squareSum({ mul, reshape, reduceSum }: Ops, x: Tensor): Tensor {
  const rows = x.shape.length === 1 ? reshape(x, [(x.shape[0] as number) / LANE, LANE]) : x;
  return reduceSum(reduceSum(mul(rows, rows), [1]), [0], true);
}
