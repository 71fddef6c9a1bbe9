import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../base/core/random.ts';
import type { LossName } from '../../base/core/settings.ts';
import { backward } from '../nn/graph/backward.ts';
import { Graph } from '../nn/graph/graph.ts';
import { lossOf } from '../nn/loss.ts';
import { lossText, type TrainingPlan, trainingPlanSchema } from '../runs/plan.ts';
import { openSession } from '../runtime/session.ts';
import {
  classWeightsOf,
  learnedRowWeights,
  type Objective,
  objectiveLoss,
  objectiveOf,
  targetsOf,
} from './objective.ts';

// Made with PyTorch by tools/fixtures/losses.py.
interface Fixture {
  logits: number[];
  labels: number[];
  weights: number[];
  counts: number[];
  cases: {
    loss: number;
    gradient: number[];
    weighted?: true;
    labelSmoothing?: number;
    logitAdjust?: number;
    focalGamma?: number;
  }[];
}

const LABELS = 5;
const PLAN = { loss: 'ce', focalGamma: null, effectiveBeta: null, labelSmoothing: 0, logitAdjust: 0 } as const;
const FIXTURE = fileURLToPath(new URL('../../../test/fixtures/losses.json', import.meta.url));
const { logits, labels, weights, counts, cases } = JSON.parse(await readFile(FIXTURE, 'utf8')) as Fixture;
const trainingLabels = counts.flatMap((count, label) => new Array<number>(count).fill(label));

/** Loss and gradient by the logits, as the training graph has them. */
async function onGraph(objective: Objective, values: readonly number[], labelIds: readonly number[]) {
  const graph = new Graph();
  const input = graph.input('logits', ['b', LABELS]);
  const loss = lossOf(graph, input, graph.input('targets', ['b', LABELS]), objective);
  const { dense } = backward(graph, loss, [input], []);
  const session = await openSession(graph.toOnnx({ loss, gradient: dense.get('logits')! }), {
    device: 'cpu',
    threads: 1,
  });
  const dims = [labelIds.length, LABELS];
  const targets = targetsOf(labelIds, objective.classWeights, objective.labelSmoothing);
  const results = await session.run(
    { logits: { data: Float32Array.from(values), dims }, targets: { data: targets, dims } },
    ['loss', 'gradient'],
  );
  await session.release();
  return { loss: results.loss![0]!, gradient: [...results.gradient!] };
}

const rowsOf = (values: readonly number[]) =>
  Array.from({ length: values.length / LABELS }, (_, row) =>
    Float32Array.from(values.slice(row * LABELS, (row + 1) * LABELS)),
  );

const named = cases.map(
  ({ loss, gradient, ...settings }) => [JSON.stringify(settings), loss, gradient, settings] as const,
);

describe.each(named)('%s', (_, loss, gradient, { weighted = false, ...changes }) => {
  const objective: Objective = {
    ...objectiveOf({ ...PLAN, ...changes }, trainingLabels, LABELS),
    ...(weighted ? { classWeights: weights } : {}),
  };

  test('loss and gradient of the training graph are PyTorch’s', async () => {
    const ours = await onGraph(objective, logits, labels);
    expect(ours.loss).toBeCloseTo(loss, 5);
    for (const [i, slope] of ours.gradient.entries()) expect(slope).toBeCloseTo(gradient[i]!, 5);
  });

  test('the validation loss is the same', () => {
    expect(objectiveLoss(rowsOf(logits), labels, objective)).toBeCloseTo(loss, 5);
  });
});

test.each([0, 0.3, 1, 2, 5])(
  'γ %d: the gradient is the slope of the loss, and finite where a row is right beyond doubt',
  async (focalGamma) => {
    const objective = objectiveOf({ ...PLAN, focalGamma, labelSmoothing: 0.1 }, trainingLabels, LABELS);
    const stream = randomStream(1, 'logits');
    const values = Array.from({ length: 2 * LABELS }, (_, i) => 2 * stream.normal(i));
    const { gradient } = await onGraph(objective, values, [2, 4]);
    for (const [i, slope] of gradient.entries()) {
      const at = (x: number) => {
        // In double precision, unlike Float32Array rows.
        const moved = values.map((value, j) => (j === i ? x : value));
        return objectiveLoss(
          [moved.slice(0, LABELS), moved.slice(LABELS)] as unknown as Float32Array[],
          [2, 4],
          objective,
        )!;
      };
      expect(slope).toBeCloseTo((at(values[i]! + 1e-4) - at(values[i]! - 1e-4)) / 2e-4, 4);
    }
    const sure = await onGraph({ ...objective, labelSmoothing: 0 }, [90, 0, 0, 0, 0, 0, 0, -90, 0, 0], [0, 2]);
    expect(sure.gradient.every(Number.isFinite)).toBe(true);
  },
);

test('a right row counts less in focal loss the surer it is', async () => {
  const at = async (focalGamma: number | null, logit: number) =>
    (await onGraph(objectiveOf({ ...PLAN, focalGamma }, trainingLabels, LABELS), [logit, 0, 0, 0, 0], [0])).loss;
  // p = 0.9: 1 - p squared is a hundredth.
  const p = Math.log(0.9 / (0.1 / 4));
  expect((await at(2, p)) / (await at(null, p))).toBeCloseTo(0.01, 4);
});

test('logit adjustment adds τ · log π; a label without rows counts as if it had one', () => {
  const { adjustment } = objectiveOf({ ...PLAN, logitAdjust: 2 }, [0, 0, 0, 1], 3);
  const expected = [0.75, 0.25, 0.25].map((prior) => 2 * Math.log(prior));
  for (const [label, value] of adjustment!.entries()) expect(value).toBeCloseTo(expected[label]!, 6);
  expect(objectiveOf(PLAN, [0, 1], 2).adjustment).toBeNull();
});

test('rows whose label training never had weigh nothing', () => {
  const objective = objectiveOf({ ...PLAN, loss: 'weighted' }, [0, 0, 1], 3);
  const row = Float32Array.of(1, 0, 0);
  expect(objectiveLoss([row], [2], objective)).toBeNull();
  expect(objectiveLoss([row, row], [0, 2], objective)).toBeCloseTo(objectiveLoss([row], [0], objective)!, 12);
});

test('a loss is told in a few words', () => {
  expect(lossText(PLAN)).toBe('ce');
  expect(lossText({ ...PLAN, loss: 'focal', focalGamma: 2, labelSmoothing: 0.1 })).toBe(
    'focal (γ 2) + label smoothing 0.1',
  );
  expect(lossText({ ...PLAN, loss: 'effective', effectiveBeta: 0.99 })).toBe('effective (β 0.99)');
  expect(lossText({ ...PLAN, logitAdjust: 1 })).toBe('ce + logit adjustment 1');
});

describe('class weights', () => {
  /** 60, 30 and 10 rows; the fourth label has none. */
  const LABEL_IDS = [60, 30, 10].flatMap((count, label) => new Array<number>(count).fill(label));
  const weights = (loss: LossName, effectiveBeta: number | null = null) =>
    classWeightsOf({ loss, effectiveBeta }, LABEL_IDS, 4);

  test('cross-entropy and focal loss weigh all labels alike, also those without rows', () => {
    expect(weights('ce')).toEqual([1, 1, 1, 1]);
    expect(weights('focal')).toEqual([1, 1, 1, 1]);
  });

  test('inverse frequency gives each label the same part in the loss, its square root the way to there', () => {
    expect(weights('weighted')).toEqual([100 / 180, 100 / 90, 100 / 30, 0]);
    expect(weights('sqrt-weighted')).toEqual([100 / 180, 100 / 90, 100 / 30, 0].map(Math.sqrt));
  });

  test('the effective number of rows, scaled so that the weights add up to the labels there are', () => {
    const raw = [60, 30, 10].map((count) => (1 - 0.9) / (1 - 0.9 ** count));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    for (const [label, weight] of weights('effective', 0.9).entries())
      expect(weight).toBeCloseTo(((raw[label] ?? 0) * 3) / total, 12);
  });

  test('β = 0 weighs labels alike, β near 1 by inverse frequency', () => {
    expect(weights('effective', 0)).toEqual([1, 1, 1, 0]);
    const [frequent, , rare] = weights('effective', 1 - 1e-9) as [number, number, number, number];
    expect(rare / frequent).toBeCloseTo(6, 4);
  });
});

describe('learned priors', () => {
  const PLAN: TrainingPlan = trainingPlanSchema.parse({
    ...{ encoder: 'tiny', encoderLayers: null, marker: 'entity', head: 'cls', loss: 'ce', maxLength: 16, epochs: 2 },
    ...{ batchSize: 8, lr: 1e-4, schedule: 'linear', warmup: 0.1, weightDecay: 0.01, clip: 1, dropout: null },
    ...{ accumulate: 1, validation: 0.1, seed: 42, data: 'digest' },
  });
  const ROWS = ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'c'];
  const COUNTS = [6, 2, 1, 0];

  /** The class priors that a model learns, by the labels a, b, c and d. */
  function priors(changes: Partial<TrainingPlan>): number[] {
    const weights = learnedRowWeights({ ...PLAN, ...changes }, ROWS, ['a', 'b', 'c', 'd']);
    const mass = weights.map((weight, label) => weight * COUNTS[label]!);
    const total = mass.reduce((sum, value) => sum + value, 0);
    return mass.map((value) => value / total);
  }

  const even = [1 / 3, 1 / 3, 1 / 3, 0];
  const roots = [Math.sqrt(6), Math.SQRT2, 1, 0];
  const byRoot = roots.map((root) => root / (Math.sqrt(6) + Math.SQRT2 + 1));

  test.each<[Partial<TrainingPlan>, number[]]>([
    [{}, [6 / 9, 2 / 9, 1 / 9, 0]],
    [{ loss: 'focal', focalGamma: 2 }, [6 / 9, 2 / 9, 1 / 9, 0]],
    [{ loss: 'weighted' }, even],
    [{ loss: 'sqrt-weighted' }, byRoot],
    [{ sampling: 'over' }, even],
    [{ sampling: 'balanced' }, even],
    [{ sampling: 'sqrt' }, byRoot],
    [{ sampling: 'under' }, [2 / 5, 2 / 5, 1 / 5, 0]],
    [{ logitAdjust: 1 }, even],
    [{ logitAdjust: 0.5 }, byRoot],
  ])('%o', (changes, expected) => {
    for (const [label, prior] of priors(changes).entries()) expect(prior).toBeCloseTo(expected[label]!, 6);
  });
});

describe('weights of rows', () => {
  const two = { ...PLAN, labelSmoothing: 0.2 };

  test('a row of weight 2 is the row twice, in targets, label frequencies and learned priors', () => {
    const twice = targetsOf([0, 1, 1], [1, 1, 1], two.labelSmoothing);
    const weighted = targetsOf([0, 1], [1, 1, 1], two.labelSmoothing, [1, 2]);
    const sum = (from: Float32Array, rows: readonly number[]) =>
      [0, 1, 2].map((label) => rows.reduce((total, row) => total + from[row * 3 + label]!, 0));
    for (const label of [0, 1, 2]) expect(sum(weighted, [0, 1])[label]).toBeCloseTo(sum(twice, [0, 1, 2])[label]!, 6);
    for (const changes of [{ loss: 'weighted' }, { logitAdjust: 1 }] as const) {
      const plan = { ...PLAN, ...changes };
      const { classWeights, adjustment } = objectiveOf(plan, [0, 1], 3, [1, 2]);
      const expected = objectiveOf(plan, [0, 1, 1], 3);
      expect(classWeights).toEqual(expected.classWeights);
      expect(adjustment).toEqual(expected.adjustment);
    }
  });

  test('without weights all rows count 1', () => {
    expect(targetsOf([0, 2], [1, 1, 1], 0.1, [1, 1])).toEqual(targetsOf([0, 2], [1, 1, 1], 0.1));
  });
});
