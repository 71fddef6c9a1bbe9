import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemName } from '../../../base/eval/systems.ts';
import { latestProgressFile, planIn } from '../../../engine/runs/checkpoint.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { inStudyOrder, RUN_FILES, runsFolder } from '../../../engine/runs/runFolder.ts';
import { summaryAt } from '../../../engine/runs/summary.ts';
import { validationsOf } from '../../../engine/runs/trainingLog.ts';
import { isBeingWritten } from '../../../study/pipeline/lock.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside, runFolders } from './folderInside.ts';
import { notFound } from './query.ts';
import { lastStep, readLog } from './runLog.ts';
import type { RunEntry, RunStatus } from './shapes.ts';

// One broken file must not hide all other runs: it counts as none.
const readSummary = fileMemo(summaryAt);

/** All runs below `out`: those of the study in their order, then others by name. */
export async function listRuns(out: string): Promise<RunEntry[]> {
  const root = runsFolder(out);
  const names = inStudyOrder(await runFolders(root));
  const begun = await Promise.all(names.map((name) => readEntry(root, name)));
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

/** A run as its folder describes it; null for a folder that is none. */
async function readEntry(root: string, name: string): Promise<Begun | null> {
  const summaryPath = await fileInside(root, name, RUN_FILES.summary);
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
  const files = await Promise.all(
    [RUN_FILES.summary, RUN_FILES.liveLog, RUN_FILES.log].map((file) => fileInside(root, name, file)),
  );
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

/** The plan of an interrupted run, from its newest checkpoint. */
async function checkpointPlan(root: string, name: string): Promise<TrainingPlan | null> {
  const path = await latestProgressFile(join(root, name));
  const inside = path && (await fileInside(root, relative(root, path)));
  return inside ? planIn(inside) : null;
}
