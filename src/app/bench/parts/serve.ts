import { usageError } from '../../../base/core/errors.ts';
import { openClassifier } from '../../../inference/predict/classifier.ts';
import { RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import { requestOf } from '../../../inference/predict/request.ts';
import { alternate, figuresOf, ratioTable, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { saveForPeers } from '../peers/peer.ts';
import type { Detail, Measured } from '../result.ts';
import { openServer, percentile, sendLoad, sendStream } from '../serverLoad.ts';

const ROUNDS = 3;
/** Clients that send a row a request. */
const CLIENTS = 128;
/** Clients that send many, and how many. */
const BULK_CLIENTS = 8;
const BULK_ROWS = 32;
/** Requests of a single client, one after the other. */
const LONE_REQUESTS = 100;

/** A side that notes how long its requests took. */
interface LoadSide extends Side {
  readonly latencies: number[];
}

/**
 * Rows answered per second by `korex serve` under load, a process of its own with clients on loopback, in turn with the same
 * rows in one call of the library; and how long requests take, under load and alone. Both read the test rows of `--data`.
 */
export async function measureServe(context: BenchContext): Promise<Measured> {
  const { options, settings, threads, signal, reporter, shape } = context;
  const { test, train, labelSet, entityTypes } = await context.dataset();
  const rows = test.length > 0 ? test : train;
  if (rows.length === 0)
    throw usageError(
      { en: 'There are no rows to answer.', ko: '답할 행이 없다.' },
      { en: 'Name them with --data.', ko: '--data로 행을 준다.' },
    );
  const model = await context.openModel({ labelSet, entityTypes });
  const folder = await saveForPeers(context.scratch, model);
  const { device, precision } = settings;
  const runtime = { '--threads': threads, '--device': device, '--precision': precision };
  const words = Object.entries(runtime).flatMap(([flag, value]) => [flag, String(value)]);
  const server = await openServer(context, ['--model', folder, ...words]);
  const classifier = await openClassifier(model, { device, threads }, precision);
  const extractor = RelationExtractor.of(classifier, { name: shape });
  try {
    const requests = rows.map(requestOf);
    const single = loadSide('REST, a row a request', `${server.url}/v1/predict`, requests.map(json), CLIENTS);
    const bulk = loadSide(
      `REST, ${BULK_ROWS} rows a request`,
      `${server.url}/v1/predict`,
      chunks(requests, BULK_ROWS).map((some) => json({ requests: some })),
      BULK_CLIENTS,
    );
    const lines = requests.map(json);
    const stream: Side = { system: 'REST, one stream', run: () => sendStream(`${server.url}/v1/batch`, lines) };
    const offline: Side = { system: 'library, all rows at once', run: () => timed(() => extractor.predict(requests)) };
    const sides = [single, bulk, stream, offline];
    const watch = { signal, reporter, title: `serve ${shape}` };
    const timings = await alternate(sides, { warmup: 1, rounds: options.repeat ?? ROUNDS, block: 1 }, watch);
    const lone = await sendLoad(`${server.url}/v1/predict`, cycled(lines, LONE_REQUESTS), 1);
    return {
      figures: figuresOf(sides, timings, { ours: 3, rows: rows.length }),
      details: [
        ratioTable('Throughput over the library’s', sides, timings, 3),
        {
          title: 'Time to answer a request',
          rows: [
            latencyRow('1 client, a row a request', lone.latencies),
            latencyRow(`${CLIENTS} clients, a row a request`, single.latencies),
            latencyRow(`${BULK_CLIENTS} clients, ${BULK_ROWS} rows a request`, bulk.latencies),
          ],
        },
      ],
      facts: {
        rows: rows.length,
        max_length: model.task.maxLength,
        threads,
        precision,
        'seconds until ready': server.readySeconds,
      },
    };
  } finally {
    await server.close();
    await extractor.release();
  }
}

const json = (value: unknown): string => JSON.stringify(value);

function loadSide(system: string, url: string, bodies: readonly string[], clients: number): LoadSide {
  const latencies: number[] = [];
  return {
    system,
    latencies,
    async run(index) {
      // The first call is the warm-up.
      const load = await sendLoad(url, bodies, clients);
      if (index > 0) latencies.push(...load.latencies);
      return load.seconds;
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const cycled = <T>(items: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, i) => items[i % items.length]!);

const latencyRow = (load: string, latencies: readonly number[]): Detail['rows'][number] => ({
  load,
  'p50, ms': percentile(latencies, 0.5),
  'p99, ms': percentile(latencies, 0.99),
  requests: latencies.length,
});
