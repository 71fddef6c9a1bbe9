import type { ParameterSource } from './encoder.ts';
import type { Graph } from './graph/graph.ts';
import type { Tensor } from './graph/nodes.ts';
import { opsOf } from './graph/ops.ts';
import { type ParameterSpec, sizeOf } from './parameters.ts';
import { sourceOf } from './trainingGraph.ts';

/** A trained parameter: of a table, the rows from `firstRow` on, which `shape` is that of. */
export interface BlockParameter extends ParameterSpec {
  readonly firstRow: number;
}

/** Trained parameters as the optimizer changes them, in one go. */
export interface Block {
  readonly name: string;
  /** (values) of parameters side by side, or (rows, width) of a table. */
  readonly shape: readonly number[];
  /** What all of its parameters share, so that a step takes the same numbers for them. */
  readonly kind: BlockKind;
  readonly parts: readonly BlockPart[];
  readonly isTable: boolean;
}

/** How the optimizer treats a parameter. */
export interface BlockKind {
  /** Whether weight decay is for it. */
  readonly decayed: boolean;
  /** Its share of the learning rate. */
  readonly rate: number;
}

export interface BlockPart {
  readonly parameter: BlockParameter;
  /** Where its values begin in the block. */
  readonly offset: number;
}

/** Blocks of parameters side by side are as long as a multiple of this, so that they can be summed in rows of it. */
export const LANE = 1024;

/** The longest block: below 128 MiB, which is what a WebGPU device has to let a shader see at least. */
const MOST_VALUES = 24 * 2 ** 20;

/**
 * All trained parameters as blocks: each table by itself, all others side by side with those that the optimizer treats alike.
 * A hundred parameters then take as many operators of the optimizer as one.
 */
export function blocksOf(
  trained: readonly BlockParameter[],
  kindOf: (name: string) => BlockKind,
  most = MOST_VALUES,
): Block[] {
  const blocks: Block[] = [];
  const open = new Map<string, { kind: BlockKind; parts: BlockPart[]; size: number }>();
  const close = (key: string) => {
    const { kind, parts, size } = open.get(key)!;
    const shape = [Math.ceil(size / LANE) * LANE];
    blocks.push({ name: `block_${blocks.length}`, shape, kind, parts, isTable: false });
    open.delete(key);
  };
  for (const parameter of trained) {
    const kind = kindOf(parameter.name);
    if (parameter.table) {
      const parts = [{ parameter, offset: 0 }];
      blocks.push({ name: parameter.name, shape: parameter.shape, kind, parts, isTable: true });
      continue;
    }
    const key = `${kind.decayed} ${kind.rate}`;
    const size = sizeOf(parameter.shape);
    if (open.has(key) && open.get(key)!.size + size > most) close(key);
    const group = open.get(key) ?? { kind, parts: [], size: 0 };
    group.parts.push({ parameter, offset: group.size });
    group.size += size;
    open.set(key, group);
  }
  for (const key of [...open.keys()]) close(key);
  return blocks;
}

/** The values of a block from those of its parameters. */
export function gather({ shape, parts }: Block, values: ReadonlyMap<string, Float32Array>): Float32Array {
  const all = new Float32Array(sizeOf(shape));
  for (const { parameter, offset } of parts) all.set(values.get(parameter.name)!, offset);
  return all;
}

/** Writes the values of a block into the arrays of its parameters. */
export function spread({ parts }: Block, all: Float32Array, values: ReadonlyMap<string, Float32Array>): void {
  for (const { parameter, offset } of parts) {
    const target = values.get(parameter.name)!;
    target.set(all.subarray(offset, offset + target.length));
  }
}

/**
 * Parameters of a graph whose trained ones come in blocks, and the others each by itself, the rows in front of trained ones
 * as `fixedRows` names them.
 *
 * @param weightName of a block's input
 */
export function blockSource(
  graph: Graph,
  all: readonly ParameterSpec[],
  blocks: readonly Block[],
  weightName: (block: string) => string,
): ParameterSource {
  const { reshape } = opsOf(graph);
  const places = new Map(
    blocks.flatMap((block) => {
      const weight = graph.input(weightName(block.name), block.shape);
      return block.parts.map((part) => [part.parameter.name, { block, weight, part }] as const);
    }),
  );
  const make = ({ name, shape }: ParameterSpec): Tensor => {
    const place = places.get(name);
    if (!place) return graph.input(name, shape);
    const { block, weight, part } = place;
    const { firstRow } = part.parameter;
    if (block.isTable) {
      if (firstRow === 0) return weight;
      const fixed = graph.input(fixedRows(name), [firstRow, ...shape.slice(1)]);
      return graph.emitInference('Concat', [fixed, weight], { axis: 0 }, shape, 'float32');
    }
    const bounds = [part.offset, part.offset + sizeOf(shape)].map((bound) => graph.integers([bound]));
    const values = graph.emitInference('Slice', [weight, ...bounds], {}, [sizeOf(shape)], 'float32');
    return shape.length === 1 ? values : reshape(values, shape);
  };
  return sourceOf(all, make);
}

/** The input with a table's rows that are not trained, where others of it are. */
export const fixedRows = (table: string): string => `fixed:${table}`;

/** A block's gradient from those of its parameters. */
export function gatherGradients(graph: Graph, { shape, parts }: Block, gradients: ReadonlyMap<string, Tensor>): Tensor {
  const { reshape } = opsOf(graph);
  const flat = parts.map(({ parameter }) => {
    const gradient = gradients.get(parameter.name)!;
    return gradient.shape.length === 1 ? gradient : reshape(gradient, [sizeOf(parameter.shape)]);
  });
  const size = parts.reduce((sum, { parameter }) => sum + sizeOf(parameter.shape), 0);
  const padding = shape[0]! - size;
  const zeros = padding > 0 ? [graph.initializer(`zeros_${padding}`, [padding], new Float32Array(padding))] : [];
  return graph.emitInference('Concat', [...flat, ...zeros], { axis: 0 }, shape, 'float32');
}
