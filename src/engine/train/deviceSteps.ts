import { type Block, type BlockParameter, blocksOf, fixedRows, gather, spread } from '../nn/blocks.ts';
import { type DeviceTraining, LOSS, NAMES, type UpdateSpec } from '../nn/deviceTraining.ts';
import { drawnInputs } from '../nn/drawnDropout.ts';
import type { Value } from '../nn/graph/value.ts';
import type { Weights } from '../nn/parameters.ts';
import { type DeviceSession, openDeviceMemory, openDeviceSession, type Traffic } from '../runtime/deviceSession.ts';
import { type HeldValue, isHeld } from '../runtime/heldValue.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { ADAMW_DEFAULTS, isDecayed, stepFactors } from './adamw.ts';
import type { WeightAverage } from './average.ts';
import { checkLoss, type GraphBatch } from './gradientSum.ts';
import type { Optimizer } from './optimizer.ts';
import type { StepPlan, TrainingSteps } from './trainingSteps.ts';

/** What steps on a device start from and settle into. */
export interface DeviceStart {
  /** All that the training graph takes. */
  readonly weights: Weights;
  readonly trainedWeights: Weights;
  readonly optimizer: Optimizer;
  readonly average: Pick<WeightAverage, 'shareAt' | 'tuning'> | null;
}

/** Steps whose weights, gradients, moments and averages stay on a device: only batches go there, and two numbers come back. */
export interface DeviceSteps extends TrainingSteps {
  /** Of the steps so far: what went there before the first one and what was settled is not in it. */
  traffic(): Traffic;
}

/** A graph's part of what `DeviceTraining` is built from. */
export function deviceParts(trained: readonly BlockParameter[], averaged: boolean, { clip, rateShare }: StepPlan) {
  const kindOf = (name: string) => ({ decayed: isDecayed(name), rate: rateShare?.(name) ?? 1 });
  const update: UpdateSpec = { ...ADAMW_DEFAULTS, clip, averaged };
  return { blocks: blocksOf(trained, kindOf), update };
}

/**
 * Opens a training on a device and takes its state there.
 *
 * A step never changes a value: it leaves new ones, and the old are freed when its loss is known to be a number. So a failed
 * step leaves the state of the one before.
 *
 * Errors: `usage` where the device is not available on this machine.
 */
export async function openDeviceSteps(
  training: DeviceTraining,
  { weights, trainedWeights, optimizer, average }: DeviceStart,
  options: SessionOptions,
  { weightDecay }: Pick<StepPlan, 'weightDecay'>,
): Promise<DeviceSteps> {
  const { blocks, fixed, masks } = training;
  const kinds = average ? STATE_KINDS : STATE_KINDS.filter((kind) => kind !== 'average');
  const sums = [LOSS, ...blocks.map(({ name }) => name)].map((name) => NAMES.sum(name));
  const states = blocks.flatMap((block) => kinds.map((kind) => ({ block, kind, name: NAMES[kind](block.name) })));
  const memory = await openDeviceMemory(options);
  const gradient = await openDeviceSession(training.gradient, sums.map(NAMES.next), options);
  const update = await openDeviceSession(
    training.update,
    states.map(({ name }) => NAMES.next(name)),
    options.profile === undefined ? options : { ...options, profile: `${options.profile}-update` },
  );

  const arrays: Readonly<Record<(typeof STATE_KINDS)[number], Weights>> = {
    weight: trainedWeights,
    first: new Map([...optimizer.moments].map(([name, { first }]) => [name, first])),
    second: new Map([...optimizer.moments].map(([name, { second }]) => [name, second])),
    average: average?.tuning.trainedWeights ?? new Map(),
  };
  const constants: Record<string, HeldValue> = {};
  for (const { name, shape } of fixed) constants[name] = await memory.hold({ data: weights.get(name)!, dims: shape });
  for (const { parts, isTable } of blocks)
    for (const { parameter } of parts) {
      const { name, firstRow, shape } = parameter;
      if (!isTable || firstRow === 0) continue;
      const width = shape[1]!;
      const data = weights.get(name)!.subarray(0, firstRow * width);
      constants[fixedRows(name)] = await memory.hold({ data, dims: [firstRow, width] });
    }
  let state: Record<string, HeldValue> = {};
  for (const { block, kind, name } of states)
    state[name] = await memory.hold({ data: gather(block, arrays[kind]), dims: block.shape });
  let isSettled = true;

  const tables = blocks.filter(({ isTable }) => isTable);
  const sparse = tables.filter(({ name }) => !training.tied.has(name));
  const weightNames = blocks.map(({ name }) => NAMES.weight(name));

  /** The sums of loss and gradients over some batches, each of which takes the sums before it. */
  const accumulate = async (batches: readonly GraphBatch[], seed: number, firstDraw: number, rows: StepRows) => {
    let before: Record<string, Value | HeldValue> = Object.fromEntries([
      [NAMES.sum(LOSS), zero(0)],
      ...blocks.map(({ name, shape }) => [NAMES.sum(name), zero(shape.length)] as const),
    ]);
    for (const [index, batch] of batches.entries()) {
      const own = weightNames.map((name) => [name, state[name]!] as const);
      const inputs = {
        ...constants,
        ...Object.fromEntries(own),
        ...before,
        ...batch.inputs,
        ...drawnInputs(masks, seed, firstDraw + index, batch.dims),
        ...placesInputs(tables, batch, rows),
        ...rowsInputs(
          tables.filter(({ name }) => training.tied.has(name)),
          rows,
        ),
      };
      const { held } = await gradient.run(inputs, []);
      freeAll(before);
      before = renamed(sums, held);
    }
    return before;
  };

  return {
    async take(batches, { lr, seed, firstDraw, title }) {
      const rows = rowsOf(tables, batches);
      const summed = await accumulate(batches, seed, firstDraw, rows);
      const step = optimizer.steps + 1;
      const factors = (kind: Block['kind']) =>
        stepFactors(step, 1, {
          ...ADAMW_DEFAULTS,
          lr: lr * kind.rate,
          weightDecay: kind.decayed ? weightDecay : 0,
        });
      const scalars: Record<string, Value> = { correction: scalar(factors(blocks[0]!.kind).correction) };
      for (const { name, kind } of blocks) {
        scalars[NAMES.decay(name)] = scalar(factors(kind).decay);
        scalars[NAMES.stepSize(name)] = scalar(factors(kind).stepSize);
      }
      if (average) scalars.average_share = scalar(average.shareAt(step));
      const { held, values } = await update.run({ ...summed, ...state, ...scalars, ...rowsInputs(sparse, rows) }, [
        'figures',
      ]);
      freeAll(summed);
      const [loss, norm] = [values.figures![0]!, values.figures![1]!];
      checkLoss(loss, title ?? titleOf(firstDraw, batches.length));
      freeAll(state);
      state = renamed(
        states.map(({ name }) => name),
        held,
      );
      optimizer.steps = step;
      isSettled = false;
      return { loss, norm };
    },
    async settle() {
      if (isSettled) return;
      for (const { block, kind, name } of states) spread(block, await memory.read(state[name]!), arrays[kind]);
      isSettled = true;
    },
    traffic: () => together(gradient, update),
    async release() {
      freeAll(state);
      freeAll(constants);
      await gradient.release();
      await update.release();
      await memory.release();
    },
  };
}

const STATE_KINDS = ['weight', 'first', 'second', 'average'] as const;

const scalar = (value: number): Value => ({ data: Float32Array.of(value), dims: [] });

/** Added to a value of some rank it changes nothing. */
const zero = (rank: number): Value => ({ data: Float32Array.of(0), dims: new Array<number>(rank).fill(1) });

function freeAll(values: Readonly<Record<string, Value | HeldValue>>): void {
  for (const value of Object.values(values)) if (isHeld(value)) value.free();
}

/** What a run left, by the names under which the next one takes it. */
const renamed = (names: readonly string[], held: Readonly<Record<string, HeldValue>>): Record<string, HeldValue> =>
  Object.fromEntries(names.map((name) => [name, held[NAMES.next(name)]!]));

/** By table: the trained rows that a step looks up, in order, each with its place. */
type StepRows = ReadonlyMap<string, ReadonlyMap<number, number>>;

function rowsOf(tables: readonly Block[], batches: readonly GraphBatch[]): StepRows {
  return new Map(
    tables.map(({ name, parts }) => {
      const { firstRow } = parts[0]!.parameter;
      const looked = batches.flatMap((batch) => Array.from(batch.lookedUp(name), (id) => Number(id) - firstRow));
      const rows = [...new Set(looked)].filter((row) => row >= 0).sort((a, b) => a - b);
      // A value without rows is none that devices take; one that nothing is added to does no harm.
      const some = rows.length > 0 ? rows : [0];
      return [name, new Map(some.map((row, place) => [row, place]))];
    }),
  );
}

const rowsInputs = (tables: readonly Block[], rows: StepRows): Record<string, Value> =>
  Object.fromEntries(
    tables.map(({ name }) => {
      const data = BigInt64Array.from(rows.get(name)!.keys(), BigInt);
      return [NAMES.rows(name), { data, dims: [data.length] }];
    }),
  );

/** Which of a step's rows each gathered row of a batch is. */
function placesInputs(tables: readonly Block[], batch: GraphBatch, rows: StepRows): Record<string, Value> {
  const inputs: Record<string, Value> = {};
  for (const { name, parts } of tables) {
    const own = rows.get(name)!;
    const { firstRow } = parts[0]!.parameter;
    const places = Float32Array.from(batch.lookedUp(name), (id) => own.get(Number(id) - firstRow) ?? -1);
    inputs[NAMES.places(name)] = { data: places, dims: [1, places.length] };
    inputs[NAMES.numbers(name)] = { data: Float32Array.from(own.values()), dims: [own.size, 1] };
  }
  return inputs;
}

const titleOf = (firstDraw: number, batches: number): string =>
  batches === 1 ? `batch ${firstDraw + 1}` : `batches ${firstDraw + 1} to ${firstDraw + batches}`;

function together(...sessions: readonly DeviceSession[]): Traffic {
  const sum = { runs: 0, toDevice: 0, toHost: 0 };
  for (const { runs, toDevice, toHost } of sessions.map((session) => session.traffic())) {
    sum.runs += runs;
    sum.toDevice += toDevice;
    sum.toHost += toHost;
  }
  return sum;
}
