import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../../../base/core/files.ts';
import { RUN_KEYS, systemName } from '../../../base/eval/systems.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { LIVE_LOG } from '../../../engine/train/liveLog.ts';
import { type TrainingPlan, trainingPlanSchema } from '../../../engine/train/plan.ts';
import { validationsOf } from '../../../engine/train/trainingLog.ts';
import { isBeingWritten } from '../../../study/pipeline/lock.ts';
import { SUMMARY_FILE, summarySchema } from '../../../study/stages/training/runFolder.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside, runFolders } from './folderInside.ts';
import { notFound } from './query.ts';
import { lastStep, readLog, TRAINING_LOG } from './runLog.ts';
import type { RunEntry, RunStatus } from './shapes.ts';

/** What `metrics_summary.json` says of a run; what only some runs have is optional. */
const entrySchema = summarySchema.extend({
  dataset: z.string().optional(),
  best_step: z.number().optional(),
  steps: z.number().optional(),
  stopped_early: z.boolean().optional(),
  plan: trainingPlanSchema.optional(),
});

const readSummary = fileMemo(async (path) => {
  // One broken file must not hide all other runs.
  const parsed = entrySchema.safeParse(await readJson(path).catch(() => null));
  return parsed.success ? parsed.data : null;
});

export const runsRoot = (out: string): string => join(out, TRAINING_FOLDER);

/** All runs below `out`: those of the study in their order, then others by name. */
export async function listRuns(out: string): Promise<RunEntry[]> {
  const root = runsRoot(out);
  const names = await runFolders(root);
  const ordered = [...RUN_KEYS.filter((key) => names.includes(key)), ...names.filter((name) => !isStudy(name))];
  const begun = await Promise.all(ordered.map((name) => readEntry(root, name)));
  return withStatus(
    begun.filter((entry) => entry !== null),
    await isBeingWritten(out),
  );
}

/** One run. Errors: 404 where there is none of that name. */
export async function findRun(out: string, name: string): Promise<RunEntry> {
  const run = (await listRuns(out)).find((entry) => entry.name === name);
  if (!run) throw notFound(`run ${JSON.stringify(name)}`);
  return run;
}

const isStudy = (name: string): boolean => RUN_KEYS.some((key) => key === name);

type Begun = Omit<RunEntry, 'status'> & { readonly finished: boolean };

/**
 * Of the runs without figures the one that was written to last is being trained where a process works in the folder:
 * runs are trained one after the other.
 */
function withStatus(runs: readonly Begun[], isBusy: boolean): RunEntry[] {
  const open = runs.filter(({ finished }) => !finished).map(({ changed }) => changed);
  const newest = open.sort().at(-1);
  return runs.map(({ finished, ...run }) => {
    const status: RunStatus = finished ? 'finished' : isBusy && run.changed === newest ? 'training' : 'interrupted';
    return { ...run, status };
  });
}

/** A run as its folder tells it; null for a folder that is none. */
async function readEntry(root: string, name: string): Promise<Begun | null> {
  const summaryPath = await fileInside(root, name, SUMMARY_FILE);
  const summary = summaryPath === null ? null : await readSummary(summaryPath);
  const soFar = await readLog(root, name);
  if (!summary && !soFar) return null;
  const step = soFar && lastStep(soFar.log);
  const best = soFar && validationsOf(soFar.log).at(-1);
  return {
    name,
    title: systemName(name),
    changed: await changedAt(root, name),
    dataset: summary?.dataset ?? null,
    trained_rows: summary ? summary.trained_rows : (soFar?.head?.trained_rows ?? null),
    fine_tuned: soFar !== null,
    step,
    steps: summary ? step : (soFar?.head?.steps ?? null),
    plan: (summary ? summary.plan : soFar?.head?.plan) ?? (await checkpointPlan(root, name)),
    best_step: summary?.best_step ?? null,
    stopped_early: summary?.stopped_early ?? false,
    metrics: summary?.metrics ?? null,
    intervals: summary?.intervals ?? null,
    validation: summary ? summary.validation : (best?.validation ?? null),
    finished: summary !== null,
  };
}

async function changedAt(root: string, name: string): Promise<string> {
  const files = await Promise.all([SUMMARY_FILE, LIVE_LOG, TRAINING_LOG].map((file) => fileInside(root, name, file)));
  const times = await Promise.all(
    files.flatMap((path) =>
      path === null
        ? []
        : stat(path).then(
            ({ mtimeMs }) => mtimeMs,
            () => 0,
          ),
    ),
  );
  return new Date(Math.max(0, ...times)).toISOString();
}

const stateSchema = z.object({ plan: trainingPlanSchema });

/** The plan of an interrupted run, from its newest checkpoint. */
async function checkpointPlan(root: string, name: string): Promise<TrainingPlan | null> {
  const steps = (await runFolders(join(root, name))).flatMap((folder) => /^checkpoint-(\d+)$/.exec(folder)?.[1] ?? []);
  const newest = steps.sort((a, b) => Number(b) - Number(a))[0];
  const path = newest && (await fileInside(root, name, `checkpoint-${newest}`, 'trainer_state.json'));
  const parsed = path ? stateSchema.safeParse(await readJson(path).catch(() => null)) : null;
  return parsed?.success ? parsed.data.plan : null;
}
