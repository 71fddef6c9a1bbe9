import type { ExtractResponse, LabelsResponse, ModelResponse, Relation } from '../../../src/predict/schema.ts';
import { requestJson } from './http.ts';
import type { Predictor } from './predictor.ts';

/** Requests in one call: few enough to stay below the server's limits, many enough to fill its batches. */
const REQUESTS_PER_CALL = 64;

/** The REST API of `korex serve` below `base` ('' = the page's own origin). */
export const httpPredictor = (base = ''): Predictor => ({
  async predict(requests, signal) {
    const answers: Relation[] = [];
    for (let i = 0; i < requests.length; i += REQUESTS_PER_CALL) {
      const body = requests.slice(i, i + REQUESTS_PER_CALL);
      answers.push(...(await requestJson<Relation[]>(`${base}/v1/predict`, { method: 'POST', body, signal })));
    }
    return answers;
  },
  extract: (body, signal) => requestJson<ExtractResponse>(`${base}/v1/extract`, { method: 'POST', body, signal }),
  labels: (signal) => requestJson<LabelsResponse>(`${base}/v1/labels`, { signal }),
  model: (signal) => requestJson<ModelResponse>(`${base}/v1/model`, { signal }),
});
