import { existsSync } from 'node:fs';
import { asGiven, KorexError } from '../../../base/core/errors.ts';
import type { MarkerName } from '../../../base/core/settings.ts';
import type { LabelledExample, Prediction } from '../../../base/core/types.ts';
import { splitValidation } from '../../../base/data/split.ts';
import { watchTokens } from '../../../base/text/unknownTokens.ts';
import type { Calibration } from '../../../engine/runs/calibration.ts';
import { loadCalibration } from '../../../engine/runs/calibration.ts';
import { readPredictions } from '../../../engine/runs/evaluation.ts';
import { bestFolder, holdsModel, runFolder } from '../../../engine/runs/runFolder.ts';
import { readSummary } from '../../../engine/runs/summary.ts';
import type { ForwardOptions } from '../../../engine/runtime/forwardPass.ts';
import {
  type Classifier,
  checkRowsKnown,
  loadClassifier,
  type PredictOptions,
} from '../../../inference/predict/classifier.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { type AnalysisInput, type AnalyzedModel, analyzeErrors } from '../../analysis/analyzeErrors.ts';
import type { ErrorAnalysis } from '../../analysis/schema.ts';
import type { StageContext } from '../stage.ts';

/**
 * Analyses the errors of a run of stage 06 from its predictions, and by its best model where that is still there.
 *
 * Errors: `failed` where the run has no evaluation; `usage` where it answered other test rows than those of `--data`.
 */
export async function analyzeRun(context: StageContext, name: string): Promise<ErrorAnalysis> {
  const { out, dataset, settings, reporter } = context;
  const folder = runFolder(out, name);
  const predictions = await predictionsOf(context, folder, name);
  const summary = await readSummary(out, name);
  const share = summary.plan?.validation ?? settings.validation;
  const train = dataset.train.length === 0 ? [] : splitValidation(dataset.train, share, settings.seed).train;
  const asTrained = train.length > 0 && train.length === summary.trained_rows;
  if (train.length > 0 && !asTrained)
    reporter.warn(
      `${name} was trained on ${summary.trained_rows} rows; ${dataset.name} gives ${train.length} without validation. These are taken for its training rows; pass the --train-rows and --seed of the training to have its own.`,
    );
  const best = bestFolder(folder);
  const calibration = existsSync(best) ? await loadCalibration(best) : null;
  const work = (classifier: Classifier | null) =>
    analyze(context, { run: name, predictions, train, asTrained, calibration }, classifier);
  if (holdsModel(best)) return withClassifier(context, best, null, work);
  reporter.warn({
    en: `${best} holds no model: shortcut tests and neighbours are left out.`,
    ko: `${best}에 모델이 없어 지름길 검사와 비슷한 행 찾기를 뺀다.`,
  });
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
    checkRowsKnown(dataset, classifier.model.task, name);
    const where = asGiven(dataset.name);
    const watch = watchTokens({ where, isAllowed: settings.allowUnknownTokens, reporter: context.reporter });
    const predictions = await answered(classifier, context, dataset.test, `evaluate ${name}`, watch);
    watch.finish();
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
    model: classifier && analyzedModel(classifier, context),
  });
}

/** A classifier as the analysis uses it, with a progress bar each time it reads rows. */
const analyzedModel = (classifier: Classifier, context: StageContext): AnalyzedModel => ({
  predict: (rows, title) => answered(classifier, context, rows, title),
  states: (rows, title) =>
    withBar(context, title, rows, (options) =>
      classifier.states(
        rows.map((row) => {
          // Thousands of rows are kept at once: without their texts and tokens.
          const { ids, subjectStart, objectStart, subjectWord, objectWord } = classifier.model.inputs.encode(row);
          return { ids, subjectStart, objectStart, subjectWord, objectWord };
        }),
        options,
      ),
    ),
});

const answered = (
  classifier: Classifier,
  context: StageContext,
  rows: readonly LabelledExample[],
  title: string,
  watch: Pick<PredictOptions, 'onEncoded'> = {},
): Promise<readonly Prediction[]> =>
  withBar(context, title, rows, (options) => classifier.predict(rows, { ...options, ...watch }));

async function withBar<T>(
  { settings, reporter, signal }: StageContext,
  title: string,
  rows: readonly LabelledExample[],
  work: (options: Partial<ForwardOptions>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const bar = reporter.progress(title, rows.length, 'rows');
  const onProgress = (done: number) => bar.update(done);
  return work({ batchSize: settings.evalBatchSize, signal, onProgress }).finally(() => bar.end());
}

async function predictionsOf({ dataset }: StageContext, folder: string, name: string): Promise<Prediction[]> {
  try {
    return await readPredictions(folder, { examples: dataset.test, labelSet: dataset.labelSet });
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    const first = error.message.split('\n').slice(0, 2).join(' ');
    throw new KorexError(
      error.kind,
      {
        en: `The predictions of ${name} are not of the ${dataset.test.length} test rows of ${dataset.name}: ${first}`,
        ko: `${name}: 예측이 ${dataset.name}의 평가 행 ${dataset.test.length}개의 것이 아니다: ${first}`,
      },
      {
        en: 'Pass the --data, --eval-rows and --seed that the run was evaluated with.',
        ko: '학습을 평가할 때의 --data, --eval-rows, --seed를 준다.',
      },
      error,
    );
  }
}
