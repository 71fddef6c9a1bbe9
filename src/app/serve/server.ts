import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { failure, type KorexError, usageError } from '../../base/core/errors.ts';
import { isLoopback } from '../../base/core/loopback.ts';
import { packagePath } from '../../base/core/packagePath.ts';
import type { QueueState } from '../../base/queue/works.ts';
import type { DocumentExtractor } from '../../inference/extract/documentExtractor.ts';
import type { RelationExtractor } from '../../inference/predict/relationExtractor.ts';
import type { PredictRequest } from '../../inference/predict/schema.ts';
import { type AppOptions, createApp } from './app.ts';
import type { ServerState } from './context.ts';
import { SERVER_LIMITS, type ServerLimits } from './context.ts';
import { openMetrics } from './metrics.ts';
import { problemOf, problemResponse, RequestProblem } from './problem.ts';
import { createQueue, systemClock } from './queue.ts';
import { queuedDocuments } from './queuedDocuments.ts';
import { openStaticFiles } from './staticFiles.ts';

export interface ServerOptions {
  readonly extractor: RelationExtractor;
  /** Makes graphs of texts, over the same extractor. */
  readonly documents: DocumentExtractor;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly host: string;
  readonly apiKey: string | null;
  readonly origins: readonly string[];
  readonly maxWaitMs: number;
  readonly maxBatch: number;
  readonly maxQueue: number;
  readonly threshold: number | null;
  readonly log: Logger;
  readonly pageApi?: AppOptions['pageApi'];
  readonly labels?: AppOptions['labels'];
  /** Reads a queue whose works stand among the metrics. */
  readonly works?: () => Promise<QueueState>;
  /** Where the built page lies. */
  readonly pageFolder: string;
  readonly limits?: Partial<ServerLimits>;
}

export interface RunningServer {
  readonly url: string;
  readonly state: Readonly<ServerState>;
  /** Lets running requests end, for a bounded time, and closes. Safe to call twice. */
  close(): Promise<void>;
}

/** The most batches handed to the model at once: the second waits there, so that the model goes on without a pause. */
const PARALLEL = 2;

/** Where the build puts the page. */
export const PAGE_FOLDER = packagePath('dist/web');

/**
 * Warms the model up and serves it. The server owns the extractor from then on: `close` releases it.
 *
 * Errors: `usage` where the port is taken or may not be used, `failed` where the model does not answer.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { extractor, host, log } = options;
  const limits: ServerLimits = { ...SERVER_LIMITS, ...options.limits };
  await warmUp(extractor);
  const metrics = await openMetrics(extractor.info, () => queue.waiting, true, options.works);
  const queue = createQueue({
    answer: (rows: Parameters<RelationExtractor['answer']>[0]) => extractor.answer(rows),
    maxBatch: options.maxBatch,
    maxWaitMs: options.maxWaitMs,
    maxQueue: options.maxQueue,
    parallel: PARALLEL,
    clock: systemClock,
    onBatch: (rows, milliseconds) => metrics.batch(rows, milliseconds / 1000),
  });
  const documents = queuedDocuments(options.documents);
  const state: ServerState = { draining: false, running: 0 };
  const page = await openStaticFiles(options.pageFolder);
  const app = createApp({
    ...{ extractor, documents, queue, metrics, log, limits, state, page },
    ...{ maxBatch: options.maxBatch, threshold: options.threshold, apiKey: options.apiKey, origins: options.origins },
    loopbackOnly: isLoopback(host),
    ...(options.pageApi && { pageApi: options.pageApi }),
    ...(options.labels && { labels: options.labels }),
  });
  const listener = getRequestListener(app.fetch, { errorHandler: (error) => malformedRequest(error, log) });
  const server = createServer(
    { maxHeaderSize: limits.headerBytes, connectionsCheckingInterval: limits.headersMs / 2 },
    listener,
  );
  limitServer(server, limits);
  const port = await listen(server, options.port, host);
  let closing: Promise<void> | null = null;
  const close = async () => {
    state.draining = true;
    await drained(state, limits.drainMs);
    const isIdle = state.running === 0;
    if (!isIdle) log.warn({ running: state.running }, 'requests were still running and are cut off');
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (isIdle) server.closeIdleConnections();
    // What is left by then sends or reads too slowly to be waited for.
    const cut = setTimeout(() => server.closeAllConnections(), isIdle ? LAST_ANSWER_MS : 0);
    await closed;
    clearTimeout(cut);
    await Promise.all([queue.close(), documents.close()]);
    await options.documents.release();
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    state,
    close: () => (closing ??= close()),
  };
}

/** Words of the rows, short to long, so that batches of every size are seen. */
const WORDS = [2, 8, 16, 24];
const ROWS = 32;

/** Lets a model answer invented rows once, so that the first client waits no longer than others. */
async function warmUp(extractor: Pick<RelationExtractor, 'info' | 'predict'>): Promise<void> {
  const [type] = extractor.info.entity_types;
  const requests = Array.from({ length: ROWS }, (_, row): PredictRequest => {
    const filler = '아주 '.repeat(WORDS[row % WORDS.length]!);
    const entity = (word: string) => ({ word, type: type ?? (extractor.info.needs_types ? 'PER' : null) });
    return { sentence: `가온은 ${filler}나루이다.`, subject: entity('가온'), object: entity('나루') };
  });
  await extractor.predict(requests, { expectMany: true });
}

/** The answer to what never reached the app, such as a request with a broken Host header. */
function malformedRequest(error: unknown, log: Logger): Response {
  const id = randomUUID();
  if (error instanceof Error && error.name === 'RequestError')
    return problemResponse(new RequestProblem('invalid-request', `${error.message}.`), id);
  log.error({ request_id: id, err: error }, 'a request failed');
  return problemResponse(problemOf(error), id);
}

/** How long answers that were written may take to reach their clients at the end. */
const LAST_ANSWER_MS = 1_000;
const POLL_MS = 20;

/** Waits until nothing is running any more, or the time is over. */
async function drained(state: ServerState, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (state.running > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

function limitServer(server: Server, limits: ServerLimits): void {
  server.headersTimeout = limits.headersMs;
  // Bodies have limits of their own, for a batch may go on for hours.
  server.requestTimeout = 0;
  server.keepAliveTimeout = limits.keepAliveMs;
  server.timeout = limits.idleMs + limits.bodyMs;
  server.maxConnections = limits.connections;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
}

/** Starts listening; returns the port. */
async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
    // Enough for a thousand clients that come at the same moment.
    server.listen({ port, host, backlog: 1024 }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): KorexError {
  if (error.code === 'EADDRINUSE')
    return usageError(
      {
        en: `Port ${port} of ${host} is taken by another process.`,
        ko: `${host}의 포트 ${port}: 다른 프로세스가 쓰고 있다.`,
      },
      {
        en: 'Choose another with --port, or --port 0 for any that is free.',
        ko: '--port로 다른 포트를 고르거나, --port 0으로 비어 있는 포트를 쓴다.',
      },
      error,
    );
  if (error.code === 'EACCES')
    return usageError(
      { en: `Port ${port} may not be used by this user.`, ko: `포트 ${port}: 이 사용자는 쓸 수 없다.` },
      { en: 'Choose one from 1024 on with --port.', ko: '--port에 1024 이상의 수를 준다.' },
      error,
    );
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return usageError(
      { en: `This machine has no address ${host}.`, ko: `이 컴퓨터에 없는 주소: ${host}.` },
      { en: '--host takes an address of this machine.', ko: '--host에는 이 컴퓨터의 주소를 준다.' },
      error,
    );
  return failure(
    {
      en: `Cannot listen on ${host}, port ${port}: ${error.message}.`,
      ko: `${host}의 포트 ${port}에서 접속을 받을 수 없다: ${error.message}.`,
    },
    undefined,
    error,
  );
}
