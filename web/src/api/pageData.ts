import type {
  AnswerPage,
  DataFacts,
  DataSetEntry,
  PageFeatures,
  RowColumns,
  RunDetail,
  RunEntry,
  RunLog,
} from '../../../src/app/serve/page/shapes.ts';
import type { WorkSummary } from '../../../src/base/queue/shapes.ts';
import type { QueueState } from '../../../src/base/queue/works.ts';
import type { ErrorAnalysis } from '../../../src/study/analysis/schema.ts';
import type { ComparisonFile } from '../../../src/study/stages/comparison/schema.ts';
import { requestJson } from './http.ts';

/** The page's read-only API: data sets and runs on the machine that serves the page. */

const get = <T>(path: string, signal?: AbortSignal): Promise<T> => requestJson<T>(`app/api/${path}`, { signal });
const part = encodeURIComponent;

export const readDataSets = (signal?: AbortSignal) => get<DataSetEntry[]>('data', signal);
export const readRows = (set: string, signal?: AbortSignal) => get<RowColumns>(`data/${part(set)}/rows`, signal);
export const readFacts = (set: string, signal?: AbortSignal) => get<DataFacts>(`data/${part(set)}/facts`, signal);

export const readFeatures = (signal?: AbortSignal) => get<PageFeatures>('features', signal);
export const readRuns = (signal?: AbortSignal) => get<RunEntry[]>('runs', signal);
export const readRun = (name: string, signal?: AbortSignal) => get<RunDetail>(`runs/${part(name)}`, signal);
export const readRunLog = (name: string, after: number, signal?: AbortSignal) =>
  get<RunLog>(`runs/${part(name)}/log?after=${after}`, signal);
export const readAnalysis = (name: string, signal?: AbortSignal) =>
  get<ErrorAnalysis | null>(`runs/${part(name)}/analysis`, signal);
export const readComparison = (signal?: AbortSignal) => get<ComparisonFile | null>('comparison', signal);

export const readWork = (signal?: AbortSignal) => get<QueueState>('work', signal);
/** Pauses, resumes or cancels a work, or lets it go before others or after them. */
export const steerWork = (work: string, order: { readonly order: string } | { readonly priority: number }) =>
  requestJson<WorkSummary>(`app/api/work/${part(work)}`, { method: 'POST', body: order });

export interface AnswersAsked {
  readonly gold?: string;
  readonly predicted?: string;
  readonly by?: number;
  readonly text?: string;
  readonly outcome?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** What the runs answered to the rows that they have in common. */
export function readAnswers(runs: readonly string[], asked: AnswersAsked, signal?: AbortSignal): Promise<AnswerPage> {
  const query = new URLSearchParams(Object.entries(asked).map(([key, value]) => [key, String(value)]));
  query.set('runs', runs.join(','));
  return get<AnswerPage>(`answers?${query}`, signal);
}
