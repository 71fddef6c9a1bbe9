import type { Logger } from 'pino';
import type { TokenCounts } from '../../base/text/unknownTokens.ts';
import type { DocumentExtractor } from '../../inference/extract/documentExtractor.ts';
import type { Prepared, RelationExtractor } from '../../inference/predict/relationExtractor.ts';
import type { Relation } from '../../inference/predict/schema.ts';
import type { Metrics } from './metrics.ts';
import type { BatchQueue } from './queue.ts';

/** Of the extractor, what the server needs. */
export type Answering = Pick<RelationExtractor, 'info' | 'labels' | 'encode' | 'encodePairs'>;

/** What a handler of requests works with. */
export interface ServeContext {
  readonly extractor: Answering;
  readonly queue: BatchQueue<Prepared, Relation>;
  /** Makes graphs of texts; its models are asked through queues. */
  readonly documents: Pick<DocumentExtractor, 'parts' | 'taskOf'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits: ServerLimits;
  /** The most rows in a batch of the model. */
  readonly maxBatch: number;
  /** Threshold of requests that have none of their own; null leaves the model's. */
  readonly threshold: number | null;
  readonly state: ServerState;
}

/** What changes while the server runs. */
export interface ServerState {
  /** It takes no more work. */
  draining: boolean;
  /** Requests for relations that are being answered. */
  running: number;
}

/** What Hono keeps for a request. */
export interface Variables {
  readonly requestId: string;
  /** Pairs that the request asked for. */
  rows?: number;
  /** What the tokenizer knows of them. */
  tokens?: TokenCounts;
}

export type Env = { Variables: Variables };

/** What keeps a server of finite memory and patience alive; `docs/api.md` has them for people. */
export const SERVER_LIMITS = {
  /** How long a whole JSON body may take. */
  bodyMs: 30_000,
  /** How long a batch may send nothing, or read nothing of its answers. */
  idleMs: 60_000,
  /** How long the headers of a request may take. */
  headersMs: 10_000,
  /** How long a connection without a request is kept: longer than proxies keep theirs, so that they close first. */
  keepAliveMs: 75_000,
  /** Bytes of a request's headers. */
  headerBytes: 16_384,
  connections: 4_096,
  /** Requests on one connection, after which it is closed, so that load balancers can spread clients again. */
  requestsPerConnection: 100_000,
  /** Batches at a time. */
  batches: 16,
  /** Documents that are worked on at a time, each in one request or stream. */
  documents: 16,
  /** Answers of a batch that wait for a slow reader. */
  batchBufferBytes: 4 * 2 ** 20,
  /** How long running requests may take to end after SIGTERM. */
  drainMs: 20_000,
} as const;

/** Limits as tests may set them. */
export type ServerLimits = { readonly [Name in keyof typeof SERVER_LIMITS]: number };
