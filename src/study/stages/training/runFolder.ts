import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { failure } from '../../../base/core/errors.ts';
import { readJson, readText } from '../../../base/core/files.ts';
import { metricsSchema } from '../../../base/eval/metrics.ts';
import { RUN_KEYS } from '../../../base/eval/systems.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { trainingPlanSchema } from '../../../engine/train/plan.ts';
import { logEntrySchema } from '../../../engine/train/trainingLog.ts';
import { loadCalibration } from '../../../inference/predict/loadCalibration.ts';
import { checklistSchema } from './checklistFile.ts';
import { choiceSchema } from './runPlan.ts';

export const SUMMARY_FILE = 'metrics_summary.json';

const count = z.number().int().min(0);
const interval = z.tuple([z.number(), z.number()]).nullable();
const confusion = z.object({ gold: z.string(), predicted: z.string(), count, share: z.number() });

/** `metrics_summary.json` of any run. */
export const summarySchema = z.object({
  metrics: metricsSchema,
  intervals: z.object({ accuracy: interval, macro_f1: interval, micro_f1: interval, auprc: interval }),
  validation: metricsSchema.nullable(),
  errors: count,
  top_confusions: z.array(confusion),
  bootstrap: z.object({ resamples: count, level: z.number(), seed: count }),
  trained_rows: count,
});

/** What only fine-tuned runs have. */
const fineTunedSchema = summarySchema.extend({
  best_epoch: count,
  best_step: count.optional(),
  steps: count,
  plan: trainingPlanSchema,
  choice: choiceSchema,
});

// Numbers of CSV files are texts; an empty cell means that there is none.
const number = z.string().min(1).transform(Number).pipe(z.number());
const numberOrNone = z.string().transform((text) => (text === '' ? null : Number(text)));
const textOrNone = z.string().transform((text) => (text === '' ? null : text));

const perClassSchema = z.array(
  z.object({
    label: z.string(),
    precision: number,
    recall: number,
    f1: number,
    auprc: numberOrNone,
    support: number,
    predicted: number,
  }),
);

const errorsSchema = z.array(
  z.object({
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
  }),
);

export type RunRecord = z.output<typeof summarySchema>;
export type ErrorRow = z.output<typeof errorsSchema>[number];

/** A fine-tuned run as its folder tells it. */
export type FineTunedRecord = Awaited<ReturnType<typeof readFineTuned>>;

/** The finished runs under `out`: those of the study in their order, then others by name. */
export async function runNames(out: string): Promise<string[]> {
  const folder = join(out, TRAINING_FOLDER);
  const entries = existsSync(folder) ? await readdir(folder) : [];
  const finished = entries.filter((name) => existsSync(join(folder, name, SUMMARY_FILE)));
  const isStudy = (name: string) => RUN_KEYS.some((key) => key === name);
  return [...RUN_KEYS.filter((key) => finished.includes(key)), ...finished.filter((name) => !isStudy(name)).sort()];
}

/** The figures of a run. Errors: `failed` where its summary is not one of korex. */
export const readRun = (out: string, name: string): Promise<RunRecord> =>
  readChecked(out, name, SUMMARY_FILE, summarySchema);

/** Whether the run was fine-tuned: neither untrained nor on a frozen encoder. */
export const isFineTuned = (out: string, name: string): boolean =>
  existsSync(join(out, TRAINING_FOLDER, name, 'training_log.jsonl'));

/** Everything that a fine-tuned run wrote for people. Errors: `failed` for a file that is not one of korex. */
export async function readFineTuned(out: string, name: string) {
  const read = <T extends z.ZodType>(file: string, schema: T) => readChecked(out, name, file, schema);
  const log = await read('training_log.jsonl', z.array(logEntrySchema));
  return {
    name,
    summary: await read(SUMMARY_FILE, fineTunedSchema),
    steps: log.flatMap((entry) => ('loss' in entry ? entry : [])),
    epochs: log.flatMap((entry) => ('validation' in entry ? entry : [])),
    classes: await readClasses(out, name),
    confusion: confusionCounts(await read(CONFUSION_FILE, tableSchema)),
    errors: await read('error_samples.csv', errorsSchema),
    checklist: await read('evaluation_checklist.json', checklistSchema),
    // Runs of earlier versions have none.
    calibration: await loadCalibration(join(out, TRAINING_FOLDER, name, 'best')),
  };
}

export const CLASSES_FILE = 'per_class_report.csv';
export const CONFUSION_FILE = 'confusion_matrix.csv';
const tableSchema = z.array(z.record(z.string(), z.string()));

/** Precision, recall and F1 by label. Errors: `failed` where the file is not one of korex. */
export const readClasses = (out: string, name: string) => readChecked(out, name, CLASSES_FILE, perClassSchema);

/** Labels in id order and rows of gold label by predicted label. Errors: `failed` where the file is not one of korex. */
export async function readConfusion(out: string, name: string): Promise<{ labels: string[]; counts: number[][] }> {
  const rows = (await readChecked(out, name, CONFUSION_FILE, tableSchema)).map((row) => Object.values(row));
  return {
    labels: rows.map(([gold]) => gold!),
    counts: rows.map(([, ...cells]) => cells.map(Number)),
  };
}

/** Cells off zero; the first column of the file holds the gold label. */
const confusionCounts = (rows: readonly Readonly<Record<string, string>>[]) =>
  rows.flatMap((row) => {
    const [[, gold], ...cells] = Object.entries(row) as [[string, string], ...[string, string][]];
    return cells.flatMap(([predicted, cell]) => (cell === '0' ? [] : { gold, predicted, count: Number(cell) }));
  });

async function readChecked<T extends z.ZodType>(out: string, name: string, file: string, schema: T) {
  const path = join(out, TRAINING_FOLDER, name, file);
  const parsed = schema.safeParse(await readAny(path, name));
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0]!;
  throw failure(
    `${path} is not a file of stage 06: ${field.map(String).join('.') || 'the file'}: ${message}.`,
    anew(name),
  );
}

const anew = (name: string): string =>
  `Make it anew: korex train ${RUN_KEYS.some((key) => key === name) ? '' : `--name ${name} `}--force`;

/** By the file's ending: JSON, one JSON object a line, or rows of a CSV file by column. */
async function readAny(path: string, name: string): Promise<unknown> {
  if (path.endsWith('.json')) return readJson(path);
  const text = await readText(path);
  try {
    if (path.endsWith('.csv')) return parse(text, { columns: true });
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch (error) {
    throw failure(`${path} cannot be read: ${(error as Error).message}`, anew(name), error);
  }
}
