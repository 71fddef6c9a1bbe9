import { join } from 'node:path';
import { z } from 'zod';
import { confusionMatrixChart } from '../../base/charts/confusionMatrix.ts';
import { writeFigure } from '../../base/charts/figure.ts';
import { failure } from '../../base/core/errors.ts';
import { parseJsonLines, toJsonLines, writeFileAtomic, writeJson } from '../../base/core/files.ts';
import type { Example, LabelledExample, LabelSet, Metrics, Prediction } from '../../base/core/types.ts';
import { reasonOf } from '../../base/core/validate.ts';
import { BOOTSTRAP, bootstrapIntervals, type Intervals } from '../../base/eval/bootstrap.ts';
import { codeRows } from '../../base/eval/codedRows.ts';
import { type Confusion, confusionMatrix, normalizeRows, topConfusions } from '../../base/eval/confusion.ts';
import { type Cell, toCsv } from '../../base/eval/csv.ts';
import { errorSamples } from '../../base/eval/errorSamples.ts';
import { metricsOf, onceEach } from '../../base/eval/metrics.ts';
import { type ClassMetrics, perClassMetrics } from '../../base/eval/perClass.ts';
import { alignPredictions, readPredictionFile } from '../../base/eval/predictionFile.ts';
import { readRunFile } from './readRunFile.ts';
import { RUN_FIGURES, RUN_FILES } from './runFolder.ts';
import type { RunFacts } from './summary.ts';

/** One system's answers to labelled rows, and what its trainer knows beside them. */
export interface EvaluatedRun {
  readonly examples: readonly LabelledExample[];
  /** `predictions[i]` answers `examples[i]`; probabilities in the label set's order. */
  readonly predictions: readonly Prediction[];
  readonly labelSet: LabelSet;
  /** Of the bootstrap. */
  readonly seed: number;
  /** Figures on the validation rows; null where there are none. */
  readonly validation: Metrics | null;
  /** How the run came about, e.g. rows trained on; and what else its summary is to say. */
  readonly facts?: RunFacts & Readonly<Record<string, unknown>>;
}

/** What an evaluation measured: the summary, less the facts. */
export interface Evaluation {
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  readonly validation: Metrics | null;
  readonly errors: number;
  readonly top_confusions: readonly Confusion[];
}

/**
 * Writes a run's evaluation into its folder: summary, predictions, figures by label, errors, and the confusion matrix as
 * counts and as shares, each as CSV and figure.
 *
 * Probabilities are kept to nine significant digits, which tells any two 32-bit floats apart, and all figures are
 * computed from what is written, so that scoring the written predictions gives the same.
 */
export async function writeEvaluation(folder: string, input: EvaluatedRun): Promise<Evaluation> {
  const { examples, labelSet, seed } = input;
  const predictions = asWritten(input.predictions);
  const gold = examples.map(({ label }) => label);
  const rows = codeRows(gold, predictions, labelSet);
  const matrix = confusionMatrix(gold, predictions, labelSet);
  const errors = errorSamples(examples, predictions, labelSet);
  const evaluation: Evaluation = {
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

  await writePredictions(folder, examples, predictions, labelSet);
  await writeFileAtomic(inFolder(RUN_FILES.classes), classesCsv(perClassMetrics(gold, predictions, labelSet)));
  await writeFileAtomic(inFolder(RUN_FILES.confusion), matrixCsv(matrix));
  await writeFileAtomic(inFolder(RUN_FILES.confusionShares), matrixCsv(normalizeRows(matrix)));
  for (const [name, show] of [
    [RUN_FIGURES.confusion, 'counts'],
    [RUN_FIGURES.confusionShares, 'shares'],
  ] as const)
    await writeFigure(folder, name, (lang) => confusionMatrixChart({ labels, counts: matrix, show }, lang));
  await writeFileAtomic(inFolder(RUN_FILES.errors), errorCsv(errors));
  await writeJson(inFolder(RUN_FILES.summary), { ...evaluation, bootstrap: { ...BOOTSTRAP, seed }, ...input.facts });
  return evaluation;
}

/**
 * A run's predictions, in the order of the examples.
 *
 * Errors: `usage` where the file is missing or broken, or where its rows or labels are not those given.
 */
export async function readPredictions(
  folder: string,
  { examples, labelSet }: { readonly examples: readonly Pick<Example, 'guid'>[]; readonly labelSet: LabelSet },
): Promise<Prediction[]> {
  const path = join(folder, RUN_FILES.predictions);
  return alignPredictions(path, await readPredictionFile(path), examples, labelSet);
}

/** Predictions as a file holds them: probabilities to nine significant digits. */
export const asWritten = (predictions: readonly Prediction[]): Prediction[] =>
  predictions.map((prediction) => ({
    ...prediction,
    probabilities: prediction.probabilities?.map((p) => Number(p.toPrecision(9))) ?? null,
  }));

const answerSchema = z.object({
  guid: z.string(),
  gold: z.string(),
  label: z.string(),
  /** Label → p, where the system gives any. */
  probabilities: z.record(z.string(), z.number()).optional(),
});

/** A line of a run's predictions. */
export type Answer = z.output<typeof answerSchema>;

export function writePredictions(
  folder: string,
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
  { labels }: LabelSet,
): Promise<void> {
  const answers = predictions.map(({ guid, predicted, probabilities }, row): Answer => {
    const answer = { guid, gold: examples[row]!.label, label: predicted };
    const named = probabilities && Object.fromEntries(labels.map((label, id) => [label, probabilities[id]!]));
    return named ? { ...answer, probabilities: named } : answer;
  });
  return writeFileAtomic(join(folder, RUN_FILES.predictions), toJsonLines(answers));
}

/** A run's predictions by themselves, without the rows that they answer. Errors: `failed` for a file that is not one of korex. */
export function parseAnswers(text: string): Answer[] {
  try {
    return z.array(answerSchema).parse(parseJsonLines(text));
  } catch (error) {
    const reason = reasonOf(error);
    throw failure(
      {
        en: `${RUN_FILES.predictions} is not as korex writes it: ${reason.en}.`,
        ko: `${RUN_FILES.predictions}: korex가 쓴 모양이 아니다: ${reason.ko}.`,
      },
      undefined,
      error,
    );
  }
}

// Numbers of CSV files are texts; an empty cell means that there is none.
const number = z.string().min(1).transform(Number).pipe(z.number());
const numberOrNone = z.string().transform((text) => (text === '' ? null : Number(text)));
const textOrNone = z.string().transform((text) => (text === '' ? null : text));

/** The columns of a CSV file, in order, as its cells are read. */
const CLASS_COLUMNS = {
  label: z.string(),
  precision: number,
  recall: number,
  f1: number,
  auprc: numberOrNone,
  support: number,
  predicted: number,
} satisfies Record<keyof ClassMetrics, z.ZodType>;

const ERROR_COLUMNS = {
  guid: z.string(),
  sentence: z.string(),
  subject: z.string(),
  subject_type: textOrNone,
  subject_start: number,
  object: z.string(),
  object_type: textOrNone,
  object_start: number,
  gold: z.string(),
  predicted: z.string(),
  confidence: numberOrNone,
  runner_up: textOrNone,
  p_gold: numberOrNone,
  p_runner_up: numberOrNone,
};

/** A row of the errors. */
export type ErrorRow = z.output<z.ZodObject<typeof ERROR_COLUMNS>>;

/** A CSV file of rows that have a cell for each column. */
const csvOf = <Columns extends object>(columns: Columns, rows: readonly Readonly<Record<keyof Columns, Cell>>[]) => {
  const names = Object.keys(columns) as (keyof Columns & string)[];
  return toCsv(
    names,
    rows.map((row) => names.map((name) => row[name])),
  );
};

const classesCsv = (classes: readonly ClassMetrics[]): string => csvOf(CLASS_COLUMNS, classes);

const errorCsv = (samples: ReturnType<typeof errorSamples>): string =>
  csvOf(
    ERROR_COLUMNS,
    samples.map(
      ({ example: { guid, sentence, subject, object, label }, ...sample }): ErrorRow => ({
        ...{ guid, sentence, gold: label, predicted: sample.predicted, confidence: sample.confidence },
        ...{ subject: subject.word, subject_type: subject.type, subject_start: subject.start },
        ...{ object: object.word, object_type: object.type, object_start: object.start },
        ...{ runner_up: sample.runnerUp, p_gold: sample.goldProbability, p_runner_up: sample.runnerUpProbability },
      }),
    ),
  );

/** Precision, recall and F1 by label. Errors: those of `readRunFile`. */
export const readClasses = (out: string, name: string): Promise<ClassMetrics[]> =>
  readRunFile(out, name, RUN_FILES.classes, z.array(z.object(CLASS_COLUMNS)));

/** The wrong answers, the most confident first. Errors: those of `readRunFile`. */
export const readErrors = (out: string, name: string): Promise<ErrorRow[]> =>
  readRunFile(out, name, RUN_FILES.errors, z.array(z.object(ERROR_COLUMNS)));

/** Labels in id order and rows of gold label by predicted label. Errors: those of `readRunFile`. */
export async function readConfusion(out: string, name: string): Promise<{ labels: string[]; counts: number[][] }> {
  const table = await readRunFile(out, name, RUN_FILES.confusion, z.array(z.record(z.string(), z.string())));
  // The first column holds the gold label.
  const rows = table.map((row) => Object.values(row));
  return { labels: rows.map(([gold]) => gold!), counts: rows.map(([, ...cells]) => cells.map(Number)) };
}
