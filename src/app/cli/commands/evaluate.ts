import { basename, join, parse } from 'node:path';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { loadCalibration } from '../../../engine/runs/calibration.ts';
import { writeEvaluation } from '../../../engine/runs/evaluation.ts';
import { RUN_FIGURES, RUN_FILES, TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { checkLabelsKnown, loadClassifier } from '../../../inference/predict/classifier.ts';
import { type PriorShift, priorShiftMetrics } from '../../../inference/predict/priorShiftMetrics.ts';
import { readPriors, trainingPriorsOf } from '../../../inference/predict/priors.ts';
import { withLock } from '../../../study/pipeline/lock.ts';
import { calledModel, MODEL_HELP } from '../calledModel.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { figureTable } from '../figureTable.ts';
import { textTable } from '../textTable.ts';

export const evaluateCommand: Command = {
  description:
    'Lets a trained model answer every row of a labelled file (or the test rows of a folder) and evaluates the answers: the four metrics with ' +
    'intervals, a report by class, the confusion matrix and the errors with their probabilities. Classifiers that were fine-tuned in Python as ' +
    'AutoModelForSequenceClassification are models too; where their tokenizer has no tokens for a marker, --marker says how they mark entities.',
  settings: [
    'data',
    'marker',
    'evalRows',
    'onBadRow',
    'out',
    'seed',
    'device',
    'threads',
    'evalBatchSize',
    'precision',
    'json',
  ],
  options: [
    {
      name: 'model',
      value: 'MODEL',
      help: MODEL_HELP,
      required: false,
    },
    {
      name: 'priors',
      value: 'FILE|em',
      help: 'adds rows for other class priors than those of training: from JSON (label → share), and estimated from the rows without their labels by EM',
      required: false,
    },
  ],
  writes: [
    [`evaluation/MODEL-DATA/${RUN_FILES.summary}`, 'metrics with intervals, most frequent confusions'],
    [`evaluation/MODEL-DATA/${RUN_FILES.classes}`, 'precision, recall and F1 by label'],
    [`evaluation/MODEL-DATA/${RUN_FIGURES.confusion}*.csv, .svg`, 'counts and shares'],
    [`evaluation/MODEL-DATA/${RUN_FILES.errors}`, 'errors with their probabilities and runner-up'],
    [`evaluation/MODEL-DATA/${RUN_FILES.predictions}`, 'every answer, as `korex score` reads it'],
  ],
  examples: [
    ['korex evaluate --model baseline --data dev.json', 'a run of the last `korex run` on another file'],
    [
      `korex evaluate --model klue/${TRAINING_FOLDER}/tp --data klue-re-v1.1 --out klue`,
      'a run folder on official test rows',
    ],
    ['korex evaluate --model baseline --priors em', 'also as if the class priors of the test rows were known'],
  ],
  run: (call) => withLock(call.settings.out, () => evaluate(call)),
};

async function evaluate(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const model = await calledModel(call);
  const dataset = await loadDataset(settings, reporter, 'test');
  const shift = await priorsOf(options.priors);
  const calibration = await loadCalibration(model.folder);
  if (shift) trainingPriorsOf(model.name, calibration);
  const marker = settings.marker === 'auto' ? null : settings.marker;
  const { precision } = settings;
  const classifier = await loadClassifier(model.folder, settings, { marker, precision });
  for (const note of classifier.model.notes ?? []) reporter.info(note);
  const { labelSet } = classifier.model.task;
  checkLabelsKnown(dataset, labelSet, model.name);
  const bar = reporter.progress(`evaluate ${model.name}`, dataset.test.length, 'rows');
  const predictions = await classifier
    .predict(dataset.test, { batchSize: settings.evalBatchSize, signal, onProgress: (done) => bar.update(done) })
    .finally(() => bar.end());
  await classifier.release();
  signal.throwIfAborted();
  const priorShift =
    shift && priorShiftMetrics(model.name, dataset.test, predictions, labelSet, calibration, shift.given);
  const parts = [model.name, parse(basename(dataset.name)).name, ...(precision === 'fp32' ? [] : [precision])];
  const folder = join(settings.out, 'evaluation', parts.join('-'));
  const summary = await writeEvaluation(folder, {
    examples: dataset.test,
    predictions,
    labelSet,
    seed: settings.seed,
    validation: null,
    facts: { precision, ...(priorShift && { prior_shift: priorShift }) },
  });
  const shifted = priorShift ? `\n\nCalibrated answers by class priors:\n\n${shiftTable(priorShift)}` : '';
  return {
    text: `${summary.metrics.n} rows, ${summary.errors} errors\n\n${figureTable(summary.metrics, summary.intervals)}${shifted}\n\nFiles: ${folder}`,
    json: { model: model.name, folder, ...summary, ...(priorShift && { prior_shift: priorShift }) },
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
