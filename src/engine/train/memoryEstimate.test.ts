import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lineIn, type ReportLine, silentReporter } from '../../base/core/reporter.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { parameterSpecs, sizeOf } from '../nn/parameters.ts';
import { type TrainingPlan, trainingPlanSchema } from '../runs/plan.ts';
import { checkMemory, pretrainMemory, trainingMemory } from './memoryEstimate.ts';
import { isFrozen } from './tuning.ts';

const plan: TrainingPlan = trainingPlanSchema.parse({
  ...{ encoder: 'bundled', encoderLayers: null, marker: 'entity', head: 'entity-start', loss: 'ce', maxLength: 128 },
  ...{ batchSize: 32, lr: 1e-4, schedule: 'linear', warmup: 0.1, weightDecay: 0.01, clip: 1, dropout: null, epochs: 2 },
  ...{ accumulate: 1, validation: 0.1, seed: 42, data: 'digest' },
});

const config = await readEncoderConfig(
  fileURLToPath(new URL('../../../models/encoder-ko/config.json', import.meta.url)),
);

const trainedValues = ({ freezeLayers = 0 }: Partial<TrainingPlan>) =>
  parameterSpecs(config, plan.head, 30)
    .filter(({ name }) => !isFrozen(name, freezeLayers))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);

const estimate = (changes: Partial<TrainingPlan>, longest: number) =>
  trainingMemory({ ...plan, ...changes }, { config, labels: 30, longest });

test.each<[Partial<TrainingPlan>, number, number]>([
  [{ batchSize: 16 }, 72, 666e6],
  [{}, 72, 859e6],
  [{}, 128, 1358e6],
  [{ freezeLayers: 3 }, 72, 524e6],
  [{ loraRank: 8 }, 72, 739e6],
])('%o at %i tokens: within a fifth of the measured peak', (changes, longest, measured) => {
  const ratio = estimate(changes, longest) / measured;
  expect(Math.abs(ratio - 1)).toBeLessThan(0.2);
});

test('averaged weights take a copy of what is trained', () => {
  const weights = 4 * trainedValues({});
  expect(estimate({ ema: 0.99 }, 72) - estimate({}, 72)).toBeCloseTo(weights, 0);
  const upper = 4 * trainedValues({ freezeLayers: 3 });
  expect(upper).toBeLessThan(weights / 2);
  expect(estimate({ ema: 0.99, freezeLayers: 3 }, 72) - estimate({ freezeLayers: 3 }, 72)).toBeCloseTo(upper, 0);
});

test('what cannot fit is refused, what does not fit now is warned of', () => {
  const warnings: string[] = [];
  const reporter = { ...silentReporter, warn: (line: ReportLine) => void warnings.push(lineIn(line, 'en')) };
  checkMemory(2e9, { total: 8e9, available: 3e9 }, reporter);
  expect(warnings).toEqual([]);
  checkMemory(4e9, { total: 8e9, available: 3e9 }, reporter);
  expect(warnings).toEqual([expect.stringContaining('about 4.0 GB of memory; 3.0 GB are free')]);
  expect(() => checkMemory(12e9, { total: 8e9, available: 3e9 }, reporter)).toThrow('this machine has 8.0 GB');
});

test('a pretraining’s logits are bounded, whatever its vocabulary', async () => {
  const config = await readEncoderConfig(
    fileURLToPath(new URL('../../../models/encoder-ko/config.json', import.meta.url)),
  );
  const needed = (vocabulary: number) =>
    pretrainMemory(64, { config: { ...config, vocab_size: vocabulary }, longest: 128 });
  // Weights, gradient, two moments of each token's row and of its bias, half of the weights once more for worker threads,
  // and the row's gradient once more.
  const perToken = 4 * (4.5 * 385 + 384);
  expect(needed(250_000) - needed(150_000)).toBeCloseTo(100_000 * perToken);
  expect(needed(20_094)).toBeGreaterThan(0.6e9);
  expect(needed(20_094)).toBeLessThan(1.6e9);
});
