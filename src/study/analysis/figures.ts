import { writeFigure } from '../../base/charts/figure.ts';
import { ANALYSIS_CHARTS, ANALYSIS_FIGURES, figuresOfAnalysis } from './analysisCharts.ts';
import type { ErrorAnalysis } from './schema.ts';

/** Writes the figures that the analysis has data for; an error-free run has but the slices and the shortcuts. */
export async function writeAnalysisFigures(folder: string, analysis: ErrorAnalysis): Promise<void> {
  for (const name of figuresOfAnalysis(analysis))
    await writeFigure(folder, ANALYSIS_FIGURES[name], (lang) => ANALYSIS_CHARTS[name](analysis, lang));
}
