import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { lacks } from './support/needs.ts';
import { lacksRedis, type RedisServer, startRedis } from './support/redisServer.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// `korex batch --queue` and `korex worker` as people start them, with a model of a few thousand weights.

const cli = fileURLToPath(new URL('../dist/app/cli/main.js', import.meta.url));
const lacksAny = lacksRedis() || lacks('the build (npm run build)', existsSync(cli));
const ROWS = 600;

let folder: string;
let redis: RedisServer;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  if (lacksAny) return;
  folder = await mkdtemp(join(tmpdir(), 'korex-queue-batch-'));
  redis = await startRedis();
  const encoder = join(folder, 'encoder');
  await writeTinyEncoder(encoder);
  const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
  const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: [] } as const;
  await saveRelationModel(join(folder, 'tiny'), await createRelationModel(encoder, task, { layers: null, seed: 5 }));
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const sentence = `가온${i}은 ${'아주 '.repeat(i % 9)}나루에서 일했다`;
    const row = JSON.stringify({ sentence, subject: { word: `가온${i}` }, object: { word: '나루' } });
    return i % 200 === 199 ? row.slice(0, 20) : row;
  });
  await writeFile(join(folder, 'rows.jsonl'), `${lines.join('\n')}\n`);
}, 60_000);
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await redis?.stop();
  if (folder) await rm(folder, { recursive: true });
});

function korex(...args: readonly string[]) {
  const child = spawn(process.execPath, [cli, ...args, '--lang', 'en'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      log += text;
    });
  const ended = once(child, 'close').then(() => {
    running.delete(child);
    return log;
  });
  return { child, ended, log: () => log };
}

const worker = () => korex('worker', '--queue', redis.url, '--workers', '1', '--lease', '2');
const batch = (out: string, ...more: readonly string[]) =>
  korex('batch', 'rows.jsonl', out, '--model', './tiny', ...more);
const onQueue = (out: string) => batch(out, '--queue', redis.url, '--shard-size', '4kB');
const text = (name: string) => readFile(join(folder, name), 'utf8');
const answered = async (out: string) => (await readdir(join(folder, out, 'answers')).catch(() => [])).length;

test.skipIf(lacksAny)(
  'a worker killed on the way: the same bytes as without a queue, each shard noted once, and nothing to do afterwards',
  async () => {
    const plain = batch('plain.jsonl', '--threads', '1');
    const [victim, other] = [worker(), worker()];
    const boss = onQueue('out');
    while ((await answered('out')) < 2) {
      if (!running.has(boss.child)) throw new Error(boss.log());
      await pause(20);
    }
    victim.child.kill('SIGKILL');
    expect(await boss.ended).toMatch(/600 rows, 3 rejected/);
    const manifest = (await text('out/manifest.jsonl')).trim().split('\n');
    const noted = manifest.map((line) => (JSON.parse(line) as { shard: { index: number } }).shard.index);
    const shards = await answered('out');
    expect([...noted].sort((a, b) => a - b)).toEqual(Array.from({ length: shards }, (_, i) => i));
    expect(await onQueue('out').ended).toContain(`0 answered, ${shards} finished before`);
    expect(await korex('shards', 'merge', 'out', 'merged.jsonl').ended).toContain('Answers: merged.jsonl');
    await plain.ended;
    for (const ending of ['', '.rejects.jsonl'])
      expect(await text(`merged.jsonl${ending}`)).toBe(await text(`plain.jsonl${ending}`));
    // A file in place of a folder is merged by itself.
    expect(await onQueue('whole.jsonl').ended).toMatch(/600 rows, 3 rejected/);
    for (const ending of ['', '.rejects.jsonl'])
      expect(await text(`whole.jsonl${ending}`)).toBe(await text(`plain.jsonl${ending}`));
    expect(existsSync(join(folder, 'whole.jsonl.shards'))).toBe(false);
    expect(await korex('work', 'status', '--queue', redis.url).ended).toMatch(/finished/);
    other.child.kill('SIGTERM');
    expect(await other.ended).toMatch(/shards, [\d,]+ rows/);
  },
  240_000,
);
