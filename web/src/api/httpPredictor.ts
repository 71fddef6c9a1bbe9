import type { DocumentGraph } from '../../../src/inference/predict/documentSchema.ts';
import type {
  ExtractResponse,
  LabelsResponse,
  ModelResponse,
  PredictRequest,
  Relation,
} from '../../../src/inference/predict/schema.ts';
import { requestJson } from './http.ts';
import type { Predictor } from './predictor.ts';

/** Requests in one call, and characters of their sentences: the server takes more of both, but answers these soon. */
const MOST_REQUESTS = 64;
const MOST_CHARACTERS = 150_000;

/** The REST API of `korex serve` below the address `base`. */
export const httpPredictor = (base: string): Predictor => ({
  async predict(requests, signal) {
    const answers: Relation[] = [];
    for (const portion of portionsOf(requests)) {
      const options = { method: 'POST', body: { requests: portion }, signal } as const;
      answers.push(...(await requestJson<{ results: Relation[] }>(`${base}/v1/predict`, options)).results);
    }
    return answers;
  },
  extract: (body, signal) => requestJson<ExtractResponse>(`${base}/v1/extract`, { method: 'POST', body, signal }),
  extractText: (body, signal) => requestJson<DocumentGraph>(`${base}/v1/extract`, { method: 'POST', body, signal }),
  labels: (signal) => requestJson<LabelsResponse>(`${base}/v1/labels`, { signal }),
  model: (signal) => requestJson<ModelResponse>(`${base}/v1/model`, { signal }),
});

function portionsOf(requests: readonly PredictRequest[]): PredictRequest[][] {
  const portions: PredictRequest[][] = [];
  let characters = 0;
  for (const request of requests) {
    const last = portions.at(-1);
    characters += request.sentence.length;
    if (last && last.length < MOST_REQUESTS && characters <= MOST_CHARACTERS) last.push(request);
    else {
      portions.push([request]);
      characters = request.sentence.length;
    }
  }
  return portions;
}
