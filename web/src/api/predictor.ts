import type { ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { DocumentGraph, DocumentRequest } from '../../../src/inference/predict/documentSchema.ts';
import type {
  ExtractRequest,
  ExtractResponse,
  LabelsResponse,
  LineProblem,
  ModelResponse,
  PredictRequest,
  Relation,
} from '../../../src/inference/predict/schema.ts';

/**
 * Who answers: the server (`httpPredictor`) or the visitor's own browser (`korex site`). Views know only this
 * interface. Every call rejects with an `AbortError` when its signal is aborted, and with an error whose message
 * people can read otherwise (`messageOf`).
 */
export interface Predictor {
  /** Answers in the order of the requests, any number of them. */
  predict(requests: readonly PredictRequest[], signal?: AbortSignal): Promise<Relation[]>;
  extract(request: ExtractRequest, signal?: AbortSignal): Promise<ExtractResponse>;
  /** The graph of a text: its entities, unless they are given, and the relations between them. */
  extractText(request: DocumentRequest, signal?: AbortSignal): Promise<DocumentGraph>;
  labels(signal?: AbortSignal): Promise<LabelsResponse>;
  model(signal?: AbortSignal): Promise<ModelResponse>;
}

/** A line of a batch that was answered, or was not. */
export type LineAnswer = Relation | LineProblem;

/** Answers many requests, one after the other as they come; a wrong one gets a problem in its place. */
export type BatchSender = (
  requests: readonly PredictRequest[],
  signal: AbortSignal,
) => AsyncGenerator<LineAnswer, void, undefined>;

/** The predictor, and what only a server has. */
export interface Service {
  readonly predictor: Predictor;
  /** The address of the REST API; null where there is none. */
  readonly apiBase: string | null;
  readonly sendBatch?: BatchSender;
  /** False while an answer would first load the model into the page. */
  readonly canAnswer: ReadonlySignal<boolean>;
}

const ServiceContext = createContext<Service | null>(null);

export const ServiceProvider = ServiceContext.Provider;

export function useService(): Service {
  const service = useContext(ServiceContext);
  if (service === null) throw new Error('No ServiceProvider stands above this component.');
  return service;
}

export const usePredictor = (): Predictor => useService().predictor;
