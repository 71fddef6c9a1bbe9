// A coordinator, a worker or a worker's process whose shards are a few lines each: for tests of the queue itself.
//   node queueStub.mjs worker QUEUE SLOTS | coordinate QUEUE FOLDER SHARDS
// FOLDER/task.json may say more: milliseconds a shard takes, a shard that kills its process.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { queueAddress } from '../../dist/base/queue/address.js';
import { childRunner } from '../../dist/base/queue/childRunner.js';
import { coordinate } from '../../dist/base/queue/coordinate.js';
import { openQueue } from '../../dist/base/queue/openQueue.js';
import { serveShards } from '../../dist/base/queue/serveShards.js';
import { runWorker } from '../../dist/base/queue/worker.js';

const LEASE_MS = 1500;
const [mode, url, ...rest] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${typeof line === 'string' ? line : line.en}\n`);
const reporter = { info: say, warn: say, progress: () => ({ update: () => {}, end: () => {} }) };
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
const open = () => openQueue(queueAddress(url, { insecure: false, prefix: 'test', password: undefined }), reporter);

/** @param {{ folder: string, ms: number, poison: number | null }} task */
const handler = async ({ folder, ms, poison }) => ({
  async run({ index }, { fence, signal, suspect, worker }) {
    const file = join(folder, `${index}.txt`);
    const rejected = index === poison && suspect ? 1 : 0;
    if (index === poison && !suspect) process.kill(process.pid, 'SIGKILL');
    if (!existsSync(file)) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (signal.aborted) throw new Error('stopped');
      // What a full disk says, for as long as the test has it so.
      const draft = existsSync(join(folder, 'full')) ? '/dev/full' : `${file}.${worker}-${process.pid}`;
      await writeFile(draft, rejected ? '' : `shard ${index}\n`);
      try {
        await fence();
        await rename(draft, file);
      } finally {
        if (draft !== '/dev/full') await rm(draft, { force: true });
      }
    }
    return { status: 'done', rows: 1, rejected, seconds: ms / 1000, facts: null };
  },
  close: async () => {},
});

if (mode === 'child') serveShards({ batch: handler, extract: handler, evaluate: handler, experiment: handler });
else if (mode === 'worker') {
  const queue = await open();
  const runner = childRunner(fileURLToPath(import.meta.url), Number(rest[0]), ['child']);
  say('ready');
  await runWorker(queue, { runner, leaseMs: LEASE_MS, reporter, signal: stop.signal });
  await queue.close();
} else {
  const [folder, count] = [rest[0], Number(rest[1])];
  await mkdir(folder, { recursive: true });
  const task = {
    ms: 20,
    poison: null,
    ...JSON.parse(await readFile(join(folder, 'task.json'), 'utf8').catch(() => '{}')),
  };
  const isDone = (index) => existsSync(join(folder, `${index}.txt`));
  const all = Array.from({ length: count }, (_, index) => index);
  const queue = await open();
  const settled = new Set();
  say('ready');
  try {
    const outcome = await coordinate(
      queue,
      {
        ...{ id: 'stub', kind: 'batch', title: folder, task: { folder, ...task } },
        ...{ total: count, doneBefore: all.filter(isDone).length },
        shards: (async function* () {
          for (const index of all) if (!isDone(index)) yield { index, item: { index } };
        })(),
        settle: async (results) => {
          for (const { index } of results) settled.add(index);
        },
      },
      { priority: 50, leaseMs: LEASE_MS, window: 8, reporter, signal: stop.signal },
    );
    const text = await Promise.all(all.map((index) => readFile(join(folder, `${index}.txt`), 'utf8')));
    await writeFile(join(folder, 'merged'), text.join(''));
    say(`done ${JSON.stringify(outcome)}`);
  } catch (error) {
    say(`failed ${error.message}`);
    process.exitCode = 1;
  }
  await queue.close();
}
