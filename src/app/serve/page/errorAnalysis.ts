import { readJson } from '../../../base/core/files.ts';
import { analysisSchema, type ErrorAnalysis } from '../../../study/analysis/schema.ts';
import { ANALYSIS_FILE, ANALYSIS_FOLDER } from '../../../study/stages/analysis/analysisFiles.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';

const readFile = fileMemo(async (path) => {
  const parsed = analysisSchema.safeParse(await readJson(path).catch(() => null));
  return parsed.success ? parsed.data : null;
});

/** The error analysis of a run; null where `korex analyze` made none, or another version did. */
export async function readErrorAnalysis(out: string, name: string): Promise<ErrorAnalysis | null> {
  const path = await fileInside(out, ANALYSIS_FOLDER, name, ANALYSIS_FILE);
  return path === null ? null : readFile(path);
}
