import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomStream } from '../src/base/core/random.ts';
import { lacks } from './support/needs.ts';
import { lacksRedis, type RedisServer, startRedis } from './support/redisServer.ts';

// What may happen to a fleet, done to one on this machine: whatever it is, the result is the same to the byte, every shard is
// done and counted once, and the log names what happened. Shards are a line each, so that the faults are what takes time.

const program = fileURLToPath(new URL('support/queueStub.mjs', import.meta.url));
const built = fileURLToPath(new URL('../dist/base/queue/worker.js', import.meta.url));
/** Fifty are a matter of minutes: `KOREX_KILLS=50`. */
const KILLS = Number(process.env.KOREX_KILLS ?? 3);
/** Of the stub's leases. */
const LEASE_MS = 1_500;
const lacksAny = lacksRedis() || lacks('the build (npm run build)', existsSync(built));

let redis: RedisServer;
let folder: string;
let running: Set<ChildProcess>;
beforeEach(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'korex-faults-'));
  running = new Set();
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await redis.stop();
  await rm(folder, { recursive: true });
});

interface Started {
  readonly process: ChildProcess;
  /** What it has said so far. */
  log(): string;
  /** Resolves when it has said so. */
  says(text: string): Promise<void>;
  ended(): Promise<string>;
}

async function start(...args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      log += text;
    });
  const gone = once(child, 'close').then(() => running.delete(child));
  const says = async (text: string) => {
    while (!log.includes(text)) {
      if (!running.has(child)) throw new Error(`It ended before it said "${text}":\n${log}`);
      await pause(20);
    }
  };
  await says('ready');
  return { process: child, log: () => log, says, ended: async () => gone.then(() => log) };
}

const worker = (slots = 1) => start('worker', redis.url, String(slots));
const coordinator = (shards: number) => start('coordinate', redis.url, folder, String(shards));
const task = (more: object) => writeFile(join(folder, 'task.json'), JSON.stringify(more));
const doneShards = async () => (await readdir(folder)).filter((name) => /^\d+\.txt$/.test(name)).length;
async function reach(shards: number) {
  while ((await doneShards()) < shards) await pause(10);
}
/** What one process would have written. */
const whole = (shards: number, without: readonly number[] = []) =>
  Array.from({ length: shards }, (_, i) => (without.includes(i) ? '' : `shard ${i}\n`)).join('');
const merged = () => readFile(join(folder, 'merged'), 'utf8');
/** Files that a process which was killed left behind would be drafts. */
const counted = (log: string) => JSON.parse(/done (\{.*\})/.exec(log)?.[1] ?? 'null') as { shards: number } | null;

test.skipIf(lacksAny)(
  `workers killed with -9 at ${KILLS} random points lose and double nothing`,
  async () => {
    const shards = 40 + 12 * KILLS;
    await task({ ms: 30 });
    const boss = await coordinator(shards);
    const stream = randomStream(20, 'kill');
    const steady = await worker();
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = await worker();
      await pause(stream.uniform(kill) * 400);
      victim.process.kill('SIGKILL');
    }
    const log = await boss.ended();
    expect(await merged()).toBe(whole(shards));
    expect(counted(log)?.shards).toBe(shards);
    steady.process.kill('SIGTERM');
    await steady.ended();
    // Where a kill met a shard at work, the log says so.
    const lost = log.match(/its worker was lost/g)?.length ?? 0;
    expect(lost).toBeLessThanOrEqual(KILLS);
  },
  60_000 + KILLS * 4_000,
);

test.skipIf(lacksAny)('a worker that sleeps longer than its lease does not publish when it wakes', async () => {
  await task({ ms: 250 });
  const sleeper = await worker();
  const boss = await coordinator(8);
  await reach(1);
  // Asleep in the middle of a shard, as is its process: between two it would have no lease to lose.
  await pause(120);
  sleeper.process.kill('SIGSTOP');
  const other = await worker();
  await reach(8);
  sleeper.process.kill('SIGCONT');
  await sleeper.says('longer than its lease');
  const log = await boss.ended();
  expect(await merged()).toBe(whole(8));
  expect(counted(log)?.shards).toBe(8);
  expect(other.log()).toContain('its worker was lost');
});

test.skipIf(lacksAny)('Redis killed and started again, then deaf for longer than a lease', async () => {
  await task({ ms: 30 });
  const workers = [await worker(), await worker()];
  const boss = await coordinator(120);
  await reach(20);
  await redis.kill();
  await pause(300);
  await redis.start();
  await reach(50);
  redis.signal('SIGSTOP');
  await pause(2 * LEASE_MS);
  redis.signal('SIGCONT');
  const log = await boss.ended();
  expect(await merged()).toBe(whole(120));
  expect(counted(log)?.shards).toBe(120);
  expect(log).toMatch(/does not answer/);
  expect(log).toMatch(/is back/);
  for (const { log: said } of workers) expect(said()).toMatch(/does not answer/);
});

test.skipIf(lacksAny)('a Redis that lost everything is told again what is to be done', async () => {
  await task({ ms: 30 });
  await worker();
  const boss = await coordinator(60);
  await reach(10);
  const client = new Redis(redis.port);
  await client.flushall();
  client.disconnect();
  const log = await boss.ended();
  expect(await merged()).toBe(whole(60));
  expect(counted(log)?.shards).toBe(60);
  expect(log).toMatch(/has forgotten/);
});

test.skipIf(lacksAny)(
  'a coordinator that was killed goes on where it was; two at once do not get in each other’s way',
  async () => {
    // Long enough that all three meet, also on a busy machine.
    await task({ ms: 150 });
    await worker();
    const first = await coordinator(60);
    const second = await coordinator(60);
    await second.says('waiting until its lease runs out');
    await reach(3);
    first.process.kill('SIGKILL');
    const third = await coordinator(60);
    await Promise.all([second.ended(), third.ended()]);
    expect(await merged()).toBe(whole(60));
    const logs = [second.log(), third.log()];
    // Whoever of them came too late says whose work it is, or found everything done.
    expect(logs.filter((log) => counted(log) !== null).length).toBeGreaterThan(0);
    for (const log of logs) expect(log).toMatch(/done|failed .* is the work of another coordinator/);
  },
);

test.skipIf(lacksAny)('a shard that kills its process is told of as suspect, and the others are done', async () => {
  await task({ ms: 5, poison: 3 });
  await worker(2);
  const boss = await coordinator(20);
  const log = await boss.ended();
  expect(await merged()).toBe(whole(20, [3]));
  expect(log.match(/shard 3: the process that worked on it ended \(SIGKILL\)/g)).toHaveLength(2);
  expect(log).toMatch(/"rejected":1/);
});

test.skipIf(lacksAny)('a full disk is waited for, and said', async () => {
  await task({ ms: 5 });
  await writeFile(join(folder, 'full'), '');
  const { says } = await worker();
  const boss = await coordinator(10);
  await says('ENOSPC');
  await rm(join(folder, 'full'));
  const log = await boss.ended();
  expect(await merged()).toBe(whole(10));
  expect(log).toMatch(/shard \d+: ENOSPC.* Tried again in 0\.5 s/);
});

test.skipIf(lacksAny)('nothing stays in Redis of what has ended but a summary that goes by itself', async () => {
  await mkdir(folder, { recursive: true });
  const alone = await worker();
  const boss = await coordinator(5);
  await boss.ended();
  alone.process.kill('SIGTERM');
  await alone.ended();
  const client = new Redis(redis.port);
  const keys = await client.keys('*');
  expect(keys.sort()).toEqual(['test:work:stub', 'test:works']);
  for (const key of keys) expect(await client.ttl(key)).toBeGreaterThan(0);
  client.disconnect();
});
