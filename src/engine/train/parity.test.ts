import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectAlike, expectGradients, readTensors, relativeError } from '../../../test/support/parity.ts';
import type { HeadName } from '../../base/core/settings.ts';
import { collate } from '../nn/batch.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import type { BatchRow } from '../nn/headPooling.ts';
import { buildForward } from '../nn/model.ts';
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
  steps: { rows: BatchRow[]; labels: number[]; classWeights: number[]; logits: number[]; loss: number; norm: number }[];
}

const LABELS = 5;
const TOLERANCE = 1e-4;
const device = { device: 'cpu', threads: 1 } as const;

describe.each(['bert-cls', 'roberta-cls', 'electra-cls', 'bert-entity-start', 'bert-start-mean'])(
  '%s against PyTorch',
  (name) => {
    const folder = fileURLToPath(new URL(`../../../test/fixtures/models/${name}`, import.meta.url));
    const load = async () => {
      const fixture = JSON.parse(await readFile(`${folder}/steps.json`, 'utf8')) as Fixture;
      const config = await readEncoderConfig(`${folder}/config.json`);
      const spec = { config, head: fixture.head, labels: LABELS };
      const parameters = parameterSpecs(config, fixture.head, LABELS);
      return { fixture, spec, weights: (await loadWeights(folder, config, parameters, 0)).weights };
    };
    const tensors = (file: string) => readTensors(`${folder}/${file}`);

    test('logits of the forward graph', async () => {
      const { fixture, spec, weights } = await load();
      const session = await openSession(buildForward(spec, weights), device);
      const { rows, logits } = fixture.steps[0]!;
      const results = await session.run(collate(rows, spec.config, spec.head).inputs, ['logits']);
      expect(relativeError(results.logits!, logits)).toBeLessThan(TOLERANCE);
      await session.release();
    });

    test('loss, norm and every gradient of the first step, loss and weights of ten', async () => {
      const { fixture, spec, weights } = await load();
      const step = await openGradientStep(spec, { hidden: 0, attention: 0, head: 0 }, weights, device);
      const optimizer = createOptimizer(weights);
      const expected = await tensors('gradients.safetensors');
      for (const [index, { rows, labels, classWeights, loss, norm }] of fixture.steps.entries()) {
        step.clear();
        const batch = collate(rows, spec.config, spec.head);
        const ours = await step.add(batch, targetsOf(labels, classWeights), 0, index);
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
      for (const half of [0, 2]) {
        const batch = collate(rows.slice(half, half + 2), spec.config, spec.head);
        await step.add(batch, targets.slice(half * LABELS, (half + 2) * LABELS), 0, 0);
      }
      expectGradients(step.gradients, await tensors('gradients.safetensors'), TOLERANCE);
      await step.release();
    });
  },
);
