import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectAlike, expectGradients, readTensors, relativeError } from '../../../test/support/parity.ts';
import { UNKNOWN_TAG } from '../../base/text/bio.ts';
import { collateTokens } from '../nn/batch.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { parameterSpecs } from '../nn/parameters.ts';
import { loadWeights } from '../nn/weights/loadWeights.ts';
import { openTokenPass } from '../runtime/forwardPass.ts';
import { entityTargets } from './entityTask.ts';
import { openGradientStep } from './gradientStep.ts';
import { createOptimizer } from './optimizer.ts';

// Made with PyTorch and transformers' AutoModelForTokenClassification by tools/fixtures/token_models.py.
interface Fixture {
  lr: number;
  weightDecay: number;
  clip: number;
  steps: { rows: { ids: number[]; tags: number[] }[]; logits?: number[][]; loss: number; norm: number }[];
}

const TAGS = 5;
const TOLERANCE = 1e-4;
const device = { device: 'cpu', threads: 1 } as const;
const WITHOUT_TEACHERS = { distillWeight: null };

const sentence = { id: '', sentence: '', entities: [], partial: false, weight: 1 };
const rowsOf = ({ rows }: Fixture['steps'][number]) =>
  rows.map(({ ids, tags }) => ({
    ...{ ids, tags: Int16Array.from(tags), sentence },
    barred: Int16Array.from(tags, () => UNKNOWN_TAG),
  }));

describe.each(['bert', 'xlm-roberta', 'electra'])('a head for every token over %s, against PyTorch', (architecture) => {
  const folder = fileURLToPath(new URL(`../../../test/fixtures/models/${architecture}-tokens`, import.meta.url));
  const load = async () => {
    const fixture = JSON.parse(await readFile(`${folder}/steps.json`, 'utf8')) as Fixture;
    const config = await readEncoderConfig(`${folder}/config.json`);
    const spec = { config, head: 'tokens', labels: TAGS } as const;
    const parameters = parameterSpecs(config, spec.head, TAGS);
    return { fixture, spec, weights: (await loadWeights(folder, config, parameters, 0)).weights };
  };
  const tensors = (file: string) => readTensors(`${folder}/${file}`);

  test('logits of each token, in batches of any size', async () => {
    const { fixture, spec, weights } = await load();
    const { rows, logits } = fixture.steps[0]!;
    const forward = await openTokenPass(spec, weights, 'fixed', device);
    for (const batchSize of [1, 4]) {
      const result = await forward.run(rows, { batchSize });
      for (const [row, expected] of logits!.entries()) {
        expect(result.logits[row]).toHaveLength(rows[row]!.ids.length * TAGS);
        expect(relativeError([...result.logits[row]!], expected)).toBeLessThan(TOLERANCE);
      }
    }
    await forward.release();
  });

  test('loss, norm and every gradient of the first step, loss and weights of ten', async () => {
    const { fixture, spec, weights } = await load();
    const step = await openGradientStep(spec, { hidden: 0, attention: 0, head: 0 }, weights, device);
    const optimizer = createOptimizer(weights);
    const expected = await tensors('gradients.safetensors');
    for (const [index, each] of fixture.steps.entries()) {
      step.clear();
      const rows = rowsOf(each);
      const batch = collateTokens(rows, spec.config);
      const targets = entityTargets(rows, batch.width, TAGS, WITHOUT_TEACHERS);
      expect(await step.add(batch, targets, 0, index)).toBeCloseTo(each.loss, 4);
      if (index === 0) expectGradients(step.gradients, expected, TOLERANCE);
      expect(optimizer.step(step.gradients, fixture) / each.norm).toBeCloseTo(1, 3);
    }
    expectAlike(weights, await tensors('after.safetensors'), TOLERANCE);
    await step.release();
  });

  test('gradients hold to finite differences, where tags are unknown and teachers answer', async () => {
    const { fixture, spec, weights } = await load();
    const step = await openGradientStep(spec, { hidden: 0, attention: 0, head: 0 }, weights, device);
    const rows = rowsOf(fixture.steps[1]!).map((row, index) => ({
      ...row,
      sentence: { ...sentence, weight: 1 + index },
      soft: Float32Array.from({ length: row.ids.length * TAGS }, (_, i) => ((i % TAGS) + 1) / 15),
    }));
    expect(rows.some(({ tags }) => tags.slice(1, -1).includes(UNKNOWN_TAG))).toBe(true);
    const batch = collateTokens(rows, spec.config);
    const targets = entityTargets(rows, batch.width, TAGS, { distillWeight: 0.3 });
    const loss = async () => {
      step.clear();
      return step.add(batch, targets, 0, 0);
    };
    await loss();
    for (const name of ['classifier.weight', 'classifier.bias']) {
      const gradient = step.gradients.get(name)!.values.slice();
      const weight = weights.get(name)!;
      for (const at of [0, weight.length - 1]) {
        const [before, epsilon] = [weight[at]!, 1e-2];
        weight[at] = before + epsilon;
        const above = await loss();
        weight[at] = before - epsilon;
        const below = await loss();
        weight[at] = before;
        expect((above - below) / (2 * epsilon) / gradient[at]!).toBeCloseTo(1, 1);
      }
    }
    await step.release();
  });
});
