import { expect, test } from 'vitest';
import { type TrainingPlan, trainingPlanSchema } from '../runs/plan.ts';
import { learnedRowWeights } from './learnedPriors.ts';

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
