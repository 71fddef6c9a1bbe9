import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isNoise, readTensors, relativeError } from '../../../test/support/parity.ts';
import { collate } from '../nn/batch.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import type { BatchRow } from '../nn/headPooling.ts';
import { initialLora, loraParameters, mergeLora } from '../nn/lora.ts';
import { buildForward, buildTraining, type ModelSpec } from '../nn/model.ts';
import { type ParameterSpec, parameterSpecs } from '../nn/parameters.ts';
import { loadWeights } from '../nn/weights/loadWeights.ts';
import { openSession } from '../runtime/session.ts';
import { openGradientStep } from './gradientStep.ts';
import { targetsOf } from './objective.ts';
import { createOptimizer } from './optimizer.ts';
import { rateShare } from './tuning.ts';

// Made with PyTorch by tools/fixtures/models.py: a BERT classifier of two layers.
const FOLDER = fileURLToPath(new URL('../../../test/fixtures/models/bert-cls', import.meta.url));
const LABELS = 5;
const TOLERANCE = 1e-4;
const RATES = { hidden: 0, attention: 0, head: 0 };
const DROPOUT = { hidden: 0.1, attention: 0.1, head: 0.1 };
const device = { device: 'cpu', threads: 1 } as const;
const lora = { rank: 3, alpha: 6, targets: 'all-linear' } as const;
const isHead = (name: string) => name.startsWith('classifier') || name.startsWith('bert.pooler');

interface Fixture {
  lr: number;
  weightDecay: number;
  clip: number;
  steps: { rows: BatchRow[]; labels: number[]; classWeights: number[] }[];
}

async function load() {
  const config = await readEncoderConfig(`${FOLDER}/config.json`);
  const spec: ModelSpec = { config, head: 'cls', labels: LABELS };
  const parameters = parameterSpecs(config, 'cls', LABELS);
  const { weights } = await loadWeights(FOLDER, config, parameters, 0);
  const fixture = JSON.parse(await readFile(`${FOLDER}/steps.json`, 'utf8')) as Fixture;
  return { spec, parameters, weights, fixture };
}

const tensors = (file: string) => readTensors(`${FOLDER}/${file}`);

const whole = (parameter: ParameterSpec) => ({ ...parameter, firstRow: 0 });
const aboveFirstLayer = ({ name }: ParameterSpec) => isHead(name) || name.includes('.layer.1.');

test('with frozen layers, the gradients of the trained parameters are those of PyTorch for all', async () => {
  const { spec, parameters, weights, fixture } = await load();
  const trained = parameters.filter(aboveFirstLayer).map(whole);
  const step = await openGradientStep(spec, RATES, weights, device, { lora: null, trained });
  const { rows, labels, classWeights } = fixture.steps[0]!;
  await step.add(collate(rows, spec.config, 'cls'), targetsOf(labels, classWeights), 0, 0);
  const expected = await tensors('gradients.safetensors');
  expect([...step.gradients.keys()]).toEqual(trained.map(({ name }) => name));
  for (const [name, { values }] of step.gradients) if (!isNoise(name)) expectClose(values, expected.get(name)!, name);
  await step.release();
});

test('the graph of frozen layers computes neither their gradients nor their dropout', async () => {
  const { spec } = await load();
  const full = buildTraining(spec, DROPOUT);
  const upper = buildTraining(spec, DROPOUT, aboveFirstLayer);
  const head = buildTraining(spec, DROPOUT, ({ name }) => isHead(name));
  // Embeddings, three sites a layer, the head.
  expect([full, upper, head].map(({ dropouts }) => dropouts.length)).toEqual([8, 4, 1]);
  expect(upper.onnx.length).toBeLessThan(0.7 * full.onnx.length);
  expect(head.onnx.length).toBeLessThan(0.5 * full.onnx.length);
});

test('of a table that is trained from a row on, only those rows have a gradient', async () => {
  const { spec, parameters, weights, fixture } = await load();
  const table = parameters.find(({ name }) => name === 'bert.embeddings.word_embeddings.weight')!;
  const [size, width] = table.shape as [number, number];
  const firstRow = size - 12;
  const trained = [{ ...table, shape: [12, width], firstRow }];
  const step = await openGradientStep(spec, RATES, weights, device, { lora: null, trained });
  const { rows, labels, classWeights } = fixture.steps[0]!;
  await step.add(collate(rows, spec.config, 'cls'), targetsOf(labels, classWeights), 0, 0);
  const expected = (await tensors('gradients.safetensors')).get(table.name)!;
  expectClose(step.gradients.get(table.name)!.values, expected.subarray(firstRow * width), 'rows');
  await step.release();
});

test('adapters: logits and gradients against PyTorch, the weights under them have none', async () => {
  const { spec, parameters, weights, fixture } = await load();
  const expected = await tensors('lora.safetensors');
  const adapters = loraParameters(spec.config, lora);
  const all = new Map([...weights, ...adapters.map(({ name }) => [name, expected.get(name)!] as const)]);
  const trained = [...adapters, ...parameters.filter(({ name }) => isHead(name))].map(whole);
  const step = await openGradientStep(spec, RATES, all, device, { lora, trained });
  const { rows, labels, classWeights } = fixture.steps[0]!;
  const batch = collate(rows, spec.config, 'cls');
  await step.add(batch, targetsOf(labels, classWeights), 0, 0);
  expect([...step.gradients.keys()].sort()).toEqual(
    [...expected.keys()].flatMap((key) => (key.startsWith('gradient:') ? key.slice(9) : [])).sort(),
  );
  for (const [name, { values }] of step.gradients) {
    if (!isNoise(name)) expectClose(values, expected.get(`gradient:${name}`)!, name);
  }
  await step.release();

  const merged = new Map([...weights].map(([name, values]) => [name, values.slice()]));
  mergeLora(spec.config, lora, all, merged);
  const session = await openSession(buildForward(spec, merged), device);
  const { logits } = await session.run(batch.inputs, ['logits']);
  expectClose(logits!, expected.get('logits')!, 'logits of the merged weights');
  await session.release();
});

test('new adapters change nothing, bit for bit', async () => {
  const { spec, weights } = await load();
  const merged = new Map([...weights].map(([name, values]) => [name, new Float32Array(values.length)]));
  const own = initialLora(spec.config, lora, 42);
  mergeLora(spec.config, lora, new Map([...weights, ...own]), merged);
  for (const name of own.keys()) {
    const layer = name.replace(/\.lora_[AB]\.weight$/, '.weight');
    expect(merged.get(layer)).toEqual(weights.get(layer));
  }
});

test('layer-wise rates: three steps against PyTorch parameter groups', async () => {
  const { spec, weights, fixture } = await load();
  const step = await openGradientStep(spec, RATES, weights, device);
  const optimizer = createOptimizer(weights);
  const share = (name: string) => rateShare(name, spec.config, 0.5);
  for (const [index, { rows, labels, classWeights }] of fixture.steps.slice(0, 3).entries()) {
    step.clear();
    await step.add(collate(rows, spec.config, 'cls'), targetsOf(labels, classWeights), 0, index);
    optimizer.step(step.gradients, { ...fixture, rateShare: share });
  }
  const expected = await tensors('layer_decay.safetensors');
  for (const [name, weight] of weights) if (!isNoise(name)) expectClose(weight, expected.get(name)!, name);
  await step.release();
});

test('the learning rate falls from the head to the embeddings', async () => {
  const { spec } = await load();
  const names = ['classifier.weight', 'bert.pooler.dense.bias', 'bert.encoder.layer.1.output.dense.weight'];
  const lower = ['bert.encoder.layer.0.output.dense.weight', 'bert.embeddings.LayerNorm.bias'];
  expect([...names, ...lower].map((name) => rateShare(name, spec.config, 0.5))).toEqual([1, 1, 0.5, 0.25, 0.125]);
});

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void =>
  expect(relativeError(actual, expected, what), what).toBeLessThan(TOLERANCE);
