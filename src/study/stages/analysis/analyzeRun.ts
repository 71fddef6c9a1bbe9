import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, KorexError } from '../../../base/core/errors.ts';
import { readJson } from '../../../base/core/files.ts';
import type { MarkerName } from '../../../base/core/settings.ts';
import type { LabelledExample, Prediction } from '../../../base/core/types.ts';
import { splitValidation } from '../../../base/data/split.ts';
import { readPredictions } from '../../../base/eval/runFiles.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { trainingPlanSchema } from '../../../engine/train/plan.ts';
import type { Calibration } from '../../../inference/predict/calibrationFile.ts';
import { type Classifier, loadClassifier } from '../../../inference/predict/classifier.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { checkLabelsKnown } from '../../../inference/predict/knownLabels.ts';
import { loadCalibration } from '../../../inference/predict/loadCalibration.ts';
import { type AnalysisInput, analyzeErrors } from '../../analysis/analyzeErrors.ts';
import { askedModel } from '../../analysis/askedModel.ts';
import type { ErrorAnalysis } from '../../analysis/schema.ts';
import type { StageContext } from '../stage.ts';
import { SUMMARY_FILE } from '../training/runFolder.ts';

/** What an analysis needs to know of a run's summary; the reference runs have no plan. */
const summarySchema = z.object({ trained_rows: z.int().min(0), plan: trainingPlanSchema.optional() });

/**
 * Analyses the errors of a run of stage 06 from its predictions, asking its model (`best/`) where that is still there.
 *
 * Errors: `failed` where the run has no evaluation; `usage` where it answered other test rows than those of `--data`.
 */
export async function analyzeRun(context: StageContext, name: string): Promise<ErrorAnalysis> {
  const { out, dataset, settings, reporter } = context;
  const folder = join(out, TRAINING_FOLDER, name);
  const predictions = await predictionsOf(context, folder, name);
  const summary = await summaryOf(folder, name);
  const share = summary.plan?.validation ?? settings.validation;
  const train = dataset.train.length === 0 ? [] : splitValidation(dataset.train, share, settings.seed).train;
  const asTrained = train.length > 0 && train.length === summary.trained_rows;
  if (train.length > 0 && !asTrained)
    reporter.warn(
      `${name} was trained on ${summary.trained_rows} rows; ${dataset.name} gives ${train.length} without validation. What is said of training rows is said of these; pass the --train-rows and --seed of the training for its own.`,
    );
  const best = join(folder, 'best');
  const calibration = existsSync(best) ? await loadCalibration(best) : null;
  const work = (classifier: Classifier | null) =>
    analyze(context, { run: name, predictions, train, asTrained, calibration }, classifier);
  if (existsSync(join(best, 'config.json'))) return withClassifier(context, best, null, work);
  reporter.warn(`${best} holds no model: shortcut tests and neighbours are left out.`);
  return work(null);
}

/**
 * Lets a model answer the test rows and analyses its errors.
 *
 * Errors: `usage` where there are no test rows, or labels that the model does not know.
 */
export async function analyzeModel(context: StageContext, { folder, name }: FoundModel): Promise<ErrorAnalysis> {
  const { dataset, settings } = context;
  const marker = settings.marker === 'auto' ? null : settings.marker;
  return withClassifier(context, folder, marker, async (classifier) => {
    checkLabelsKnown(dataset, classifier.model.task.labelSet, name);
    const ask = askedModel(classifier, { ...context, batchSize: settings.evalBatchSize });
    const predictions = await ask.predict(dataset.test, `evaluate ${name}`);
    const calibration = await loadCalibration(folder);
    return analyze(
      context,
      { run: name, predictions, train: dataset.train, asTrained: false, calibration },
      classifier,
    );
  });
}

async function withClassifier<T>(
  { settings, reporter }: StageContext,
  folder: string,
  marker: MarkerName | null,
  work: (classifier: Classifier) => Promise<T>,
): Promise<T> {
  const classifier = await loadClassifier(folder, settings, { marker });
  for (const note of classifier.model.notes ?? []) reporter.info(note);
  try {
    return await work(classifier);
  } finally {
    await classifier.release();
  }
}

interface Answered extends Pick<AnalysisInput, 'run' | 'predictions' | 'asTrained'> {
  readonly train: readonly LabelledExample[];
  readonly calibration: Calibration | null;
}

function analyze(
  context: StageContext,
  { calibration, ...answered }: Answered,
  classifier: Classifier | null,
): Promise<ErrorAnalysis> {
  const { dataset, settings } = context;
  return analyzeErrors({
    ...answered,
    dataset,
    labelSet: classifier?.model.task.labelSet ?? dataset.labelSet,
    test: dataset.test,
    temperature: calibration?.temperature ?? 1,
    typePairs: calibration?.training.type_pairs ?? null,
    seed: settings.seed,
    model: classifier && askedModel(classifier, { ...context, batchSize: settings.evalBatchSize }),
  });
}

async function predictionsOf({ dataset }: StageContext, folder: string, name: string): Promise<Prediction[]> {
  try {
    return await readPredictions(folder, { examples: dataset.test, labelSet: dataset.labelSet });
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    const first = error.message.split('\n').slice(0, 2).join(' ');
    throw new KorexError(
      error.kind,
      `The predictions of ${name} are not of the ${dataset.test.length} test rows of ${dataset.name}: ${first}`,
      'Pass the --data, --eval-rows and --seed that the run was evaluated with.',
      error,
    );
  }
}

async function summaryOf(folder: string, name: string): Promise<z.output<typeof summarySchema>> {
  const path = join(folder, SUMMARY_FILE);
  const parsed = summarySchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  throw failure(`${path} is not a summary of stage 06.`, `Train ${name} again, with --force.`);
}
