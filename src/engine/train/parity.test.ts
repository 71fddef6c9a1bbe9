import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectAlike, expectGradients, readTensors, relativeError } from '../../../test/support/parity.ts';
import type { HeadName } from '../../base/core/settings.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { buildForward } from '../nn/model.ts';
import { answersOf, batchOf, type ModelRow, padAnswers } from '../nn/packedBatch.ts';
import { parameterSpecs } from '../nn/parameters.ts';
import { loadWeights } from '../nn/weights/loadWeights.ts';
import { openSession } from '../runtime/session.ts';
import { openGradientStep } from './gradientStep.ts';
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
const device = { device: 'cpu', threads: 1 } as const;

describe.each([
  'bert-cls',
  'roberta-cls',
  'electra-cls',
  'bert-entity-start',
  'bert-start-mean',
  'bert-packed',
  'roberta-packed',
])('%s against PyTorch', (name) => {
  const folder = fileURLToPath(new URL(`../../../test/fixtures/models/${name}`, import.meta.url));
  const load = async () => {
    const fixture = JSON.parse(await readFile(`${folder}/steps.json`, 'utf8')) as Fixture;
    const config = await readEncoderConfig(`${folder}/config.json`);
    const packed = name.endsWith('-packed');
    const spec = { config, head: fixture.head, labels: LABELS, packed };
    const parameters = parameterSpecs(config, fixture.head, LABELS);
    return { fixture, spec, weights: (await loadWeights(folder, config, parameters, 0)).weights };
  };
  const tensors = (file: string) => readTensors(`${folder}/${file}`);

  test('logits of the forward graph', async () => {
    const { fixture, spec, weights } = await load();
    const session = await openSession(buildForward(spec, weights), device);
    const { rows, logits } = fixture.steps[0]!;
    const batch = batchOf(rows, spec);
    const results = await session.run(batch.inputs, ['logits']);
    const answered = rows.flatMap((row, at) => {
      const from = at * batch.answers * LABELS;
      return [...results.logits!.slice(from, from + answersOf(row) * LABELS)];
    });
    expect(relativeError(answered, logits)).toBeLessThan(TOLERANCE);
    await session.release();
  });

  test('loss, norm and every gradient of the first step, loss and weights of ten', async () => {
    const { fixture, spec, weights } = await load();
    const step = await openGradientStep(spec, { hidden: 0, attention: 0, head: 0 }, weights, device);
    const optimizer = createOptimizer(weights);
    const expected = await tensors('gradients.safetensors');
    for (const [index, { rows, labels, classWeights, loss, norm }] of fixture.steps.entries()) {
      step.clear();
      const batch = batchOf(rows, spec);
      const targets = padAnswers(targetsOf(labels, classWeights), rows, batch.answers);
      const ours = await step.add(batch, targets, 0, index);
      expect(ours).toBeCloseTo(loss, 4);
      if (index === 0) expectGradients(step.gradients, expected, TOLERANCE);
      expect(optimizer.step(step.gradients, fixture) / norm).toBeCloseTo(1, 3);
    }
    expectAlike(weights, await tensors('after.safetensors'), TOLERANCE);
    await step.release();
  });

  test('two half batches add up to the whole one', async () => {
    const { fixture, spec, weights } = await load();
    const step = await openGradientStep(spec, { hidden: 0, attention: 0, head: 0 }, weights, device);
    const { rows, labels, classWeights } = fixture.steps[0]!;
    const targets = targetsOf(labels, classWeights);
    const before = rows.slice(0, 2).reduce((sum, row) => sum + answersOf(row), 0) * LABELS;
    for (const [half, own] of [
      [rows.slice(0, 2), targets.slice(0, before)],
      [rows.slice(2), targets.slice(before)],
    ] as const) {
      const batch = batchOf(half, spec);
      await step.add(batch, padAnswers(own, half, batch.answers), 0, 0);
    }
    expectGradients(step.gradients, await tensors('gradients.safetensors'), TOLERANCE);
    await step.release();
  });
});
