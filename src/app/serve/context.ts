import type { Logger } from 'pino';
import type { Prepared, RelationExtractor } from '../../inference/predict/relationExtractor.ts';
import type { Relation } from '../../inference/predict/schema.ts';
import type { ServerLimits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { BatchQueue } from './queue.ts';

/** Of the extractor, what the server needs. */
export type Answering = Pick<RelationExtractor, 'info' | 'labels' | 'encode' | 'encodePairs'>;

/** What a handler of requests works with. */
export interface ServeContext {
  readonly extractor: Answering;
  readonly queue: BatchQueue<Prepared, Relation>;
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
}

export type Env = { Variables: Variables };
