/** What `import … from 'korex'` offers. Everything else is internal and may change. */

// Settings, errors, progress.
export { type ErrorKind, KorexError } from './base/core/errors.ts';
export { type Progress, type Reporter, silentReporter } from './base/core/reporter.ts';
export { DEFAULT_SETTINGS, SETTINGS, type SettingName, type Settings } from './base/core/settings.ts';
// Rows, models, metrics.
export type {
  DataFile,
  Dataset,
  Entity,
  Example,
  LabelledExample,
  LabelSet,
  Language,
  Metrics,
  Prediction,
} from './base/core/types.ts';
export type { RejectedRow } from './base/data/badRows.ts';
export { loadDataset } from './base/data/loadDataset.ts';
export { type LoadedRows, loadRows, loadUnlabelledRows, type RowsOptions } from './base/data/loadRows.ts';
export { entityTypeName, KLUE_ENTITY_TYPES, KLUE_LABELS, relationDescription } from './base/data/relations.ts';
export type { Interval, Intervals } from './base/eval/bootstrap.ts';
export { computeMetrics } from './base/eval/metrics.ts';
export { type ClassMetrics, perClassMetrics } from './base/eval/perClass.ts';
export { type Score, type ScoreOptions, scoreFiles } from './base/eval/score.ts';
// Markers: the sentence as a model reads it.
export { type Marked, type MarkedEntity, markExample, unmark } from './base/text/markers.ts';
export { type Classifier, loadClassifier } from './inference/predict/classifier.ts';
export type { Priors } from './inference/predict/priors.ts';
export {
  type AnswerOptions,
  type ExtractorOptions,
  type Prepared,
  RelationExtractor,
  type RunOptions as PredictOptions,
} from './inference/predict/relationExtractor.ts';
export type {
  EntityInput,
  ExtractRequest,
  ExtractResponse,
  ModelResponse,
  PredictRequest,
  Relation,
} from './inference/predict/schema.ts';
// What `korex analyze` writes.
export type { ErrorAnalysis } from './study/analysis/schema.ts';
export type { StageOutcome } from './study/pipeline/runner.ts';
// The whole study, stage by stage.
export { type RunOptions, runStages } from './study/pipeline/runStages.ts';
export type { StageName } from './study/stages/stage.ts';
