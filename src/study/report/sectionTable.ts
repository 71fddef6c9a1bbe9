import type { Language } from '../../base/core/types.ts';
import { analysisSection } from './sections/analysis.ts';
import { baselineSection } from './sections/baselines.ts';
import { comparisonSection } from './sections/comparison.ts';
import { datasetSection } from './sections/dataset.ts';
import { designSection } from './sections/design.ts';
import { edaSection } from './sections/eda.ts';
import { improvementSection } from './sections/improvement.ts';
import { selectionSection } from './sections/selection.ts';
import { trainingSection } from './sections/training.ts';

/** A stage's part of the report: Markdown that starts with `## `, from the files below `out`. */
export type Section = (out: string, lang: Language) => Promise<string>;

/** The sections in the order of the report. */
export const SECTIONS: readonly Section[] = [
  edaSection,
  datasetSection,
  designSection,
  selectionSection,
  baselineSection,
  trainingSection,
  comparisonSection,
  analysisSection,
  improvementSection,
];
