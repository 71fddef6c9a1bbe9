// What the queue itself costs: many small shards whose work is nothing, handed out to worker processes of this machine.
//   npm run build && node tools/queue/shards.mjs [--shards 1000000] [--workers 2] [--slots 32]
// Starts a redis-server of its own on a free port, in a temporary folder. Prints a line every few seconds and one object at the end:
// shards a second, and the resident memory of coordinator, workers and Redis at a tenth of the way and at its highest after.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { queueAddress } from '../../dist/base/queue/address.js';
import { coordinate } from '../../dist/base/queue/coordinate.js';
import { openQueue } from '../../dist/base/queue/openQueue.js';
import { runWorker } from '../../dist/base/queue/worker.js';

const silent = { info: () => {}, warn: console.error, progress: () => ({ update: () => {}, end: () => {} }) };
const { values } = parseArgs({
  options: {
    shards: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '2' },
    slots: { type: 'string', default: '32' },
    worker: { type: 'string' },
  },
});
const open = (url) => openQueue(queueAddress(url, { insecure: false, prefix: 'bench', password: undefined }), silent);
await (values.worker === undefined ? measure() : work(values.worker));

/** A worker process: nothing to compute, so that all that is measured is the queue. */
async function work(url) {
  const stop = new AbortController();
  process.once('disconnect', () => stop.abort());
  const queue = await open(url);
  const runner = {
    slots: Number(values.slots),
    run: async () => ({ status: 'done', rows: 1, rejected: 0, seconds: 0, facts: null }),
    memory: () => 0,
    close: async () => {},
  };
  await runWorker(queue, { runner, reporter: silent, signal: stop.signal });
  await queue.close();
}

async function measure() {
  const shards = Number(values.shards);
  const folder = await mkdtemp(join(tmpdir(), 'korex-queue-bench-'));
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--loglevel', 'warning'];
  const redis = spawn('redis-server', ['--port', String(port), ...options], { stdio: 'ignore' });
  while (!(await isOpen(port))) await pause(50);
  const url = `redis://127.0.0.1:${port}`;
  const program = fileURLToPath(import.meta.url);
  const workers = Array.from({ length: Number(values.workers) }, () =>
    fork(program, ['--worker', url, '--slots', values.slots]),
  );
  const queue = await open(url);
  let settled = 0;
  const samples = [];
  const began = performance.now();
  const sample = async () => {
    const memory = {
      coordinator: process.memoryUsage().rss,
      workers: await total(workers.map(({ pid }) => pid)),
      redis: await total([redis.pid]),
    };
    const seconds = (performance.now() - began) / 1000;
    samples.push({ settled, memory });
    const mb = Object.entries(memory).map(([name, bytes]) => `${name} ${Math.round(bytes / 1e6)} MB`);
    console.error(`${settled} shards, ${Math.round(settled / seconds)}/s; ${mb.join(', ')}`);
  };
  const ticking = setInterval(sample, Math.min(5_000, Math.max(500, shards / 200)));
  const outcome = await coordinate(
    queue,
    {
      ...{ id: 'bench', kind: 'batch', title: 'bench', task: {}, total: shards, doneBefore: 0 },
      shards: (async function* () {
        for (let index = 0; index < shards; index++) yield { index, item: { index } };
      })(),
      settle: async (results) => {
        settled += results.length;
      },
    },
    { priority: 50, reporter: silent, signal: new AbortController().signal },
  );
  clearInterval(ticking);
  await sample();
  const early = samples.find((each) => each.settled >= shards / 10) ?? samples.at(-1);
  const later = samples.filter((each) => each.settled >= shards / 10);
  const highest = (part) => Math.max(...later.map(({ memory }) => memory[part]));
  const memory = Object.fromEntries(
    Object.keys(early.memory).map((part) => [part, { at_a_tenth: early.memory[part], highest: highest(part) }]),
  );
  for (const worker of workers) worker.disconnect();
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  await queue.close();
  redis.kill();
  await once(redis, 'exit');
  await rm(folder, { recursive: true });
  const { seconds } = outcome;
  console.log(
    JSON.stringify(
      {
        shards,
        settled,
        workers: workers.length,
        slots: Number(values.slots),
        seconds,
        shards_per_second: shards / seconds,
        memory,
      },
      null,
      2,
    ),
  );
}

async function total(pids) {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() && true));
    socket.once('error', () => resolve(false));
  });
}
