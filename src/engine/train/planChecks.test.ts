import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readEncoderConfig } from '../nn/encoderConfig.ts';
import { type TrainingPlan, trainingPlanSchema } from '../runs/plan.ts';
import { checkPlan, type PlanFacts } from './planChecks.ts';

const plan: TrainingPlan = trainingPlanSchema.parse({
  ...{ encoder: 'tiny', encoderLayers: null, marker: 'entity', head: 'cls', loss: 'ce', maxLength: 16, epochs: 2 },
  ...{ batchSize: 8, lr: 1e-4, schedule: 'linear', warmup: 0.1, weightDecay: 0.01, clip: 1, dropout: null },
  ...{ accumulate: 1, validation: 0.1, seed: 42, data: 'digest' },
});
// Two layers of width 16, 20 positions.
const CONFIG = fileURLToPath(new URL('../../../test/fixtures/models/bert-cls/config.json', import.meta.url));

/** 70 rows of one label, 10 of another. */
const LABELS = Array.from({ length: 80 }, (_, row) => (row % 8 === 0 ? 'rare' : 'frequent'));

const check = async (changes: Partial<TrainingPlan>, facts: Partial<PlanFacts> = {}) =>
  checkPlan(
    { ...plan, ...changes },
    {
      config: await readEncoderConfig(CONFIG),
      trainLabels: LABELS,
      validationRows: 8,
      augmentedRows: 0,
      ...facts,
    },
  );

test.each<Partial<TrainingPlan>>([
  {},
  { freezeLayers: 2, layerDecay: 0.9, maxLength: 20 },
  { loraRank: 16, evalEvery: 20, patience: 1 },
  { loss: 'focal', focalGamma: 2, labelSmoothing: 0.1, sampling: 'sqrt', ema: 0.99 },
  // Seventy rows of either label: 18 steps an epoch.
  { sampling: 'over', evalEvery: 36 },
  { pairEncoding: 'both', head: 'entity-start' },
])('a plan at its limits is fine: %j', async (changes) => {
  await expect(check(changes)).resolves.toBeUndefined();
});

test.each<[Partial<TrainingPlan>, Partial<PlanFacts>, string]>([
  [{}, { trainLabels: [] }, 'no rows to train on'],
  [{}, { trainLabels: ['x', 'x'] }, 'All 2 training rows have the label "x": there is nothing to tell apart'],
  [{ encoderLayers: 3 }, {}, '--encoder-layers 3 is more than'],
  [{ maxLength: 21 }, {}, "--max-length 21 is more than the encoder's 20 positions"],
  [{ freezeLayers: 3 }, {}, '--freeze-layers 3 is more than the 2 layers'],
  [{ freezeLayers: 2, encoderLayers: 1 }, {}, '--freeze-layers 2 is more than the 1 layers'],
  [{ loraRank: 4, freezeLayers: 1 }, {}, '--lora-rank cannot be combined with --freeze-layers'],
  [{ loraRank: 4, layerDecay: 0.9 }, {}, '--lora-rank cannot be combined with --layer-decay'],
  [{ loraRank: 17 }, {}, "--lora-rank 17 is more than the encoder's width of 16"],
  [{ loss: 'weighted', sampling: 'balanced' }, {}, '--loss weighted and --sampling balanced cannot be combined'],
  [{ loss: 'effective', logitAdjust: 1 }, {}, '--loss effective and --logit-adjust 1 cannot be combined'],
  [{ logitAdjust: 1, sampling: 'over' }, {}, '--logit-adjust 1 and --sampling over cannot be combined'],
  [{ sampling: 'over', evalEvery: 37 }, {}, '--eval-every 37 is more than the 36 steps'],
  [{ sampling: 'under', evalEvery: 7 }, {}, '--eval-every 7 is more than the 6 steps'],
  [{ evalEvery: 21 }, {}, '--eval-every 21 is more than the 20 steps'],
  [{ patience: 2 }, { validationRows: 0 }, '--patience needs validation rows'],
  [{ pairEncoding: 'both' }, {}, '--pair-encoding both needs a head that reads the markers'],
  [{ pairEncoding: 'both', head: 'start-mean', question: true }, {}, 'cannot be combined with --question'],
  [{ augment: 'inverse', augmentShare: 0.5 }, {}, '--augment inverse makes no rows'],
])('%o with %o is refused', async (changes, facts, message) => {
  await expect(check(changes, facts)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message),
  });
});
