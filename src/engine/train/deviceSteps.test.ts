import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectAlike, readTensors } from '../../../test/support/parity.ts';
import { lacksSoftwareDevice } from '../../../test/support/softwareDevice.ts';
import type { HeadName } from '../../base/core/settings.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { initialLora, loraParameters } from '../nn/lora.ts';
import { CROSS_ENTROPY } from '../nn/loss.ts';
import type { ModelSpec } from '../nn/model.ts';
import { batchOf, type ModelRow, padAnswers } from '../nn/packedBatch.ts';
import { parameterSpecs } from '../nn/parameters.ts';
import { loadWeights } from '../nn/weights/loadWeights.ts';
import { openDeviceMemory } from '../runtime/deviceSession.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { averageOf } from './average.ts';
import { graphBatch } from './gradientStep.ts';
import type { GraphBatch } from './gradientSum.ts';
import { openModelDeviceSteps, openModelSteps, type StepGoal, type StepState } from './modelSteps.ts';
import { targetsOf } from './objective.ts';
import { createOptimizer } from './optimizer.ts';

// Made with PyTorch and transformers by tools/fixtures/models.py.
interface Fixture {
  head: HeadName;
  lr: number;
  weightDecay: number;
  clip: number;
  steps: { rows: ModelRow[]; labels: number[]; classWeights: number[]; logits: number[]; loss: number; norm: number }[];
}

const LABELS = 5;
const TOLERANCE = 1e-4;
const cpu = { device: 'cpu', threads: 1 } as const;

async function load(name: string) {
  const folder = fileURLToPath(new URL(`../../../test/fixtures/models/${name}`, import.meta.url));
  const fixture = JSON.parse(await readFile(`${folder}/steps.json`, 'utf8')) as Fixture;
  const config = await readEncoderConfig(`${folder}/config.json`);
  const spec = { config, head: fixture.head, labels: LABELS, packed: name.endsWith('-packed') };
  const { weights } = await loadWeights(folder, config, parameterSpecs(config, fixture.head, LABELS), 0);
  return { folder, fixture, spec, weights };
}

type Loaded = Awaited<ReturnType<typeof load>>;

/** What is trained: everything, from copies of the weights. */
function stateOf({ spec, weights }: Pick<Loaded, 'spec' | 'weights'>, ema = 0) {
  const trained = parameterSpecs(spec.config, spec.head, LABELS).map((parameter) => ({ ...parameter, firstRow: 0 }));
  const copy = () => new Map(trained.map(({ name }) => [name, weights.get(name)!.slice()]));
  const own = copy();
  const tuning = { lora: null, trained, weights: own, trainedWeights: own };
  const average = ema > 0 ? averageOf(ema, tuning, { trainedWeights: copy() }) : null;
  return { tuning, optimizer: createOptimizer(own), average };
}

const NO_DROPOUT = { hidden: 0, attention: 0, head: 0 };
const DROPOUT = { hidden: 0.25, attention: 0.1, head: 0.5 };

function batchesOf({ spec, fixture }: Loaded) {
  return fixture.steps.map(({ rows, labels, classWeights }) => {
    const batch = batchOf(rows, spec);
    return graphBatch(spec, batch, padAnswers(targetsOf(labels, classWeights), rows, batch.answers));
  });
}

/** Steps on a device beside those on the host, from equal states; settled. */
async function bothWays(
  spec: ModelSpec,
  states: readonly [StepState, StepState],
  goal: Omit<StepGoal, 'loss'>,
  groups: readonly (readonly GraphBatch[])[],
) {
  const whole = { ...goal, loss: CROSS_ENTROPY };
  const host = await openModelSteps(spec, states[0], whole, cpu);
  const device = await openModelDeviceSteps(spec, states[1], whole, cpu);
  for (const [index, group] of groups.entries()) {
    const call = { lr: 0.003, seed: 0, firstDraw: index * 10 };
    const [expected, found] = [await host.take(group, call), await device.take(group, call)];
    expect(found.loss).toBeCloseTo(expected.loss, 4);
    expect(found.norm / expected.norm).toBeCloseTo(1, 4);
  }
  await device.settle();
  await host.release();
  await device.release();
}

function expectSameState(actual: StepState, expected: StepState, tolerance = TOLERANCE) {
  expectAlike(actual.tuning.trainedWeights, expected.tuning.trainedWeights, tolerance);
  for (const kind of ['first', 'second'] as const) {
    const values = ({ optimizer }: StepState) => new Map([...optimizer.moments].map(([name, m]) => [name, m[kind]]));
    expectAlike(values(actual), values(expected), tolerance);
  }
  if (expected.average)
    expectAlike(actual.average!.tuning.trainedWeights, expected.average.tuning.trainedWeights, tolerance);
}

describe('steps whose state stays on a device', () => {
  test.each(['bert-cls', 'roberta-cls', 'electra-cls', 'bert-packed'])(
    '%s: loss, norm and weights of ten steps are PyTorch’s',
    async (name) => {
      const loaded = await load(name);
      const { folder, fixture, spec } = loaded;
      const state = stateOf(loaded);
      const goal = { rates: NO_DROPOUT, loss: CROSS_ENTROPY, plan: fixture };
      const steps = await openModelDeviceSteps(spec, state, goal, cpu);
      for (const [index, batch] of batchesOf(loaded).entries()) {
        const { loss, norm } = await steps.take([batch], { lr: fixture.lr, seed: 0, firstDraw: index });
        expect(loss).toBeCloseTo(fixture.steps[index]!.loss, 4);
        expect(norm / fixture.steps[index]!.norm).toBeCloseTo(1, 3);
      }
      await steps.settle();
      expectAlike(state.tuning.trainedWeights, await readTensors(`${folder}/after.safetensors`), TOLERANCE);
      await steps.release();
    },
  );

  test('gradients added up, shares of the rate and a moving average: what the host’s steps end in', async () => {
    const loaded = await load('bert-cls');
    const batches = batchesOf(loaded);
    const states = [stateOf(loaded, 0.9), stateOf(loaded, 0.9)] as const;
    const rateShare = (name: string) => (name.startsWith('classifier') ? 1 : 0.5);
    const plan = { weightDecay: 0.1, clip: 0.5, rateShare };
    const groups = [batches.slice(0, 2), batches.slice(2, 5), batches.slice(5, 6)];
    await bothWays(loaded.spec, states, { rates: NO_DROPOUT, plan }, groups);
    expectSameState(states[1], states[0]);
  });

  test('adapters, with a table that is trained from a row on', async () => {
    const loaded = await load('bert-cls');
    const { spec, weights } = loaded;
    const lora = { rank: 3, alpha: 6, targets: 'all-linear' } as const;
    const own = loraParameters(spec.config, lora);
    const all = parameterSpecs(spec.config, spec.head, LABELS);
    const table = all.find(({ name }) => name.endsWith('word_embeddings.weight'))!;
    const [size, width] = table.shape as [number, number];
    const firstRow = size - 12;
    const newState = (): StepState => {
      const copies = new Map([...weights, ...initialLora(spec.config, lora, 5)].map(([name, w]) => [name, w.slice()]));
      const trained = [{ ...table, shape: [12, width], firstRow }, ...own.map((one) => ({ ...one, firstRow: 0 }))];
      const views = new Map(
        trained.map(({ name }) => [name, copies.get(name)!.subarray(name === table.name ? firstRow * width : 0)]),
      );
      const tuning = { lora, trained, weights: copies, trainedWeights: views };
      return { tuning, optimizer: createOptimizer(views), average: null };
    };
    const states = [newState(), newState()] as const;
    const goal = { rates: NO_DROPOUT, plan: { weightDecay: 0.01, clip: 0 } };
    await bothWays(
      spec,
      states,
      goal,
      batchesOf(loaded)
        .slice(0, 3)
        .map((batch) => [batch]),
    );
    expectSameState(states[1], states[0]);
    // What is not trained is as it was.
    expect(states[1].tuning.weights.get(table.name)!.subarray(0, firstRow * width)).toEqual(
      weights.get(table.name)!.subarray(0, firstRow * width),
    );
  });

  test('a training that is settled, opened again and continued ends in the same bytes', async () => {
    const loaded = await load('bert-cls');
    const [whole, parted] = [stateOf(loaded, 0.9), stateOf(loaded, 0.9)];
    await takeSteps(loaded, whole, cpu, [0, 1, 2, 3]);
    await takeSteps(loaded, parted, cpu, [0, 1]);
    await takeSteps(loaded, parted, cpu, [2, 3]);
    expect(parted.tuning.trainedWeights).toEqual(whole.tuning.trainedWeights);
    expect(parted.optimizer.moments).toEqual(whole.optimizer.moments);
    expect(parted.average!.tuning.trainedWeights).toEqual(whole.average!.tuning.trainedWeights);
  });

  test('a loss that is not a number is an error, and the state that of the step before', async () => {
    const loaded = await load('bert-cls');
    const [batch] = batchesOf(loaded) as [GraphBatch];
    const state = stateOf(loaded);
    const goal = { rates: NO_DROPOUT, loss: CROSS_ENTROPY, plan: loaded.fixture };
    const steps = await openModelDeviceSteps(loaded.spec, state, goal, cpu);
    await steps.take([batch], { lr: 1e-3, seed: 0, firstDraw: 0 });
    await steps.settle();
    const before = new Map([...state.tuning.trainedWeights].map(([name, weight]) => [name, weight.slice()]));
    const targets = {
      data: new Float32Array(batch.inputs.targets!.data.length).fill(Number.NaN),
      dims: batch.inputs.targets!.dims,
    };
    const broken = { ...batch, inputs: { ...batch.inputs, targets } };
    await expect(steps.take([batch, broken], { lr: 1e-3, seed: 0, firstDraw: 6 })).rejects.toMatchObject({
      kind: 'failed',
      message: 'The loss became NaN in batches 7 to 8.',
      hint: expect.stringContaining('Earlier checkpoints are intact'),
    });
    expect(state.optimizer.steps).toBe(1);
    await steps.settle();
    expect(state.tuning.trainedWeights).toEqual(before);
    await steps.release();
  });

  test('what a step takes there and back is counted: batches and two numbers', async () => {
    const loaded = await load('bert-cls');
    const [batch] = batchesOf(loaded) as [GraphBatch];
    const goal = { rates: DROPOUT, loss: CROSS_ENTROPY, plan: loaded.fixture };
    const steps = await openModelDeviceSteps(loaded.spec, stateOf(loaded), goal, cpu);
    await steps.take([batch], { lr: 1e-3, seed: 0, firstDraw: 0 });
    const { toDevice, toHost } = steps.traffic();
    const rows = Object.values(batch.inputs).reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(toHost).toBe(8);
    expect(toDevice).toBeGreaterThan(rows);
    expect(toDevice).toBeLessThan(3 * rows + 2000);
    await steps.release();
  });

  test('a device that fails says that checkpoints are intact', async () => {
    const memory = await openDeviceMemory(cpu);
    const held = await memory.hold({ data: Float32Array.of(1, 2), dims: [2] });
    expect(await memory.read(held)).toEqual(Float32Array.of(1, 2));
    held.free();
    await expect(memory.read(held)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^The device cpu failed: .*Checkpoints are intact\.$/),
      hint: expect.stringContaining('--resume'),
    });
    await memory.release();
  });
});

/** With dropout, two batches each; settled and released. */
async function takeSteps(loaded: Loaded, state: StepState, options: SessionOptions, steps: readonly number[]) {
  const [batch] = batchesOf(loaded) as [GraphBatch];
  const goal = { rates: DROPOUT, loss: CROSS_ENTROPY, plan: { weightDecay: 0.1, clip: 1 } };
  const taken = await openModelDeviceSteps(loaded.spec, state, goal, options);
  const losses: number[] = [];
  for (const step of steps)
    losses.push((await taken.take([batch, batch], { lr: 1e-3, seed: 3, firstDraw: 2 * step })).loss);
  await taken.settle();
  await taken.release();
  return losses;
}

// One layer: a driver in software compiles a shader for a tenth of a second.
test.skipIf(lacksSoftwareDevice())(
  'on a graphics device: the CPU’s steps, and the same bytes again',
  async () => {
    const whole = await load('bert-cls');
    const spec = { ...whole.spec, config: { ...whole.spec.config, num_hidden_layers: 1 } };
    const loaded = { ...whole, spec };
    const gpu = { device: 'webgpu', threads: 1 } as const;
    // What is compiled is kept as long as something is open.
    const memory = await openDeviceMemory(gpu);
    const [expected, found, again] = [stateOf(loaded, 0.9), stateOf(loaded, 0.9), stateOf(loaded, 0.9)];
    const losses = await takeSteps(loaded, expected, cpu, [0, 1]);
    // The same masks, or the losses would be far apart.
    for (const [step, loss] of (await takeSteps(loaded, found, gpu, [0, 1])).entries())
      expect(loss).toBeCloseTo(losses[step]!, 3);
    expectSameState(found, expected, 1e-2);
    await takeSteps(loaded, again, gpu, [0]);
    await takeSteps(loaded, again, gpu, [1]);
    expect(again.tuning.trainedWeights).toEqual(found.tuning.trainedWeights);
    expect(again.optimizer.moments).toEqual(found.optimizer.moments);
    await memory.release();
  },
  300_000,
);
