import type { Problem } from '../../../src/inference/predict/schema.ts';
import { language } from '../i18n/language.ts';
import { apiKey, askForKey } from './apiKey.ts';
import { apiTexts } from './texts.ts';

/** What a server refused, or why it could not be reached. `problem` is null where the answer was no problem document. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: Problem | null;
  /** Seconds to wait before another attempt, as the server says. */
  readonly retryAfter: number | null;

  constructor(status: number, problem: Problem | null, retryAfter: number | null = null) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  /** Sent as it is where it is text, else as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Beside those of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** One request; asks for the API key and tries again where the server wants one. Throws `ApiError` for every status but 2xx. */
export async function request(path: string, options: HttpRequest = {}): Promise<Response> {
  const response = await send(path, options);
  if (response.status === 401 && (await askForKey(apiKey.value !== null))) return request(path, options);
  if (!response.ok) throw await errorOf(response);
  return response;
}

export async function requestJson<T>(path: string, options: HttpRequest = {}): Promise<T> {
  const response = await request(path, options);
  return (await response.json()) as T;
}

async function send(
  path: string,
  { method = 'GET', body, contentType, headers: more, signal }: HttpRequest,
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json, application/problem+json', ...more });
  headers.set('accept-language', language.value);
  if (apiKey.value !== null) headers.set('authorization', `Bearer ${apiKey.value}`);
  if (body !== undefined) headers.set('content-type', contentType ?? 'application/json');
  const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  try {
    return await fetch(path, { method, headers, body: payload, signal: signal ?? null });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, null);
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  let problem: Problem | null = null;
  if (response.headers.get('content-type')?.includes('json')) problem = (await response.json()) as Problem;
  return new ApiError(response.status, problem, Number.isFinite(retryAfter) ? retryAfter : null);
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** An error in the page's language where the page knows the case, else in the server's words. */
export function messageOf(error: unknown): string {
  const t = apiTexts();
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return t.unreachable;
  if (error.status === 401) return t.keyNeeded;
  if (error.status === 429) return t.busy(error.retryAfter ?? 1);
  if (error.problem === null) return t.unexpected(error.status);
  const { detail, title, errors, hint } = error.problem;
  const fields = (errors ?? []).map(({ field, message }) => `${field}: ${message}`);
  return [detail ?? title, ...fields.filter((line) => !(detail ?? '').includes(line)), hint].filter(Boolean).join('\n');
}
