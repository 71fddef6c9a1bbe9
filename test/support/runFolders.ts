import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../../src/base/core/files.ts';
import { randomStream } from '../../src/base/core/random.ts';
import { silentReporter } from '../../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../../src/base/core/settings.ts';
import type { Dataset, Prediction } from '../../src/base/core/types.ts';
import { loadDataset } from '../../src/base/data/loadDataset.ts';
import type { Calibration } from '../../src/engine/runs/calibration.ts';
import { writeEvaluation } from '../../src/engine/runs/evaluation.ts';
import type { LiveLogHead } from '../../src/engine/runs/liveLog.ts';
import { type TrainingPlan, trainingPlanSchema } from '../../src/engine/runs/plan.ts';
import { RUN_FILES, TRAINING_FOLDER } from '../../src/engine/runs/runFolder.ts';
import type { LogEntry } from '../../src/engine/runs/trainingLog.ts';

/** Run folders as trainings leave them, written in a moment: the answers are made up. */

export const somePlan = (changes: Partial<TrainingPlan> = {}): TrainingPlan =>
  trainingPlanSchema.parse({
    ...{ encoder: 'bundled', encoderLayers: null, marker: 'entity', head: 'entity-start', loss: 'ce', maxLength: 96 },
    ...{ epochs: 2, batchSize: 8, lr: 0.0002, schedule: 'linear', warmup: 0.1, weightDecay: 0.01, clip: 1 },
    ...{ dropout: null, accumulate: 1, validation: 0.1, seed: 42, data: 'rows', ...changes },
  });

/** Steps with a falling loss and a validation after every ten. */
export const someLog = (steps: number): LogEntry[] =>
  Array.from({ length: steps }, (_, i) => i + 1).flatMap((step): LogEntry[] => {
    const epoch = Math.ceil(step / 10);
    const entry = { step, epoch, loss: 3 / (1 + step / 10), lr: 0.0002, norm: 1 };
    const score = 1 - 1 / (1 + step / 10);
    const validation = { n: 20, accuracy: score, macro_f1: score / 2, micro_f1: score / 1.5, auprc: score, loss: 1 };
    return step % 10 === 0 ? [entry, { step, epoch, validation }] : [entry];
  });

export const liveHead = (steps: number): LiveLogHead => ({
  plan: somePlan(),
  steps,
  steps_per_epoch: 10,
  trained_rows: 80,
});

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

export const sampleSides = (out: string, evalRows: number): Promise<Dataset> =>
  loadDataset({ ...DEFAULT_SETTINGS, out, evalRows }, silentReporter);

/** A finished run that answers `skill` of the rows rightly, with calibration where `isCalibrated`. */
export async function writeFinishedRun(
  out: string,
  name: string,
  { test, labelSet }: Dataset,
  { skill, plan, isCalibrated = false }: { skill: number; plan: TrainingPlan; isCalibrated?: boolean },
): Promise<void> {
  const folder = join(out, TRAINING_FOLDER, name);
  const random = randomStream(1, name);
  const predictions = test.map(({ guid, label }, row): Prediction => {
    const gold = labelSet.labels.indexOf(label);
    const wrong = Math.floor(random.uniform(2 * row + 1) * labelSet.labels.length);
    const chosen = random.uniform(2 * row) < skill ? gold : wrong;
    const rest = 0.4 / (labelSet.labels.length - 1);
    const probabilities = labelSet.labels.map((_, id) => (id === chosen ? 0.6 : rest));
    return { guid, predicted: labelSet.labels[chosen]!, probabilities };
  });
  const validation = { n: 20, accuracy: 0.6, macro_f1: 0.4, micro_f1: 0.5, auprc: 0.5 };
  const facts = {
    dataset: 'sample',
    trained_rows: 80,
    best_epoch: 2,
    best_step: 20,
    steps: 20,
    stopped_early: false,
    plan,
  };
  await writeEvaluation(folder, { examples: test, predictions, labelSet, seed: 42, validation, facts });
  await writeFile(join(folder, 'training_log.jsonl'), lines(someLog(20)));
  if (isCalibrated) await writeJson(join(folder, 'best', 'calibration.json'), someCalibration);
}

/** A run that is being trained, or was until its process ended. */
export async function writeLiveRun(out: string, name: string, done: number, steps: number): Promise<void> {
  const folder = join(out, TRAINING_FOLDER, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, RUN_FILES.liveLog), lines([liveHead(steps), ...someLog(done)]));
}

const bins = (error: number) =>
  Array.from({ length: 10 }, (_, i) => ({
    from: i / 10,
    to: (i + 1) / 10,
    rows: i < 2 ? 0 : 10 * i,
    confidence: i < 2 ? null : (i + 0.5) / 10,
    accuracy: i < 2 ? null : Math.max(0, (i + 0.5) / 10 - error),
  }));

const someCalibration: Calibration = {
  rows: 120,
  temperature: 1.4,
  before: { nll: 1.1, ece: 0.12, bins: bins(0.12) },
  after: { nll: 0.9, ece: 0.03, bins: bins(0.03) },
  thresholds: { default: 0.4, per_relation: {} },
  training: { rows: 80, priors: {}, type_pairs: null },
  type_mask: null,
  text: null,
};
