import type { ServerResponse } from 'node:http';
import { KorexError } from '../../../src/base/core/errors.ts';
import { bodyOf, type Route, sendJson } from './pageServer.ts';
import { TOY_MODEL, toyDocument, toyExtract, toyPredict } from './toyModel.ts';

export interface ToyOptions {
  /** Wanted as `Authorization: Bearer KEY`. */
  readonly apiKey?: string;
  /** Milliseconds before a batch's answers, so that a test can cancel it. */
  readonly batchDelay?: number;
  /** Milliseconds before an answer to these sentences. */
  readonly answerDelay?: (body: string) => number;
}

/** The REST API of `korex serve`, as far as the page uses it, with the toy model behind it. */
export function toyApi({ apiKey, batchDelay = 0, answerDelay = () => 0 }: ToyOptions = {}): Route {
  return async (request, response, { pathname }) => {
    if (!pathname.startsWith('/v1/')) return false;
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return problem(response, 401, 'The API key is missing or wrong.');
    const { labels, no_relation } = TOY_MODEL;
    if (pathname === '/v1/model') return sendJson(response, TOY_MODEL);
    if (pathname === '/v1/labels') return sendJson(response, { labels, no_relation });
    const body = await bodyOf(request);
    if (pathname === '/v1/batch') {
      await new Promise((resolve) => setTimeout(resolve, batchDelay));
      const lines = body.split('\n').filter((line) => line.trim() !== '');
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(lines.map((line) => `${JSON.stringify(toyPredict(JSON.parse(line)))}\n`).join(''));
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, answerDelay(body)));
    try {
      const value: unknown = JSON.parse(body);
      if (pathname === '/v1/extract')
        return sendJson(response, isDocument(value) ? await toyDocument(value) : toyExtract(value));
      const { requests } = value as { requests?: unknown[] };
      if (requests === undefined) return sendJson(response, toyPredict(value));
      return sendJson(response, { results: requests.map((item, i) => toyPredict(item, `/requests/${i}`)) });
    } catch (error) {
      if (!(error instanceof KorexError)) throw error;
      return problem(response, 422, error.message);
    }
  };
}

const isDocument = (value: unknown): boolean => typeof value === 'object' && value !== null && 'text' in value;

const problem = (response: ServerResponse, status: number, detail: string): true =>
  sendJson(response, { type: 'about:blank', title: 'Refused', status, detail }, status);
