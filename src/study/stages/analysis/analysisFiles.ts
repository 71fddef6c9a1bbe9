import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFigure } from '../../../base/charts/figure.ts';
import { failure, usageError } from '../../../base/core/errors.ts';
import { writeJson } from '../../../base/core/files.ts';
import { replaceFolder } from '../../../base/core/folders.ts';
import { readValidated } from '../../../base/core/validate.ts';
import { isFineTuned, RUN_FILES, runFolder, runNames, runsFolder } from '../../../engine/runs/runFolder.ts';
import { ANALYSIS_CHARTS, ANALYSIS_FIGURES, figuresOfAnalysis } from '../../analysis/analysisCharts.ts';
import { analysisSchema, type ErrorAnalysis } from '../../analysis/schema.ts';

/** Folder of the error analyses under `--out`: a folder for each run or model. */
export const ANALYSIS_FOLDER = '08_klue_re_error_analysis';
export const ANALYSIS_FILE = 'error_analysis.json';

/** Where the analysis of a run or model lies under `--out`. */
export const analysisFolder = (out: string, run: string): string => join(out, ANALYSIS_FOLDER, run);

/** Writes the analysis and the figures that it has data for, all of them or none. */
export const writeAnalysis = (out: string, analysis: ErrorAnalysis): Promise<void> =>
  replaceFolder(analysisFolder(out, analysis.run), async (folder) => {
    for (const name of figuresOfAnalysis(analysis))
      await writeFigure(folder, ANALYSIS_FIGURES[name], (lang) => ANALYSIS_CHARTS[name](analysis, lang));
    await writeJson(join(folder, ANALYSIS_FILE), analysis);
  });

/** Reads an analysis. Errors: `usage` where there is none, `failed` where it is not as this version writes it. */
export const readAnalysis = (out: string, run: string): Promise<ErrorAnalysis> =>
  readValidated(join(analysisFolder(out, run), ANALYSIS_FILE), analysisSchema, {
    says: { en: 'is not an error analysis', ko: '오류 분석이 아니다' },
    hint: { en: `Write it again: korex analyze --run ${run}`, ko: `다시 쓴다: korex analyze --run ${run}` },
    error: failure,
  });

/** The fine-tuned run that was evaluated last. Errors: `usage` where there is none. */
export async function newestRun(out: string): Promise<string> {
  const finished = (await runNames(out)).filter((name) => isFineTuned(out, name));
  const aged = await Promise.all(
    finished.map(async (name) => ({ name, time: (await stat(predictionsPath(out, name))).mtimeMs })),
  );
  const [newest] = aged.sort((a, b) => b.time - a.time);
  if (newest === undefined)
    throw usageError(
      {
        en: `There is no fine-tuned run below ${runsFolder(out)}.`,
        ko: `${runsFolder(out)} 아래에 미세조정한 학습이 없다.`,
      },
      {
        en: 'Run `npm start` first (or `korex train`), or name a model with --model.',
        ko: '먼저 `npm start`(또는 `korex train`)를 실행하거나, --model로 모델을 준다.',
      },
    );
  return newest.name;
}

/** Errors: `usage` where the run has no evaluation, with the runs there are. */
export async function checkRunExists(out: string, run: string): Promise<void> {
  if (existsSync(predictionsPath(out, run))) return;
  const folder = runsFolder(out);
  const names = await readdir(folder).catch(() => []);
  const evaluated = names.filter((name) => existsSync(predictionsPath(out, name))).sort();
  throw usageError(
    {
      en: `--run ${run}: there is no evaluated run of that name below ${folder}.`,
      ko: `--run ${run}: ${folder} 아래에 그 이름으로 평가한 학습이 없다.`,
    },
    evaluated.length > 0
      ? { en: `Runs there: ${evaluated.join(', ')}.`, ko: `있는 학습: ${evaluated.join(', ')}.` }
      : { en: 'Train one with `korex train`.', ko: '`korex train`으로 학습한다.' },
  );
}

const predictionsPath = (out: string, run: string): string => join(runFolder(out, run), RUN_FILES.predictions);
