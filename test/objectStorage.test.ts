import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { KorexError } from '../src/base/core/errors.ts';
import { lineIn, type Reporter } from '../src/base/core/reporter.ts';
import { openRows } from '../src/base/data/openRows.ts';
import { hubEnvironment } from '../src/base/hub/environment.ts';
import { s3Storage } from '../src/base/storage/s3Storage.ts';
import type { Storage } from '../src/base/storage/storage.ts';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { findModel } from '../src/inference/predict/findModel.ts';
import { lacksPython } from './support/needs.ts';
import { type Fault, type FaultyProxy, faultyProxy, type S3Server, startS3 } from './support/s3Server.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

const folder = mkdtempSync(join(tmpdir(), 'korex-s3-'));
// A server of Python's and processes of korex take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const root = fileURLToPath(new URL('..', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const MB = 2 ** 20;

/** Bytes that are nowhere the same, so that a part in a wrong place shows. */
function bytesOf(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => createHash('sha256').update(`${i}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

const BUSY: Fault = { kind: 'status', status: 503, code: 'SlowDown' };
const lacksAny = lacksPython('moto', 'flask');

describe.skipIf(lacksAny)('s3://', () => {
  let server: S3Server;
  let proxy: FaultyProxy;
  let storage: Storage;
  let said: string[] = [];

  const reporter: Reporter = {
    info: (line) => void said.push(lineIn(line, 'en')),
    warn: (line) => void said.push(`warning: ${lineIn(line, 'en')}`),
    progress: () => ({ update: () => {}, end: () => {} }),
  };
  const opened = (variables: Record<string, string> = {}, signal = new AbortController().signal) => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    return s3Storage({ reporter, signal, pause: async () => {} });
  };
  const written = (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const read = async (path: string) => {
    const file = await storage.open(path);
    return Buffer.from(await file.read(0, file.size));
  };
  /** Uploads that nobody finished. */
  const unfinished = async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/korex?uploads`);
    return (await answer.text()).match(/<UploadId>/g)?.length ?? 0;
  };
  /** Faults by turn for requests that match; the rest go through. */
  const inTurn = (matches: (method: string, url: string) => boolean, faults: readonly Fault[]) => {
    let turn = 0;
    said = [];
    proxy.faults = ({ method, url }) => (matches(method, url) ? (faults[turn++] ?? null) : null);
  };

  beforeAll(async () => {
    server = await startS3();
    proxy = await faultyProxy(server.port);
    storage = await opened();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await proxy?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('files are found, listed in order by the page, read at any place, and removed', async () => {
    inTurn(() => false, []);
    for (const name of ['가.txt', 'b/1.txt', 'b.txt', 'a.txt']) await storage.write(`s3://korex/list/${name}`, name);
    const paths: string[] = [];
    for await (const { path } of storage.list('s3://korex/list/')) paths.push(path.slice('s3://korex/list/'.length));
    expect(paths).toEqual(['a.txt', 'b.txt', 'b/1.txt', '가.txt']);

    expect(await storage.find('s3://korex/list/none')).toBeNull();
    const found = await storage.find('s3://korex/list/가.txt');
    expect(found).toMatchObject({
      size: Buffer.byteLength('가.txt'),
      version: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const file = await storage.open('s3://korex/list/가.txt');
    expect(Buffer.from(await file.read(3, 100)).toString()).toBe('.txt');
    expect(await file.read(7, 10)).toHaveLength(0);

    await storage.remove('s3://korex/list/a.txt');
    await storage.remove('s3://korex/list/a.txt');
    expect(await storage.find('s3://korex/list/a.txt')).toBeNull();
  });

  test('a list of many pages has each file once, also where the server is busy between them', async () => {
    inTurn((method, url) => method === 'GET' && url.includes('list-type=2'), [null, BUSY]);
    const names = Array.from({ length: 11 }, (_, i) => `s3://korex/many/${String(i).padStart(3, '0')}`);
    await Promise.all(names.map((name) => storage.write(name, 'x')));
    proxy.rewrite = (url) => (url.includes('list-type=2') ? `${url}&max-keys=4` : url);
    const listed: string[] = [];
    for await (const { path } of storage.list('s3://korex/many/')) listed.push(path);
    proxy.rewrite = (url) => url;
    expect(listed).toEqual(names);
    expect(proxy.asked.filter(({ url }) => url.includes('prefix=many')).length).toBe(4);
    expect(said).toEqual(['s3://korex/many/: the server answered 503 SlowDown; trying again in 1 s']);
  });

  test('of several writers of one object, one writes', async () => {
    inTurn(() => false, []);
    // One by one: moto asks and writes in two steps.
    const results = [];
    for (const text of ['a', 'b', 'c']) results.push(await storage.create('s3://korex/once', text));
    expect(results).toEqual([true, false, false]);
    expect((await read('s3://korex/once')).toString()).toBe('a');
  });

  test('a conditional write whose answer was lost knows its own object', async () => {
    inTurn((method) => method === 'PUT', [{ kind: 'cutAnswer', bytes: 0 }]);
    expect(await storage.create('s3://korex/lost', 'mine')).toBe(true);
    expect(said).toEqual([expect.stringContaining('the connection failed')]);
  });

  test('where a server has no conditional writes, that is said, and the object is asked for first', async () => {
    inTurn(() => false, []);
    await storage.write('s3://korex/once', 'a');
    inTurn((method) => method === 'PUT', [{ kind: 'status', status: 501, code: 'NotImplemented' }]);
    expect(await storage.create('s3://korex/once', 'd')).toBe(false);
    expect(said).toEqual([expect.stringContaining('has no conditional writes')]);
  });

  const large = bytesOf(16 * MB + 12_345);

  test('a large file goes in parts that busy servers and cut connections do not change', async () => {
    const local = written('large', large);
    const isPart = (method: string, url: string) => method === 'PUT' && url.includes('partNumber');
    inTurn(isPart, [BUSY, { kind: 'cutRequest', bytes: MB }, { kind: 'cutAnswer', bytes: 0 }]);
    await storage.moveIn(local, 's3://korex/large');
    expect(said).toHaveLength(3);
    expect(said.every((line) => line.includes('s3://korex/large (part '))).toBe(true);
    expect((await read('s3://korex/large')).equals(large)).toBe(true);
    expect(await unfinished()).toBe(0);
  });

  test('the last request of an upload may lose its answer', async () => {
    const local = written('large2', large);
    inTurn((method, url) => method === 'POST' && url.includes('uploadId'), [{ kind: 'cutAnswer', bytes: 0 }]);
    await storage.moveIn(local, 's3://korex/large2');
    expect((await read('s3://korex/large2')).equals(large)).toBe(true);
    expect(await unfinished()).toBe(0);
  });

  test('an upload that must not be published, or fails for good, leaves nothing', async () => {
    const local = written('large3', large);
    inTurn(() => false, []);
    const lost = new Error('the lease is gone');
    await expect(storage.moveIn(local, 's3://korex/large3', () => Promise.reject(lost))).rejects.toBe(lost);
    inTurn((method, url) => method === 'PUT' && url.includes('partNumber=2'), Array(20).fill(BUSY));
    await expect(storage.moveIn(local, 's3://korex/large3')).rejects.toMatchObject({
      kind: 'temporary',
      message: expect.stringMatching(/^s3:\/\/korex\/large3 \(part 2\): the server answered 503 SlowDown, 8 times/),
    });
    expect(await storage.find('s3://korex/large3')).toBeNull();
    expect(await unfinished()).toBe(0);
  });

  test('an interrupted upload is aborted', async () => {
    const local = written('large4', large);
    const stop = new AbortController();
    const interrupted = await opened({}, stop.signal);
    inTurn(() => false, []);
    proxy.faults = ({ url }) => {
      if (url.includes('partNumber=2')) stop.abort();
      return null;
    };
    await expect(interrupted.moveIn(local, 's3://korex/large4')).rejects.toThrow();
    expect(await storage.find('s3://korex/large4')).toBeNull();
    expect(await unfinished()).toBe(0);
  });

  test('what a killed process left of an upload goes with the next one of the same object', async () => {
    const local = written('large5', large);
    inTurn(() => false, []);
    await fetch(`http://127.0.0.1:${server.port}/korex/large5?uploads`, { method: 'POST' });
    expect(await unfinished()).toBe(1);
    await storage.moveIn(local, 's3://korex/large5');
    expect(await unfinished()).toBe(0);
  });

  test('reading goes on where a connection broke', async () => {
    inTurn(
      (method) => method === 'GET',
      [
        { kind: 'cutAnswer', bytes: MB },
        { kind: 'cutAnswer', bytes: 3 * MB },
        { kind: 'status', status: 500, code: 'InternalError' },
      ],
    );
    expect((await read('s3://korex/large')).equals(large)).toBe(true);
    expect(said).toHaveLength(3);
  });

  test('a file that changes while it is read is refused', async () => {
    inTurn(() => false, []);
    await storage.write('s3://korex/changing', 'first');
    const file = await storage.open('s3://korex/changing');
    await storage.write('s3://korex/changing', 'other');
    await expect(file.read(0, 5)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('has changed'),
    });
  });

  test('a file is read by rows, line by line and by row groups, as one of this machine', async () => {
    inTurn((method) => method === 'GET', [BUSY, { kind: 'cutAnswer', bytes: 100 }]);
    const rows = async (path: string) => {
      const opened = await openRows(path);
      try {
        const read = [];
        for await (const row of opened.rows) read.push(row);
        return read;
      } finally {
        await opened.close();
      }
    };
    for (const name of ['entity_text.csv', 'hub.parquet']) {
      const local = join(fixtures, 'data', name);
      await storage.write(`s3://korex/data/${name}`, readFileSync(local));
      expect(await rows(`s3://korex/data/${name}`)).toEqual(await rows(local));
    }
  });

  test('a model is downloaded once, and anew when it is another one', async () => {
    inTurn(() => false, []);
    const model = join(fixtures, 'classifiers/bert-safetensors');
    for (const name of readdirSync(model))
      await storage.write(`s3://korex/model/${name}`, readFileSync(join(model, name)));
    await storage.write('s3://korex/model/vocab.txt', '[PAD]\n[UNK]\n');
    const environment = { ...hubEnvironment(), cache: join(folder, 'cache') };
    const found = () => findModel('s3://korex/model', folder, { environment, reporter });
    const first = await found();
    expect(first.name).toBe('model');
    expect(readFileSync(join(first.folder, 'model.safetensors'))).toEqual(
      readFileSync(join(model, 'model.safetensors')),
    );
    const before = proxy.asked.length;
    expect(await found()).toEqual(first);
    expect(proxy.asked.slice(before).filter(({ url }) => !url.includes('list-type=2'))).toEqual([]);
    await storage.write('s3://korex/model/config.json', `${readFileSync(join(model, 'config.json'), 'utf8')} `);
    expect((await found()).folder).not.toBe(first.folder);
    await storage.remove('s3://korex/model/model.safetensors');
    await expect(found()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('it lacks weights'),
    });
  });

  test('shares of an array job over a faulty store come to the bytes of one process, every fault named', async () => {
    inTurn(() => false, []);
    const korex = (...args: string[]) => {
      const child = spawn(process.execPath, [join(root, 'dist/app/cli/main.js'), ...args, '--lang', 'en'], {
        cwd: folder,
        env: { ...process.env, HF_HOME: join(folder, 'hub') },
      });
      let err = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      return new Promise<{ code: number | null; err: string }>((resolve) =>
        child.on('close', (code) => resolve({ code, err })),
      );
    };
    const options = ['--threads', '1'];
    await writeTinyEncoder(join(folder, 'encoder'));
    const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
    const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: [] } as const;
    const tiny = join(folder, 'tiny');
    await saveRelationModel(tiny, await createRelationModel(join(folder, 'encoder'), task, { layers: null, seed: 5 }));
    for (const name of readdirSync(tiny))
      await storage.write(`s3://korex/tiny/${name}`, readFileSync(join(tiny, name)));
    const rows = Array.from({ length: 300 }, (_, i) => ({
      sentence: `가온${i}은 ${'아주 '.repeat(i % 9)}나루에서 일했다`,
      subject: { word: `가온${i}` },
      object: { word: i % 100 === 99 ? '없는 말' : '나루' },
    }));
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    writeFileSync(join(folder, 'rows.jsonl'), text);
    await storage.write('s3://korex/in/rows.jsonl', text);
    expect((await korex('batch', 'rows.jsonl', 'whole.jsonl', '--model', tiny, ...options)).code).toBe(0);

    const kinds: readonly Fault[] = [BUSY, { kind: 'cutAnswer', bytes: 0 }, { kind: 'cutRequest', bytes: 1 }];
    let faults = 0;
    proxy.faults = ({ number }) => (number % 8 === 0 ? kinds[faults++ % kinds.length]! : null);
    const shares = ['1/2', '2/2'].map((share) =>
      korex(
        ...['batch', 's3://korex/in/rows.jsonl', 's3://korex/out', '--model', 's3://korex/tiny', '--shard', share],
        ...['--shard-size', '9kB', ...options],
      ),
    );
    const ended = await Promise.all(shares);
    expect(ended.map(({ code, err }) => (code === 0 ? 'done' : err))).toEqual(['done', 'done']);
    const named = ended.map(({ err }) => err.match(/s3:\/\/korex\/.*trying again/g)?.length ?? 0);
    expect(named[0]! + named[1]!).toBe(faults);
    expect(faults).toBeGreaterThan(3);
    proxy.faults = () => null;
    const merged = await korex('shards', 'merge', 's3://korex/out', 'merged.jsonl');
    expect(merged.code, merged.err).toBe(0);
    for (const end of ['', '.rejects.jsonl'])
      expect(readFileSync(join(folder, `merged.jsonl${end}`), 'utf8')).toBe(
        readFileSync(join(folder, `whole.jsonl${end}`), 'utf8'),
      );
    expect(await unfinished()).toBe(0);
  });

  test('refusals say what to do', async () => {
    inTurn(() => false, []);
    const refusedBy = async (path: string) => {
      const error = await storage.open(path).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(KorexError);
      return (error as KorexError).message;
    };
    expect(await refusedBy('s3://korex/none')).toBe('Cannot read s3://korex/none: there is no such object.');
    expect(await refusedBy('s3://')).toContain('is not an address in a bucket');
    await expect(storage.write('s3://no-such-bucket/x', 'x')).rejects.toMatchObject({
      kind: 'usage',
      message: 's3://no-such-bucket/x: there is no such bucket.',
    });
    inTurn(() => true, [{ kind: 'status', status: 403, code: 'AccessDenied' }]);
    expect(await refusedBy('s3://korex/none')).toContain('is refused');
    await expect(opened({ AWS_ENDPOINT_URL_S3: 'somewhere' })).rejects.toMatchObject({
      message: 'AWS_ENDPOINT_URL_S3 is "somewhere"; expected http://HOST:PORT.',
    });
  });
});
