import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { readJson } from '../../base/core/files.ts';
import { trainingPlanSchema } from '../../engine/runs/plan.ts';
import { BEST_FOLDER, RUN_FILES } from '../../engine/runs/runFolder.ts';
import { summarySchema } from '../../engine/runs/summary.ts';

const { shape } = summarySchema;

const runFactsSchema = summarySchema
  .pick({
    ...{ metrics: true, intervals: true, bootstrap: true, trained_rows: true, augmented_rows: true },
    ...{ plan: true, dataset: true, teachers: true, text_rows: true, row_settings: true, entities: true },
  })
  .extend({
    bootstrap: shape.bootstrap.omit({ seed: true }),
    plan: trainingPlanSchema,
    teachers: z.array(z.string()).default([]),
  });

/** What a fine-tuned run wrote about itself: data, plan, metrics with intervals on its test rows. */
export type RunFacts = z.output<typeof runFactsSchema>;

/** Marks a folder as an export, which a later one may replace, and keeps the facts of the exported run. */
export const EXPORT_FILE = 'korex_export.json';
const exportSchema = z.object({ run: runFactsSchema.nullable() });

/** The facts of the run whose best checkpoint, or whose export, a folder is; null for any other folder. */
export async function readRunFacts(folder: string): Promise<RunFacts | null> {
  const path = resolve(folder);
  const exported = join(path, EXPORT_FILE);
  if (existsSync(exported)) return exportSchema.safeParse(await readJson(exported)).data?.run ?? null;
  const summary = join(dirname(path), RUN_FILES.summary);
  if (basename(path) !== BEST_FOLDER || !existsSync(summary)) return null;
  return runFactsSchema.safeParse(await readJson(summary)).data ?? null;
}
