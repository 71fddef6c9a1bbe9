import { KorexError } from '../../base/core/errors.ts';
import { checkInstalled } from '../../base/core/optionalPackage.ts';
import type { QueueState } from '../../base/queue/works.ts';
import type { TokenCounts } from '../../base/text/unknownTokens.ts';
import type { ModelResponse } from '../../inference/predict/schema.ts';
import { RequestProblem } from './problem.ts';
import { workMetrics } from './workMetrics.ts';

/** What Prometheus asks for, under `/metrics`. */
export interface Metrics {
  /** All of it as Prometheus reads it. Errors: `RequestProblem` where prom-client is not installed. */
  text(): Promise<{ readonly text: string; readonly type: string }>;
  request(route: string, method: string, status: number, seconds: number): void;
  batch(rows: number, seconds: number): void;
  /** Rows that were asked for. */
  rows(route: string, count: number): void;
  /** What the tokenizer knows of sentences that were read. */
  tokens(counts: TokenCounts): void;
  /** Requests and lines that were refused, by the kind of problem. */
  refused(kind: string): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What of a model the metrics name. */
type ModelFacts = Pick<ModelResponse, 'id' | 'version' | 'precision'>;

/** `createMetrics` with prom-client; where that is not installed, nothing is counted and `text` says so. */
export async function openMetrics(
  model: ModelFacts,
  waiting: () => number,
  processToo: boolean,
  works?: () => Promise<QueueState>,
): Promise<Metrics> {
  try {
    checkInstalled(['prom-client'], { en: 'Metrics', ko: '프로메테우스 지표' });
    return createMetrics(await import('prom-client'), model, waiting, processToo, works);
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    return withoutMetrics(error);
  }
}

const withoutMetrics = ({ message, hint }: KorexError): Metrics => ({
  text: async () => {
    throw new RequestProblem('not-installed', message, { hint });
  },
  request: () => {},
  batch: () => {},
  rows: () => {},
  tokens: () => {},
  refused: () => {},
});

/**
 * @param waiting reads the length of the queue when Prometheus asks
 * @param processToo also memory, CPU time and event loop of the process
 * @param works reads a queue when Prometheus asks
 */
export function createMetrics(
  prometheus: typeof import('prom-client'),
  { id, version, precision }: ModelFacts,
  waiting: () => number,
  processToo: boolean,
  works?: () => Promise<QueueState>,
): Metrics {
  const { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } = prometheus;
  const registry = new Registry();
  const readWorks = works && workMetrics(prometheus, registry, works);
  const registers = [registry];
  if (processToo) collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'korex_requests_total',
    help: 'Requests by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'korex_request_seconds',
    help: 'Time from a request’s headers to its answer’s, by route.',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  });
  const rows = new Counter({
    name: 'korex_rows_total',
    help: 'Pairs of entities that were asked for, by route.',
    labelNames: ['route'],
    registers,
  });
  const tokens = new Counter({
    name: 'korex_tokens_total',
    help: 'Tokens of the sentences that were read.',
    registers,
  });
  const unknown = new Counter({
    name: 'korex_unknown_tokens_total',
    help: 'Of these, tokens that the tokenizer does not know.',
    registers,
  });
  const refused = new Counter({
    name: 'korex_refused_total',
    help: 'Requests and lines of batches answered with a problem, by its kind.',
    labelNames: ['kind'],
    registers,
  });
  const batchRows = new Histogram({ name: 'korex_batch_rows', help: 'Rows in a batch.', buckets: ROWS, registers });
  const batchSeconds = new Histogram({
    name: 'korex_batch_seconds',
    help: 'Time the model takes for a batch.',
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'korex_queue_rows',
    help: 'Rows that wait for the model.',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  new Gauge({
    name: 'korex_model_info',
    help: 'The model that answers; always 1.',
    labelNames: ['model', 'version', 'precision'],
    registers,
  }).set({ model: id, version, precision }, 1);
  return {
    async text() {
      await readWorks?.();
      return { text: await registry.metrics(), type: registry.contentType };
    },
    request(route, method, status, seconds) {
      requests.inc({ route, method, status });
      latency.observe({ route }, seconds);
    },
    batch(count, seconds) {
      batchRows.observe(count);
      batchSeconds.observe(seconds);
    },
    rows: (route, count) => rows.inc({ route }, count),
    tokens(counts) {
      tokens.inc(counts.tokens);
      unknown.inc(counts.unknown);
    },
    refused: (kind) => refused.inc({ kind }),
  };
}
