/** What `import … from 'korex'` offers. Everything else is internal and may change. */

// What `korex analyze` writes.
export type { ErrorAnalysis } from './analysis/schema.ts';
// Settings, errors, progress.
export { type ErrorKind, KorexError } from './core/errors.ts';
export { type Progress, type Reporter, silentReporter } from './core/reporter.ts';
export { DEFAULT_SETTINGS, SETTINGS, type Settings } from './core/settings.ts';
// Rows, models, metrics.
export type {
  DataFile,
  Dataset,
  Entity,
  Example,
  LabelledExample,
  LabelSet,
  Metrics,
  Prediction,
} from './core/types.ts';
export { loadDataset } from './data/loadDataset.ts';
export { type LoadedRows, loadRows, loadUnlabelledRows, type RowsOptions } from './data/loadRows.ts';
export { entityTypeName, KLUE_ENTITY_TYPES, KLUE_LABELS, relationDescription } from './data/relations.ts';
export { computeMetrics } from './eval/metrics.ts';
export { type ClassMetrics, perClassMetrics } from './eval/perClass.ts';
export { type Score, type ScoreOptions, scoreFiles } from './eval/score.ts';
export type { StageOutcome } from './pipeline/runner.ts';
// The whole study, stage by stage.
export { type RunOptions, runStages } from './pipeline/runStages.ts';
export { type Classifier, loadClassifier } from './predict/classifier.ts';
export type { Priors } from './predict/postprocessing.ts';
export {
  type AnswerOptions,
  type ExtractorOptions,
  type Prepared,
  RelationExtractor,
  type RunOptions as PredictOptions,
} from './predict/relationExtractor.ts';
export type {
  EntityInput,
  ExtractRequest,
  ExtractResponse,
  ModelResponse,
  PredictRequest,
  Relation,
} from './predict/schema.ts';
export type { StageName } from './stages/stage.ts';
// Markers: the sentence as a model reads it.
export { type Marked, markExample, unmark } from './text/markers.ts';
