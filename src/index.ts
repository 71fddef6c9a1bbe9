/**
 * What `import … from 'korex'` offers; everything else is internal and may change.
 *
 * - Answering: {@link RelationExtractor} opens a model and answers requests, rows of files and whole sentences.
 * - Rows: {@link loadDataset}, {@link loadRows} and {@link loadUnlabelledRows} read and check data of any format.
 * - Figures: {@link computeMetrics}, {@link perClassMetrics} and {@link scoreFiles} are KLUE's.
 * - The study: {@link runStages} runs the stages as `korex run` does.
 *
 * Whatever goes wrong on purpose is a {@link KorexError}.
 *
 * @example
 * import { RelationExtractor } from 'korex';
 *
 * const re = await RelationExtractor.load();
 * const sentence = '한빛전자는 2011년 서지우가 세운 회사이다.';
 * const answer = await re.predict({ sentence, subject: { word: '한빛전자', type: 'ORG' }, object: { word: '서지우', type: 'PER' } });
 * console.log(answer.relation, answer.confidence, answer.decision);
 * await re.release();
 *
 * @packageDocumentation
 */

// Settings, errors, progress.
export { type ErrorKind, KorexError } from './base/core/errors.ts';
export { type Progress, type Reporter, silentReporter } from './base/core/reporter.ts';
export { DEFAULT_SETTINGS, SETTINGS, type SettingName, type Settings } from './base/core/settings.ts';
// Rows and labels.
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
// Figures.
export type { Interval, Intervals } from './base/eval/bootstrap.ts';
export { computeMetrics } from './base/eval/metrics.ts';
export { type ClassMetrics, perClassMetrics } from './base/eval/perClass.ts';
export { type Score, type ScoreOptions, scoreFiles } from './base/eval/score.ts';
// Markers: the sentence as a model reads it.
export { type Marked, type MarkedEntity, markExample, unmark } from './base/text/markers.ts';
// Texts in, graphs out.
export { DocumentExtractor, type DocumentInput } from './inference/extract/documentExtractor.ts';
export { type ExtractOptions, extract } from './inference/extract/extract.ts';
export type { DocumentOptions } from './inference/extract/extractDocument.ts';
export { type DocumentExtractorOptions, openDocumentExtractor } from './inference/extract/openDocumentExtractor.ts';
export type { EntityRecognizer, FoundEntity } from './inference/extract/recognizer.ts';
export { written as writeGraphs } from './inference/extract/writers/graphWriter.ts';
export { GRAPH_FORMATS, graphFormatOf } from './inference/extract/writers/table.ts';
// Answering with a trained model.
export type { Answer } from './inference/predict/answer.ts';
export { type Classifier, loadClassifier } from './inference/predict/classifier.ts';
export type {
  DocumentGraph,
  DocumentRequest,
  GraphEntity,
  GraphRelation,
  Mention,
  MentionJoin,
} from './inference/predict/documentSchema.ts';
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
// The study, stage by stage, and what `korex analyze` writes.
export type { ErrorAnalysis } from './study/analysis/schema.ts';
export type { StageOutcome } from './study/pipeline/runner.ts';
export { type RunOptions, runStages } from './study/pipeline/runStages.ts';
export type { StageName } from './study/stages/stage.ts';
