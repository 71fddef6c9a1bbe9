import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectAlike, expectGradients, readTensors } from '../../../test/support/parity.ts';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { collateMasked, type MaskedRow } from '../nn/maskedBatch.ts';
import { maskedParameters, wordTable } from '../nn/maskedHead.ts';
import { loadMaskedLanguageModel } from '../nn/maskedLanguageModel.ts';
import { buildMaskedTraining } from '../nn/maskedModel.ts';
import { loadWeights } from '../nn/weights/loadWeights.ts';
import { dimensions, lookedUp } from './gradientStep.ts';
import { openGradientSum } from './gradientSum.ts';
import { maskedBatches, openMaskedLoss, openMaskedSteps } from './maskedStep.ts';
import { createOptimizer } from './optimizer.ts';

// Made with PyTorch and transformers by tools/fixtures/masked.py.
interface Fixture {
  lr: number;
  weightDecay: number;
  clip: number;
  steps: { rows: MaskedRow[]; loss: number; norm: number }[];
}

const TOLERANCE = 1e-4;
const device = { device: 'cpu', threads: 1 } as const;
const NO_DROPOUT = { hidden: 0, attention: 0, head: 0 };

describe.each(['bert-masked', 'roberta-masked', 'electra-masked'])('%s against PyTorch', (name) => {
  const folder = fileURLToPath(new URL(`../../../test/fixtures/models/${name}`, import.meta.url));
  const load = async () => {
    const fixture = JSON.parse(await readFile(`${folder}/steps.json`, 'utf8')) as Fixture;
    const config = await readEncoderConfig(`${folder}/config.json`);
    const loaded = await loadWeights(folder, config, maskedParameters(config), 0);
    return { fixture, config, ...loaded };
  };
  const tensors = (file: string) => readTensors(`${folder}/${file}`);

  const firstGradient = async ({
    fixture,
    config,
    weights,
  }: Omit<Awaited<ReturnType<typeof load>>, 'drawn' | 'notes'>) => {
    const sum = await openGradientSum(buildMaskedTraining(config, NO_DROPOUT), weights, device);
    for (const batch of maskedBatches(fixture.steps[0]!.rows, config)) await sum.add(batch, 0, 0);
    return sum;
  };

  test('the head is read from the file, all of it', async () => {
    const { drawn, notes } = await load();
    expect([...drawn]).toEqual([]);
    expect(notes).toEqual([]);
  });

  test('loss, norm and every gradient of the first step, loss and weights of three', async () => {
    const { fixture, config, weights } = await load();
    const sum = await firstGradient({ fixture, config, weights });
    expectGradients(sum.gradients, await tensors('gradients.safetensors'), TOLERANCE);
    await sum.release();
    const optimizer = createOptimizer(weights);
    const steps = await openMaskedSteps(config, NO_DROPOUT, { weights, optimizer }, device, fixture);
    for (const [index, { rows, loss, norm }] of fixture.steps.entries()) {
      const taken = await steps.take(rows, index, { lr: fixture.lr, seed: 0 });
      expect(taken.loss).toBeCloseTo(loss, 4);
      expect(taken.norm / norm).toBeCloseTo(1, 3);
    }
    expectAlike(weights, await tensors('after.safetensors'), TOLERANCE);
    await steps.release();
  });

  test('the loss alone, in batches of any size', async () => {
    const { fixture, config, weights } = await load();
    const { rows, loss } = fixture.steps[0]!;
    const graph = await openMaskedLoss(config, weights, device);
    for (const batchSize of [1, 3, 8]) expect(await graph.run(rows, batchSize)).toBeCloseTo(loss, 4);
    await graph.release();
  });

  test('two parts of a batch add up to the whole one', async () => {
    const { fixture, config, weights } = await load();
    const { rows } = fixture.steps[0]!;
    const sum = await openGradientSum(buildMaskedTraining(config, NO_DROPOUT), weights, device);
    const count = rows.reduce((total, { places }) => total + places.length, 0);
    for (const half of [0, 2]) {
      const batch = collateMasked(rows.slice(half, half + 2), config, 1 / count);
      await sum.add(
        { inputs: batch.inputs, dims: dimensions(batch), lookedUp: lookedUp(config, batch.inputs) },
        0,
        half,
      );
    }
    expectGradients(sum.gradients, await tensors('gradients.safetensors'), TOLERANCE);
    await sum.release();
  });

  test('the tied table’s gradient is that of finite differences', async () => {
    const { fixture, config, weights } = await load();
    const { rows } = fixture.steps[0]!;
    const sum = await firstGradient({ fixture, config, weights });
    const loss = await openMaskedLoss(config, weights, device);
    const gradient = sum.gradients.get(wordTable(config))!.values;
    const table = weights.get(wordTable(config))!;
    const width = table.length / config.vocab_size;
    // A token that is looked up, one that is to be told, and one that is only among the logits.
    const unseen = Array.from({ length: config.vocab_size }, (_, id) => id).find(
      (id) => !rows.some(({ ids, gold }) => ids.includes(id) || gold.includes(id)),
    )!;
    for (const id of [rows[0]!.ids[0]!, rows[0]!.gold[0]!, unseen]) {
      const at = id * width + 3;
      const [value, by] = [table[at]!, 1e-2];
      table[at] = value + by;
      const above = await loss.run(rows, 8);
      table[at] = value - by;
      const below = await loss.run(rows, 8);
      table[at] = value;
      const slope = (above - below) / (2 * by);
      expect(Math.abs(gradient[at]! - slope)).toBeLessThan(2e-3 * Math.max(1, Math.abs(slope)));
    }
    await sum.release();
    await loss.release();
  });
});

test('an encoder without a head gets a drawn one, the same for the same seed', async () => {
  const folder = fileURLToPath(new URL('../../../models/encoder-ko', import.meta.url));
  const load = (seed: number) => loadMaskedLanguageModel(folder, { layers: 1, tokens: ['[E1]'], seed });
  const [a, b, c] = [await load(1), await load(1), await load(2)];
  const dense = 'cls.predictions.transform.dense.weight';
  expect(a.weights.get(dense)).toEqual(b.weights.get(dense));
  expect(a.weights.get(dense)).not.toEqual(c.weights.get(dense));
  expect(a.weights.get('cls.predictions.bias')).toHaveLength(a.tokenizer.size);
  expect(a.tokenizer.id('[E1]')).toBe(a.config.vocab_size - 1);
});
