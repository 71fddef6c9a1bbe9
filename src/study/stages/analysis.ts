import { ANALYSIS_FOLDER, writeAnalysis } from './analysis/analysisFiles.ts';
import { analyzeRun } from './analysis/analyzeRun.ts';
import { REFERENCE } from './comparison/schema.ts';
import type { Stage } from './stage.ts';

/** The error analysis of the run that stage 07 compares all others with; `korex analyze` makes those of other runs beside it. */
export const analysisStage: Stage = {
  name: 'analyze',
  number: '08',
  folder: ANALYSIS_FOLDER,
  title: { ko: '오류 분석', en: 'Error analysis' },
  needs: ['train'],
  settings: ['seed', 'validation', 'device', 'threads', 'evalBatchSize'],
  owns: () => [REFERENCE],
  run: async (context) => {
    const analysis = await analyzeRun(context, REFERENCE);
    await writeAnalysis(context.out, analysis);
    return {
      run: REFERENCE,
      errors: analysis.errors,
      taxonomy: analysis.taxonomy.map(({ class: name, count, share }) => ({ class: name, count, share })),
    };
  },
};
