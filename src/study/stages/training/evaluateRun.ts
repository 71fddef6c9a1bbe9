import { join } from 'node:path';
import { writeFigure } from '../../../base/charts/figure.ts';
import { reliabilityDiagram } from '../../../base/charts/reliability.ts';
import { writeJson } from '../../../base/core/files.ts';
import type { AnnotatedDocument, LabelSet, Metrics, Prediction } from '../../../base/core/types.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { CALIBRATION_FILE, loadCalibration } from '../../../engine/runs/calibration.ts';
import { type Evaluation, writeEvaluation } from '../../../engine/runs/evaluation.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { bestFolder, RUN_FIGURES, runFolder } from '../../../engine/runs/runFolder.ts';
import type { RunFacts } from '../../../engine/runs/summary.ts';
import { learnedRowWeights } from '../../../engine/train/objective.ts';
import { type TrainingRow, weightsOf } from '../../../engine/train/trainingState.ts';
import { fitTextSetting } from '../../../inference/extract/fitTextSetting.ts';
import { scoredDocuments } from '../../../inference/extract/scoredDocuments.ts';
import { openClassifier } from '../../../inference/predict/classifier.ts';
import { fitCalibration } from '../../../inference/predict/fitCalibration.ts';
import { RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import type { StageContext } from '../stage.ts';
import type { PreparedRows } from './rows.ts';

/** What a run's best model answers to the test rows, and its logits on the validation rows. */
export async function finalAnswers(
  { settings, dataset, reporter, signal }: Pick<StageContext, 'settings' | 'dataset' | 'reporter' | 'signal'>,
  name: string,
  model: RelationModel,
  { validation }: Pick<PreparedRows, 'validation'>,
): Promise<{ predictions: readonly Prediction[]; validationLogits: readonly Float32Array[] }> {
  const classifier = await openClassifier(model, settings);
  const bar = reporter.progress(`evaluate ${name}`, dataset.test.length, 'rows');
  const onProgress = (done: number) => bar.update(done);
  try {
    const predictions = await classifier.predict(dataset.test, {
      batchSize: settings.evalBatchSize,
      signal,
      onProgress,
    });
    const encoded = validation.map((row) => row.encoded);
    return {
      predictions,
      validationLogits: await classifier.logits(encoded, { batchSize: settings.evalBatchSize, signal }),
    };
  } finally {
    bar.end();
    await classifier.release();
  }
}

/**
 * Writes the evaluation of a run on the test rows into its folder.
 *
 * @param validation figures on the validation rows; null where there are none
 * @param facts how the run came about
 */
export const evaluateRun = (
  { out, dataset, settings }: StageContext,
  name: string,
  predictions: readonly Prediction[],
  validation: Metrics | null,
  facts: RunFacts,
): Promise<Evaluation> =>
  writeEvaluation(runFolder(out, name), {
    examples: dataset.test,
    predictions,
    labelSet: dataset.labelSet,
    seed: settings.seed,
    validation,
    facts,
  });

/** A trained run with the logits of its best model on the validation rows. */
export interface TrainedRows {
  readonly plan: TrainingPlan;
  readonly rows: Readonly<Record<'train' | 'validation', readonly Pick<TrainingRow, 'example' | 'weight'>[]>>;
  readonly labelSet: LabelSet;
  readonly logits: readonly Float32Array[];
}

/**
 * Fits the confidence of a run's best model on the validation rows, and writes it with the reliability diagram.
 * Without validation rows there is nothing to fit, and the model answers uncalibrated.
 */
export async function calibrateRun(folder: string, { plan, rows, labelSet, logits }: TrainedRows): Promise<void> {
  if (rows.validation.length === 0) return;
  const training = rows.train.map(({ example }) => example);
  const calibration = fitCalibration({
    labelSet,
    training,
    rowWeights: learnedRowWeights(
      plan,
      training.map(({ label }) => label),
      labelSet.labels,
      weightsOf(rows.train),
    ),
    validation: rows.validation.map(({ example }) => example),
    logits,
  });
  await writeJson(join(bestFolder(folder), CALIBRATION_FILE), calibration);
  await writeFigure(folder, RUN_FIGURES.reliability, (lang) => reliabilityDiagram(calibration, lang));
}

/** Held-back documents that a setting for texts needs: with fewer, thresholds would follow single pairs. */
const LEAST_DOCUMENTS = 30;

/**
 * Fits how a run's best model decides on the pairs of a text, on the documents that were held back. Nothing is fitted where there
 * are too few, or where the model has no calibration to add it to.
 */
export async function calibrateTexts(
  { settings, dataset, reporter, signal }: Pick<StageContext, 'settings' | 'dataset' | 'reporter' | 'signal'>,
  name: string,
  {
    folder,
    model,
    documents,
  }: {
    readonly folder: string;
    readonly model: RelationModel;
    readonly documents: readonly AnnotatedDocument[];
  },
): Promise<void> {
  const best = bestFolder(folder);
  const calibration = await loadCalibration(best);
  if (calibration === null || documents.length === 0) return;
  if (documents.length < LEAST_DOCUMENTS)
    return reporter.info(
      settings.lang === 'ko'
        ? `글에 맞춘 보정은 하지 않았다: 남긴 문서가 ${documents.length}개뿐이다(${LEAST_DOCUMENTS}개 필요). 다른 문서로 \`korex calibrate\`를 쓴다.`
        : `Not calibrated for texts: only ${documents.length} documents were held back, of ${LEAST_DOCUMENTS} needed. \`korex calibrate\` does so on others.`,
    );
  const extractor = RelationExtractor.of(await openClassifier(model, settings), { name, calibration });
  try {
    const scored = await scoredDocuments(extractor, documents, { signal });
    const text = fitTextSetting({ labelSet: dataset.labelSet, documents: scored, seed: settings.seed });
    await writeJson(join(best, CALIBRATION_FILE), { ...calibration, text });
  } finally {
    await extractor.release();
  }
}
