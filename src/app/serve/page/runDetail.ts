import { readJson } from '../../../base/core/files.ts';
import { readClasses, readConfusion } from '../../../engine/runs/evaluation.ts';
import { RUN_FILES, runsFolder } from '../../../engine/runs/runFolder.ts';
import { analysisSchema, type ErrorAnalysis } from '../../../study/analysis/schema.ts';
import { ANALYSIS_FILE, ANALYSIS_FOLDER } from '../../../study/stages/analysis/analysisFiles.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';
import { notFound } from './query.ts';
import { readCalibration } from './runCalibration.ts';
import type { RunDetail } from './shapes.ts';

/** Everything of a finished run but its log and its answers. Errors: 404 where it is not finished. */
export async function runDetail(out: string, name: string): Promise<RunDetail> {
  const root = runsFolder(out);
  for (const file of [RUN_FILES.classes, RUN_FILES.confusion])
    if ((await fileInside(root, name, file)) === null) throw notFound(`figure of the run ${JSON.stringify(name)} yet`);
  const { labels, counts } = await readConfusion(out, name);
  return {
    name,
    labels,
    confusion: counts,
    classes: await readClasses(out, name),
    calibration: await readCalibration(root, name),
  };
}

const readAnalysisFile = fileMemo(
  async (path) => analysisSchema.safeParse(await readJson(path).catch(() => null)).data ?? null,
);

/** The error analysis of a run; null where `korex analyze` made none, or another version did. */
export async function readErrorAnalysis(out: string, name: string): Promise<ErrorAnalysis | null> {
  const path = await fileInside(out, ANALYSIS_FOLDER, name, ANALYSIS_FILE);
  return path === null ? null : readAnalysisFile(path);
}
