import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { readJson } from '../../base/core/files.ts';
import { metricsSchema } from '../../base/eval/metrics.ts';
import { trainingPlanSchema } from '../../engine/train/plan.ts';

const intervalSchema = z.tuple([z.number(), z.number()]).nullable();

const runFactsSchema = z.object({
  metrics: metricsSchema,
  intervals: z.object({
    accuracy: intervalSchema,
    macro_f1: intervalSchema,
    micro_f1: intervalSchema,
    auprc: intervalSchema,
  }),
  bootstrap: z.object({ resamples: z.number(), level: z.number() }),
  trained_rows: z.number(),
  /** Rows made from these, by technique. */
  augmented_rows: z.record(z.string(), z.number()).optional(),
  plan: trainingPlanSchema,
  /** Name of the data; runs of older versions do not tell. */
  dataset: z.string().optional(),
  /** Names of the models that it learned from. */
  teachers: z.array(z.string()).default([]),
});

/** What a fine-tuned run wrote about itself: data, recipe, metrics with intervals on its test rows. */
export type RunFacts = z.output<typeof runFactsSchema>;

/** Says that a folder is an export, which a later one may replace, and keeps the facts of the exported run. */
export const EXPORT_FILE = 'korex_export.json';
const exportSchema = z.object({ run: runFactsSchema.nullable() });

/** The facts of the run whose best checkpoint, or whose export, a folder is; null for any other folder. */
export async function readRunFacts(folder: string): Promise<RunFacts | null> {
  const path = resolve(folder);
  const exported = join(path, EXPORT_FILE);
  if (existsSync(exported)) return exportSchema.safeParse(await readJson(exported)).data?.run ?? null;
  const summary = join(dirname(path), 'metrics_summary.json');
  if (basename(path) !== 'best' || !existsSync(summary)) return null;
  return runFactsSchema.safeParse(await readJson(summary)).data ?? null;
}
