import { trainingPlanSchema } from '../../src/engine/runs/plan.ts';
import type { RunFacts } from '../../src/inference/export/runFacts.ts';

export const plan = trainingPlanSchema.parse({
  encoder: 'bundled',
  encoderLayers: null,
  marker: 'typed-punct',
  head: 'cls',
  loss: 'ce',
  maxLength: 64,
  epochs: 3,
  batchSize: 16,
  lr: 2e-4,
  schedule: 'linear',
  warmup: 0.1,
  weightDecay: 0.01,
  clip: 1,
  dropout: null,
  accumulate: 2,
  validation: 0.1,
  seed: 42,
  data: 'digest',
});
/** A run as it tells of itself, with invented figures. */
export const facts: RunFacts = {
  metrics: { n: 100, accuracy: 0.7, macro_f1: 0.5, micro_f1: 0.6, auprc: null },
  intervals: { accuracy: [0.65, 0.75], macro_f1: [0.4, 0.6], micro_f1: [0.55, 0.65], auprc: null },
  bootstrap: { resamples: 1000, level: 0.95 },
  teachers: [],
  trained_rows: 900,
  plan,
  dataset: 'klue',
};
