import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lacksSoftwareDevice } from '../../../test/support/softwareDevice.ts';
import { DEVICE_NAMES } from '../../base/core/settings.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { type TrainingPlan, trainingPlanSchema } from '../runs/plan.ts';
import { trialNote, tryDevice } from './deviceTrial.ts';

const PLAN: TrainingPlan = trainingPlanSchema.parse({
  ...{ encoder: 'tiny', encoderLayers: null, marker: 'entity', head: 'cls', loss: 'ce', maxLength: 16, epochs: 2 },
  ...{ batchSize: 8, lr: 1e-4, schedule: 'linear', warmup: 0.1, weightDecay: 0.01, clip: 1, dropout: null },
  ...{ accumulate: 1, validation: 0.1, seed: 42, data: 'digest' },
});
const configOf = (model: string) =>
  readEncoderConfig(fileURLToPath(new URL(`../../../test/fixtures/models/${model}/config.json`, import.meta.url)));

const CASES: readonly [string, string, Partial<TrainingPlan>][] = [
  ['BERT', 'bert-cls', {}],
  ['entity starts without dropout', 'bert-cls', { head: 'entity-start', dropout: 0 }],
  ['RoBERTa, one layer', 'roberta-cls', { encoderLayers: 1 }],
  ['ELECTRA, a frozen layer', 'electra-cls', { freezeLayers: 1 }],
  ['LoRA', 'bert-cls', { loraRank: 2 }],
  ['focal loss', 'bert-cls', { loss: 'focal', focalGamma: 2, labelSmoothing: 0.1 }],
  ['logit adjustment', 'bert-cls', { logitAdjust: 1 }],
];

test.each(CASES)('%s: the trial step has the plan’s operators', async (_, model, changes) => {
  const trial = await tryDevice({ ...PLAN, ...changes }, await configOf(model), 5, 'cpu');
  expect(trial.deviation).toBe(0);
  // On the CPU, all of them are the CPU's.
  expect(Object.values(trial.onCpu).reduce((sum, count) => sum + count, 0)).toBe(trial.operators);
  expect(trial.onCpu.Gemm).toBeGreaterThan(0);
});

test('the note names what the CPU runs, the most frequent first', () => {
  const trial = { operators: 184, onCpu: { LogSoftmax: 1, ConstantOfShape: 2 }, deviation: 0 };
  expect(trialNote('webgpu', trial)).toBe(
    '--device webgpu: 3 of the 184 operators of a training step run on the CPU: ConstantOfShape (2), LogSoftmax.',
  );
  expect(trialNote('webgpu', { ...trial, onCpu: {} })).toBeNull();
});

test.skipIf(lacksSoftwareDevice())(
  'on a graphics device, the trial takes the step that keeps its weights there',
  async () => {
    const trial = await tryDevice({ ...PLAN, encoderLayers: 1 }, await configOf('bert-cls'), 5, 'webgpu');
    expect(trial.deviation).toBeLessThan(0.005);
    // What is left to the CPU are sizes and places of a few bytes.
    expect(Object.keys(trial.onCpu).filter((op) => !SMALL.includes(op))).toEqual([]);
  },
  300_000,
);
const SMALL = ['Unsqueeze', 'Concat'];

// KOREX_DEVICE names a device of this machine, such as webgpu; without it these are reported as skipped.
const device = DEVICE_NAMES.find((name) => name === process.env.KOREX_DEVICE);
describe.skipIf(device === undefined)(`on ${device ?? 'another device'}`, () => {
  test.each(CASES)('%s: the gradient is the CPU’s', async (_, model, changes) => {
    const trial = await tryDevice({ ...PLAN, ...changes }, await configOf(model), 5, device!);
    console.info(trialNote(device!, trial) ?? `all ${trial.operators} operators on ${device}`, trial.deviation);
    expect(trial.deviation).toBeLessThan(0.005);
    expect(trial.onCpu.Gemm ?? 0).toBe(0);
  });
});
