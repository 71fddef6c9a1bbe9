import { readJson } from '../../../base/core/files.ts';
import { CALIBRATION_FILE, type Calibration, calibrationSchema } from '../../../engine/runs/calibration.ts';
import { readClasses, readConfusion } from '../../../engine/runs/evaluation.ts';
import { BEST_FOLDER, RUN_FILES, runsFolder } from '../../../engine/runs/runFolder.ts';
import { analysisSchema, type ErrorAnalysis } from '../../../study/analysis/schema.ts';
import { ANALYSIS_FILE, ANALYSIS_FOLDER } from '../../../study/stages/analysis/analysisFiles.ts';
import type { DataSets } from './dataSets.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';
import { readAnswered } from './predictionRows.ts';
import { notFound } from './query.ts';
import type { RunDetail } from './shapes.ts';

/** Everything of a finished run but its log and its answers. Errors: 404 where it is not finished. */
export async function runDetail(out: string, name: string, sets: DataSets): Promise<RunDetail> {
  const root = runsFolder(out);
  for (const file of [RUN_FILES.classes, RUN_FILES.confusion])
    if ((await fileInside(root, name, file)) === null) throw notFound(`figure of the run ${JSON.stringify(name)} yet`);
  const { labels, counts } = await readConfusion(out, name);
  const { set } = await readAnswered(root, name, sets);
  return {
    name,
    labels,
    confusion: counts,
    classes: await readClasses(out, name),
    calibration: await readCalibration(root, name),
    data: set?.id ?? null,
  };
}

/** A run's calibration on its validation rows; null where it has none, as the runs of older versions. */
async function readCalibration(root: string, name: string): Promise<Calibration | null> {
  const path = await fileInside(root, name, BEST_FOLDER, CALIBRATION_FILE);
  const parsed = path ? calibrationSchema.safeParse(await readJson(path).catch(() => null)) : null;
  return parsed?.success ? parsed.data : null;
}

const readAnalysisFile = fileMemo(
  async (path) => analysisSchema.safeParse(await readJson(path).catch(() => null)).data ?? null,
);

/** The error analysis of a run; null where `korex analyze` made none, or another version did. */
export async function readErrorAnalysis(out: string, name: string): Promise<ErrorAnalysis | null> {
  const path = await fileInside(out, ANALYSIS_FOLDER, name, ANALYSIS_FILE);
  return path === null ? null : readAnalysisFile(path);
}
