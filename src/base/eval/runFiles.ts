import { join } from 'node:path';
import { confusionMatrixChart } from '../charts/confusionMatrix.ts';
import { writeFigure } from '../charts/figure.ts';
import { writeFileAtomic, writeJson } from '../core/files.ts';
import type { Example, LabelledExample, LabelSet, Metrics, Prediction } from '../core/types.ts';
import { BOOTSTRAP, bootstrapIntervals, type Intervals } from './bootstrap.ts';
import { codeRows } from './codedRows.ts';
import { type Confusion, confusionMatrix, normalizeRows, topConfusions } from './confusion.ts';
import { type Cell, toCsv } from './csv.ts';
import { errorSamples } from './errorSamples.ts';
import { metricsOf, onceEach } from './metrics.ts';
import { type ClassMetrics, perClassMetrics } from './perClass.ts';
import { alignPredictions, readPredictionFile } from './predictionFile.ts';

/** One system's answers to labelled rows, and what its trainer knows beside them. */
export interface RunInput {
  readonly examples: readonly LabelledExample[];
  /** `predictions[i]` answers `examples[i]`; probabilities in the label set's order. */
  readonly predictions: readonly Prediction[];
  readonly labelSet: LabelSet;
  /** Of the bootstrap. */
  readonly seed: number;
  /** Figures on the validation rows; null where there are none. */
  readonly validation: Metrics | null;
  /** Further facts for `metrics_summary.json`, e.g. rows trained on. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** `metrics_summary.json`, less the facts. */
export interface RunSummary {
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  readonly validation: Metrics | null;
  readonly errors: number;
  readonly top_confusions: readonly Confusion[];
}

export const PREDICTIONS_FILE = 'predictions.jsonl';

const FILES = {
  summary: 'metrics_summary.json',
  perClass: 'per_class_report.csv',
  confusion: 'confusion_matrix',
  errors: 'error_samples.csv',
} as const;

/**
 * Writes a run's evaluation into its folder: `metrics_summary.json`, `predictions.jsonl`, `per_class_report.csv`,
 * `error_samples.csv`, and `confusion_matrix` and `confusion_matrix_normalized` as `.csv` and figures.
 *
 * Probabilities are kept to nine significant digits, which tells any two 32-bit floats apart, and all figures are
 * computed from what is written, so that `predictions.jsonl` scored anew gives the same.
 */
export async function writeRunFiles(folder: string, input: RunInput): Promise<RunSummary> {
  const { examples, labelSet, seed } = input;
  const predictions = asWritten(input.predictions);
  const gold = examples.map(({ label }) => label);
  const rows = codeRows(gold, predictions, labelSet);
  const matrix = confusionMatrix(gold, predictions, labelSet);
  const errors = errorSamples(examples, predictions, labelSet);
  const summary: RunSummary = {
    metrics: metricsOf(rows, onceEach(rows)),
    intervals: bootstrapIntervals([rows], { seed }),
    validation: input.validation,
    errors: errors.length,
    top_confusions: topConfusions(matrix, labelSet, 10),
  };
  const { labels } = labelSet;
  const matrixCsv = (cells: readonly (readonly number[])[]) =>
    toCsv(
      ['gold \\ predicted', ...labels],
      cells.map((row, g) => [labels[g]!, ...row]),
    );
  const inFolder = (name: string) => join(folder, name);

  await writeFileAtomic(inFolder(PREDICTIONS_FILE), predictionLines(examples, predictions, labelSet));
  await writeFileAtomic(inFolder(FILES.perClass), perClassCsv(perClassMetrics(gold, predictions, labelSet)));
  await writeFileAtomic(inFolder(`${FILES.confusion}.csv`), matrixCsv(matrix));
  await writeFileAtomic(inFolder(`${FILES.confusion}_normalized.csv`), matrixCsv(normalizeRows(matrix)));
  for (const [name, show] of [
    [FILES.confusion, 'counts'],
    [`${FILES.confusion}_normalized`, 'shares'],
  ] as const)
    await writeFigure(folder, name, (lang) => confusionMatrixChart({ labels, counts: matrix, show }, lang));
  await writeFileAtomic(inFolder(FILES.errors), errorCsv(errors));
  await writeJson(inFolder(FILES.summary), { ...summary, bootstrap: { ...BOOTSTRAP, seed }, ...input.facts });
  return summary;
}

/**
 * A run's `predictions.jsonl`, in the order of the examples.
 *
 * Errors: `usage` where the file is missing or broken, or where its rows or labels are not those given.
 */
export async function readPredictions(
  folder: string,
  { examples, labelSet }: { readonly examples: readonly Pick<Example, 'guid'>[]; readonly labelSet: LabelSet },
): Promise<Prediction[]> {
  const path = join(folder, PREDICTIONS_FILE);
  return alignPredictions(path, await readPredictionFile(path), examples, labelSet);
}

/** Predictions as a file holds them: probabilities to nine significant digits. */
export const asWritten = (predictions: readonly Prediction[]): Prediction[] =>
  predictions.map((prediction) => ({
    ...prediction,
    probabilities: prediction.probabilities?.map((p) => Number(p.toPrecision(9))) ?? null,
  }));

/** `guid`, `gold`, `label` and, where given, `probabilities` (label → p), an object a line. */
export function predictionLines(
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
  { labels }: LabelSet,
): string {
  return predictions
    .map(({ guid, predicted, probabilities }, row) => {
      const line = { guid, gold: examples[row]!.label, label: predicted };
      const named = probabilities && Object.fromEntries(labels.map((label, id) => [label, probabilities[id]]));
      return `${JSON.stringify(named ? { ...line, probabilities: named } : line)}\n`;
    })
    .join('');
}

const perClassCsv = (classes: readonly ClassMetrics[]): string =>
  toCsv(
    ['label', 'precision', 'recall', 'f1', 'auprc', 'support', 'predicted'],
    classes.map((row) => [row.label, row.precision, row.recall, row.f1, row.auprc, row.support, row.predicted]),
  );

const ERROR_COLUMNS = [
  ...['guid', 'sentence', 'subject', 'subject_type', 'subject_start', 'object', 'object_type', 'object_start'],
  ...['gold', 'predicted', 'confidence', 'runner_up', 'p_gold', 'p_runner_up'],
];

const errorCsv = (samples: ReturnType<typeof errorSamples>): string =>
  toCsv(
    ERROR_COLUMNS,
    samples.map((sample): Cell[] => {
      const { guid, sentence, subject, object, label } = sample.example;
      return [
        ...[guid, sentence, subject.word, subject.type, subject.start, object.word, object.type, object.start],
        ...[label, sample.predicted, sample.confidence, sample.runnerUp],
        ...[sample.goldProbability, sample.runnerUpProbability],
      ];
    }),
  );
