import { basename, join, parse } from 'node:path';
import { asGiven } from '../../../base/core/errors.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { unknownShare, watchTokens } from '../../../base/text/unknownTokens.ts';
import { taskNameOf } from '../../../engine/nn/modelTask.ts';
import { loadCalibration } from '../../../engine/runs/calibration.ts';
import { writeEvaluation } from '../../../engine/runs/evaluation.ts';
import { RUN_FIGURES, RUN_FILES, TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { checkRowsKnown, loadClassifier } from '../../../inference/predict/classifier.ts';
import { type PriorShift, priorShiftMetrics } from '../../../inference/predict/priorShiftMetrics.ts';
import { readPriors, trainingPriorsOf } from '../../../inference/predict/priors.ts';
import { checkPairEncoding } from '../../../inference/predict/sharedSentence.ts';
import { withLock } from '../../../study/pipeline/lock.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import {
  AIM_OPTION,
  ENTITY_MODEL_OPTION,
  MODEL_OPTION,
  PAIR_ENCODING_OPTION,
  pairEncodingOf,
  resolveModel,
  THRESHOLD_OPTION,
} from '../modelOptions.ts';
import { HAND_OUT_OPTIONS } from '../queueOptions.ts';
import { SHARD_OPTIONS, shareOf } from '../shards/shardOptions.ts';
import { metricTable, textTable } from '../tables.ts';
import { evaluateDocumentFile, GIVEN_OPTION, isDocumentFile } from './documentRun.ts';
import { evaluateEntities } from './evaluateEntities.ts';

export const evaluateCommand: Command = {
  description: {
    en:
      'Lets a trained model answer every row of a labelled file (or the test rows of a folder) and evaluates the answers: the four metrics with ' +
      'intervals, a report by class, the confusion matrix and the errors with their probabilities. Classifiers that were fine-tuned in Python as ' +
      'AutoModelForSequenceClassification are models too; where their tokenizer has no tokens for a marker, --marker says how they mark entities. A model that finds entities is held against sentences with ' +
      'their entities: precision, recall and F1, strictly and by type.',
    ko: '학습된 모델이 라벨이 있는 파일의(또는 폴더의 평가) 모든 행에 답하게 하고 채점한다: 구간을 곁들인 네 지표, 라벨별 보고서, 혼동 행렬, 확률을 곁들인 오류. Python에서 AutoModelForSequenceClassification으로 미세조정한 분류기도 모델이다. 토크나이저에 마커 토큰이 없으면 --marker로 엔티티를 표시하는 방식을 알린다. 엔티티를 찾는 모델은 엔티티가 표시된 문장과 견준다: 엄격하게, 그리고 유형별로 센 정밀도, 재현율, F1.',
  },
  settings: [
    'task',
    'data',
    'marker',
    'evalRows',
    'onBadRow',
    'columns',
    'allowUnknownTokens',
    'out',
    'seed',
    'device',
    'threads',
    'evalBatchSize',
    'precision',
  ],
  options: [
    MODEL_OPTION,
    ENTITY_MODEL_OPTION,
    THRESHOLD_OPTION,
    AIM_OPTION,
    GIVEN_OPTION,
    PAIR_ENCODING_OPTION,
    ...SHARD_OPTIONS,
    ...HAND_OUT_OPTIONS,
    {
      name: 'priors',
      value: 'FILE|em',
      help: {
        en: 'adds rows for other class priors than those of training: from JSON (label → share), and estimated from the rows without their labels by EM',
        ko: '학습과 다른 라벨 비율의 행을 더한다: JSON(라벨 → 비율), 또는 라벨 없이 행에서 EM으로 추정',
      },
      required: false,
    },
  ],
  writes: [
    [
      `evaluation/MODEL-DATA/${RUN_FILES.summary}`,
      { en: 'metrics with intervals, most frequent confusions', ko: '구간을 곁들인 지표, 가장 잦은 혼동' },
    ],
    [
      `evaluation/MODEL-DATA/${RUN_FILES.classes}`,
      { en: 'precision, recall and F1 by label', ko: '라벨별 정밀도, 재현율, F1' },
    ],
    [`evaluation/MODEL-DATA/${RUN_FIGURES.confusion}*.csv, .svg`, { en: 'counts and shares', ko: '수와 비율' }],
    [
      `evaluation/MODEL-DATA/${RUN_FILES.errors}`,
      { en: 'errors with their probabilities and runner-up', ko: '확률과 다음 후보를 곁들인 오류' },
    ],
    [
      `evaluation/MODEL-DATA/${RUN_FILES.predictions}`,
      { en: 'every answer, as `korex score` reads it', ko: '모든 답, `korex score`가 읽는 형식' },
    ],
  ],
  examples: [
    [
      'korex evaluate --model baseline --data dev.json',
      { en: 'a run of the last `korex run` on another file', ko: '마지막 `korex run`의 학습을 다른 파일로' },
    ],
    [
      `korex evaluate --model klue/${TRAINING_FOLDER}/tp --data klue-re-v1.1 --out klue`,
      { en: 'a run folder on official test rows', ko: '공식 평가 행에서의 학습 폴더' },
    ],
    [
      'korex evaluate --task entities --data klue-ner.tsv',
      { en: 'the model in the box that finds entities', ko: '엔티티를 찾는 내장 모델' },
    ],
    [
      'korex evaluate --model baseline --priors em',
      {
        en: 'also as if the class priors of the test rows were known',
        ko: '평가 행의 라벨 비율을 안다고 할 때의 값도',
      },
    ],
  ],
  run: async (call) => {
    const share = shareOf(call);
    // Tasks that share a folder work side by side.
    if (share) return (await import('../shards/runShare.ts')).runShare('evaluate', call, share);
    if (call.options.queue !== undefined) return (await import('../shards/runOnQueue.ts')).runOnQueue('evaluate', call);
    return withLock(call.settings.out, () => evaluate(call));
  },
};

async function evaluate(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const model = await resolveModel(call);
  if ((await taskNameOf(model.folder)) === 'entities') return evaluateEntities(call, model);
  if (await isDocumentFile(settings.data)) return evaluateDocumentFile(call, model);
  const dataset = await loadDataset(settings, reporter, 'test');
  const shift = await priorsOf(options.priors);
  const calibration = await loadCalibration(model.folder);
  if (shift) trainingPriorsOf(model.name, calibration);
  const marker = settings.marker === 'auto' ? null : settings.marker;
  const { precision } = settings;
  // KLUE's setting, a marked pair, is read as it is trained for by all models.
  const pairEncoding = pairEncodingOf(options) ?? 'inline';
  const classifier = await loadClassifier(model.folder, settings, { marker, precision });
  for (const note of classifier.model.notes ?? []) reporter.info(note);
  const { labelSet } = classifier.model.task;
  checkPairEncoding(pairEncoding, classifier.model.task);
  checkRowsKnown(dataset, classifier.model.task, model.name);
  const bar = reporter.progress(`evaluate ${model.name}`, dataset.test.length, 'rows');
  const where = asGiven(dataset.name);
  const watch = watchTokens({ where, isAllowed: settings.allowUnknownTokens, reporter });
  const predictions = await classifier
    .predict(dataset.test, {
      batchSize: settings.evalBatchSize,
      pairEncoding,
      signal,
      onProgress: (done) => bar.update(done),
      onEncoded: watch.onEncoded,
    })
    .finally(() => bar.end());
  const counts = watch.finish();
  await classifier.release();
  signal.throwIfAborted();
  const priorShift =
    shift && priorShiftMetrics(model.name, dataset.test, predictions, labelSet, calibration, shift.given);
  const parts = [
    model.name,
    parse(basename(dataset.name)).name,
    ...(precision === 'fp32' ? [] : [precision]),
    ...(pairEncoding === 'inline' ? [] : [pairEncoding]),
  ];
  const folder = join(settings.out, 'evaluation', parts.join('-'));
  const facts = { unknown_tokens: unknownShare(counts), ...(priorShift && { prior_shift: priorShift }) };
  const summary = await writeEvaluation(folder, {
    examples: dataset.test,
    predictions,
    labelSet,
    seed: settings.seed,
    validation: null,
    facts: { precision, ...facts },
  });
  const shifted = priorShift ? `\n\nCalibrated answers by class priors:\n\n${shiftTable(priorShift)}` : '';
  return {
    text: `${model.name} on ${dataset.name}: ${summary.metrics.n} rows, ${summary.errors} errors\n\n${metricTable(summary.metrics, summary.intervals)}${shifted}\n\nFiles: ${folder}`,
    json: { model: model.name, data: dataset.name, folder, ...summary, ...facts },
  };
}

/** What `--priors` asks for: EM alone, or priors from a file beside it. */
const priorsOf = async (option: string | undefined) =>
  option === undefined ? null : { given: option === EM ? null : await readPriors(option) };

const EM = 'em';

const shiftTable = ({ rows }: PriorShift): string =>
  textTable(
    rows.map(({ priors, accuracy, macro_f1, micro_f1, auprc, ece }) => ({
      priors,
      accuracy,
      macro_f1,
      micro_f1,
      auprc,
      ece,
    })),
  );
