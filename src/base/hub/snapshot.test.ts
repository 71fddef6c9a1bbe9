import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  etagOf,
  type Fault,
  nowhere,
  type ServedRepository,
  startHub,
  type TestHub,
} from '../../../test/support/hubServer.ts';
import { KorexError } from '../core/errors.ts';
import { lineIn, silentReporter } from '../core/reporter.ts';
import { filesBelow, findSnapshot } from './cache.ts';
import { partialOf } from './download.ts';
import { encoderFiles } from './encoderFiles.ts';
import type { HubEnvironment } from './environment.ts';
import { parseModel } from './repository.ts';
import { type HubOptions, pullSnapshot } from './snapshot.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const bytes = (length: number, seed = 1) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) % 251);
const WEIGHTS = bytes(100_000);
const FILES = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'tokenizer.json': bytes(5_000, 2),
  'tokenizer_config.json': Buffer.from('{}'),
  'model.safetensors': WEIGHTS,
  'pytorch_model.bin': bytes(2_000, 3),
  'tf_model.h5': bytes(2_000, 4),
  'README.md': Buffer.from('# A model'),
};
const ENCODER: ServedRepository = { id: 'org/encoder', commit: COMMIT, files: FILES };

let cache: string;
let messages: string[];
let waits: number[];
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'korex-hub-'));
  [messages, waits] = [[], []];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const environmentOf = (hub: Pick<TestHub, 'endpoint'>, change: Partial<HubEnvironment> = {}): HubEnvironment => ({
  endpoint: hub.endpoint,
  cache,
  token: null,
  offline: false,
  ...change,
});

function pull(
  hub: Pick<TestHub, 'endpoint'>,
  change: Partial<HubEnvironment> = {},
  options: HubOptions = {},
  id = ENCODER.id,
) {
  const repository = parseModel(id)!;
  return pullSnapshot(repository, encoderFiles(repository), {
    environment: environmentOf(hub, change),
    reporter: { ...silentReporter, info: (line) => void messages.push(lineIn(line, 'en')) },
    pause: async (milliseconds) => void waits.push(milliseconds),
    ...options,
  });
}

async function errorOf(work: Promise<unknown>): Promise<KorexError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof KorexError)) throw new Error(`Expected a KorexError, got ${String(error)}`);
  return error;
}

const repositoryFolder = () => join(cache, 'models--org--encoder');
const blobOf = (content: Uint8Array) => join(repositoryFolder(), 'blobs', etagOf(content));

/** The request for the weights at the host that large files are on. */
const FROM_CDN = /^GET \/org\/encoder\/model\.safetensors$/;
const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (_, response) =>
    void response.writeHead(code, headers).end();

test('a download fills the cache as all Hugging Face libraries lay it out, with what is needed alone', async () => {
  const hub = await startHub(ENCODER);
  const { folder, commit, fetched } = await pull(hub);
  expect({ folder, commit }).toEqual({ folder: join(repositoryFolder(), 'snapshots', COMMIT), commit: COMMIT });
  const wanted = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'] as const;
  expect(await filesBelow(folder)).toEqual(wanted);
  for (const path of wanted) {
    expect(readFileSync(join(folder, path))).toEqual(Buffer.from(FILES[path]));
    expect(readlinkSync(join(folder, path))).toBe(`../../blobs/${etagOf(FILES[path])}`);
  }
  expect(fetched).toBe(wanted.reduce((sum, path) => sum + FILES[path].length, 0));
  expect(readFileSync(join(repositoryFolder(), 'refs', 'main'), 'utf8')).toBe(COMMIT);
  expect(readdirSync(join(repositoryFolder(), 'blobs'))).toHaveLength(wanted.length);
  expect(readdirSync(join(cache, '.locks', 'models--org--encoder'))).toEqual([]);
});

test('what is cached is found without a question; a pull asks, and fetches only what changed', async () => {
  const hub = await startHub(ENCODER);
  const first = await pull(hub);
  const repository = parseModel(ENCODER.id)!;
  hub.seen.length = 0;
  expect(await findSnapshot(cache, repository, encoderFiles(repository))).toBe(first.folder);
  expect((await pull(hub, { offline: true })).folder).toBe(first.folder);
  expect(hub.seen).toEqual([]);
  expect((await pull(hub)).fetched).toBe(0);

  const next = {
    ...ENCODER,
    commit: COMMIT.replace('0', 'f'),
    files: { ...FILES, 'model.safetensors': bytes(90_000, 9) },
  };
  hub.repositories.splice(0, 1, next);
  const second = await pull(hub);
  expect({ commit: second.commit, fetched: second.fetched }).toEqual({ commit: next.commit, fetched: 90_000 });
  expect((await pull(hub, { offline: true }, {}, `org/encoder@${COMMIT}`)).folder).toBe(first.folder);
});

test('a commit and a branch can be asked for', async () => {
  const hub = await startHub(ENCODER);
  expect((await pull(hub, {}, {}, `org/encoder@${COMMIT}`)).commit).toBe(COMMIT);
  expect(existsSync(join(repositoryFolder(), 'refs'))).toBe(false);
  const error = await errorOf(pull(hub, {}, {}, 'org/encoder@v9'));
  expect(error.kind).toBe('usage');
  expect(error.message).toBe('org/encoder has no revision "v9".');
});

test('a connection that breaks goes on where it stopped', async () => {
  const hub = await startHub(ENCODER);
  hub.disturb(FROM_CDN, (_, response) => {
    response.writeHead(200, { 'content-length': String(WEIGHTS.length) });
    response.write(WEIGHTS.subarray(0, 30_000), () => response.destroy());
  });
  const { folder } = await pull(hub);
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(Buffer.from(WEIGHTS));
  const ranges = hub.seen.filter(({ method, path }) => method === 'GET' && path.endsWith('model.safetensors'));
  expect(ranges.at(-1)).toMatchObject({ server: 'cdn', range: 'bytes=30000-' });
  expect(waits).toEqual([1000]);
  expect(messages[0]).toMatch(/^The connection to 127.0.0.1:\d+ failed \(.*\); trying again in 1 s$/);
});

test('a process that ends halfway leaves nothing that looks whole, and the next one goes on', async () => {
  const hub = await startHub(ENCODER);
  const interrupt = new AbortController();
  hub.disturb(FROM_CDN, (_, response) => {
    response.writeHead(200, { 'content-length': String(WEIGHTS.length) });
    response.write(WEIGHTS.subarray(0, 40_000));
  });
  const progress = () => ({
    update: (done: number) => {
      if (done > 0.04) interrupt.abort(new Error('Ctrl-C'));
    },
    end: () => {},
  });
  const reporter = { ...silentReporter, progress };
  await expect(pull(hub, {}, { signal: interrupt.signal, reporter })).rejects.toThrow('Ctrl-C');
  expect(existsSync(blobOf(WEIGHTS))).toBe(false);
  expect(existsSync(join(repositoryFolder(), 'refs', 'main'))).toBe(false);
  expect(lstatSync(partialOf(blobOf(WEIGHTS))).size).toBe(40_000);

  hub.seen.length = 0;
  const { folder } = await pull(hub);
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(Buffer.from(WEIGHTS));
  expect(hub.seen.at(-1)).toMatchObject({ server: 'cdn', range: 'bytes=40000-' });
});

test('a server without ranges sends the whole file again', async () => {
  const hub = await startHub(ENCODER);
  mkdirSync(join(repositoryFolder(), 'blobs'), { recursive: true });
  writeFileSync(partialOf(blobOf(WEIGHTS)), bytes(500, 77));
  hub.disturb(/GET .*model\.safetensors/, (_, response, content) => void response.writeHead(200).end(content));
  const { folder } = await pull(hub);
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(Buffer.from(WEIGHTS));
});

test('damaged content is refused and removed, and then fetched again', async () => {
  const hub = await startHub(ENCODER);
  for (const [path, content] of Object.entries({ 'config.json': FILES['config.json'], 'model.safetensors': WEIGHTS })) {
    const forged = Uint8Array.from(content, (byte, i) => (i === 7 ? byte ^ 1 : byte));
    hub.disturb(new RegExp(`GET .*${path}`), (_, response) => void response.writeHead(200).end(forged));
    const error = await errorOf(pull(hub));
    expect(error.kind).toBe('failed');
    expect(error.message).toMatch(
      new RegExp(`${path} arrived damaged: checksum [0-9a-f]+ instead of ${etagOf(content)}`),
    );
    expect([existsSync(blobOf(content)), existsSync(partialOf(blobOf(content)))]).toEqual([false, false]);
  }
  const longer = Buffer.concat([WEIGHTS, WEIGHTS]);
  hub.disturb(FROM_CDN, (_, response) => void response.writeHead(200).end(longer));
  expect((await errorOf(pull(hub))).message).toContain('arrived damaged');
  await pull(hub);
});

test('a bad partial file of an earlier attempt does no harm', async () => {
  const hub = await startHub(ENCODER);
  mkdirSync(join(repositoryFolder(), 'blobs'), { recursive: true });
  writeFileSync(partialOf(blobOf(WEIGHTS)), bytes(50_000, 77));
  expect((await errorOf(pull(hub))).message).toContain('arrived damaged');
  writeFileSync(partialOf(blobOf(WEIGHTS)), bytes(200_000, 77));
  const { folder } = await pull(hub);
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(Buffer.from(WEIGHTS));
});

test('a full server is asked again: after 1, 2, 4, … s, or when it says', async () => {
  const hub = await startHub(ENCODER);
  hub.disturb(/GET .*revision/, status(429, { 'retry-after': '7' }));
  hub.disturb(/GET .*revision/, status(429, { ratelimit: '"api";r=0;t=55' }));
  for (const code of [500, 502, 503]) hub.disturb(/GET .*model\.safetensors/, status(code));
  await pull(hub);
  expect(waits).toEqual([7000, 55_000, 1000, 2000, 4000]);

  for (let i = 0; i < 3; i++) hub.disturb(/GET .*revision/, status(503));
  const error = await errorOf(pull(hub));
  expect({ kind: error.kind, message: error.message }).toEqual({
    kind: 'failed',
    message: `Downloading org/encoder: ${new URL(hub.endpoint).host} answered 503.`,
  });
});

test('bytes that arrive reset the count of retries', async () => {
  const hub = await startHub(ENCODER);
  const part =
    (start: number): Fault =>
    (_, response) => {
      response.writeHead(start > 0 ? 206 : 200, {
        'content-range': `bytes ${start}-${WEIGHTS.length - 1}/${WEIGHTS.length}`,
        'content-length': String(WEIGHTS.length - start),
      });
      response.write(WEIGHTS.subarray(start, start + 10_000), () => response.destroy());
    };
  for (let i = 0; i < 8; i++) hub.disturb(/GET .*model\.safetensors/, part(i * 10_000));
  await pull(hub);
  expect(waits).toEqual(Array(8).fill(1000));
});

test('a server that falls silent counts as broken', async () => {
  const hub = await startHub(ENCODER);
  hub.disturb(/GET .*revision/, () => {});
  await pull(hub, {}, { patience: 300 });
  expect(waits).toEqual([1000]);
});

test('the token goes to the Hub alone', async () => {
  const hub = await startHub({ ...ENCODER, token: 'secret' });
  await pull(hub, { token: { value: 'secret', origin: 'HF_TOKEN' } });
  const sent = (server: string) =>
    new Set(hub.seen.filter((one) => one.server === server).map((one) => one.authorization));
  expect([sent('hub'), sent('cdn')]).toEqual([new Set(['Bearer secret']), new Set([null])]);
});

test('a refusal of the Hub says what to do', async () => {
  const hub = await startHub(
    { ...ENCODER, id: 'org/gated', token: 'secret', gated: true },
    { ...ENCODER, id: 'org/private', token: 'secret' },
    { ...ENCODER, id: 'org/text', files: { 'README.md': FILES['README.md'] } },
  );
  const refused = async (id: string, token?: string) => {
    const change = token ? { token: { value: token, origin: 'HF_TOKEN' } } : {};
    const { kind, message, hint } = await errorOf(pull(hub, change, {}, id));
    expect(kind).toBe('usage');
    return `${message}\n${hint}`.replaceAll(hub.endpoint, 'HUB');
  };
  expect(await refused('org/gated')).toBe(
    'org/gated is gated: only accounts that accepted its owners’ terms may read it (403).\n' +
      'Accept the terms on HUB/org/gated, make a token on HUB/settings/tokens and set HF_TOKEN to it.',
  );
  expect(await refused('org/gated', 'other')).toContain('with the account of the token (from HF_TOKEN)');
  expect(await refused('org/private')).toBe(
    'The Hub has no model org/private, or it is private (401). Nor is there a folder of that name here.\n' +
      'Check the name on HUB. If it is private, make a token on HUB/settings/tokens and set HF_TOKEN to it.',
  );
  expect(await refused('org/none', 'secret')).toContain('The Hub has no model org/none, or it is private (404).');
  hub.disturb(/GET .*revision/, status(401, { 'x-error-message': 'Invalid credentials in Authorization header' }));
  expect(await refused('org/private', 'bad')).toContain('The Hub does not accept the access token from HF_TOKEN (401');
  expect(await refused('org/text')).toContain('org/text is not an encoder: it lacks config.json. It holds: README.md.');
});

test('without a network it says which files to get and where they go', async () => {
  for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, '');
  const offline = { endpoint: 'https://huggingface.co', offline: true };
  const { kind, message, hint } = await errorOf(pull(offline, offline));
  expect(kind).toBe('usage');
  expect(`${message}\n${hint}`.replaceAll(cache, 'CACHE')).toMatchInlineSnapshot(`
    "org/encoder is not in the cache (CACHE), and HF_HUB_OFFLINE is set.
    Download these files where there is a network:
      https://huggingface.co/org/encoder/resolve/main/config.json
      https://huggingface.co/org/encoder/resolve/main/tokenizer.json  (or vocab.txt, where there is no tokenizer.json)
      https://huggingface.co/org/encoder/resolve/main/tokenizer_config.json
      https://huggingface.co/org/encoder/resolve/main/model.safetensors  (or pytorch_model.bin, where there is no model.safetensors)
    Put them into one folder and name it with --encoder FOLDER. Or run \`korex models pull org/encoder\` there and copy
      models--org--encoder
    from its cache (~/.cache/huggingface/hub) to CACHE."
  `);

  const away = { endpoint: await nowhere() };
  const unreachable = await errorOf(pull(away));
  expect(unreachable.kind).toBe('usage');
  expect(unreachable.message).toContain('the Hub is out of reach');
  expect(unreachable.hint).toContain(`${away.endpoint}/org/encoder/resolve/main/model.safetensors`);
});

test('an answer that is not a Hub’s is an error', async () => {
  const hub = await startHub(ENCODER);
  hub.disturb(/GET .*revision/, (_, response) => void response.end('<html>Please log in</html>'));
  expect((await errorOf(pull(hub))).message).toContain('did not answer as the Hugging Face Hub does: no list of files');
  for (const etag of ['../../evil', '..', '']) {
    hub.disturb(/HEAD .*config\.json/, status(200, { etag: `"${etag}"` }));
    expect((await errorOf(pull(hub))).message).toContain('its ETag is');
  }
  for (let i = 0; i < 11; i++)
    hub.disturb(/GET .*revision/, status(307, { location: '/api/models/org/encoder/revision/main' }));
  expect((await errorOf(pull(hub))).message).toContain('redirects more than 10 times');
  hub.repositories[0] = { ...ENCODER, commit: '../../../../evil' };
  expect((await errorOf(pull(hub))).message).toContain('sha: is no commit');
});

test('paths that lead out of the cache are passed over', async () => {
  const evil = { '../../evil': bytes(5), '/etc/evil': bytes(5), 'a/../../evil': bytes(5), 'C:\\evil': bytes(5) };
  const hub = await startHub({ ...ENCODER, files: { ...evil, ...FILES } });
  const repository = parseModel(ENCODER.id)!;
  const offered: string[][] = [];
  const choose = (paths: readonly string[]) => {
    offered.push([...paths]);
    return { paths };
  };
  const all = { ...encoderFiles(repository), choose };
  await pullSnapshot(repository, all, { environment: environmentOf(hub) });
  expect(offered).toEqual([Object.keys(FILES)]);
});

test('two at once: one downloads, the other waits and takes what is there', async () => {
  const hub = await startHub(ENCODER);
  const wait = () => new Promise<void>((done) => setImmediate(done));
  const both = await Promise.all([pull(hub, {}, { pause: wait }), pull(hub, {}, { pause: wait })]);
  expect(both.map(({ fetched }) => fetched).sort((a, b) => a - b)[0]).toBe(0);
  expect(messages).toEqual(['Another korex process downloads org/encoder; waiting for it']);
  expect(hub.seen.filter(({ server, path }) => server === 'cdn' && path.endsWith('.safetensors'))).toHaveLength(1);
});

test('a file where the cache should be is an error with its path', async () => {
  const hub = await startHub(ENCODER);
  const path = join(cache, 'file');
  writeFileSync(path, '');
  const error = await errorOf(pull(hub, { cache: path }));
  expect(error.kind).toBe('failed');
  expect(error.message).toContain(`Cannot write ${path}`);
});

test.each([307, 308])(
  'a mirror that redirects to another host with %i is followed, without the token',
  async (code) => {
    const hub = await startHub(ENCODER);
    const seen: (string | undefined)[] = [];
    const mirror = createServer(({ url, headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(code, { location: `${hub.endpoint}${url}` }).end();
    });
    await new Promise<void>((listens) => mirror.listen(0, '127.0.0.1', listens));
    try {
      const endpoint = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
      const { folder } = await pull({ endpoint }, { token: { value: 'hf_secret', origin: 'HF_TOKEN' } });
      expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(Buffer.from(WEIGHTS));
      expect(new Set(seen)).toEqual(new Set(['Bearer hf_secret']));
      expect(new Set(hub.seen.map(({ authorization }) => authorization))).toEqual(new Set([null]));
    } finally {
      mirror.close();
      mirror.closeAllConnections();
    }
  },
);

test('what a server downloads without saying its size counts as downloaded', async () => {
  const hub = await startHub(ENCODER);
  for (const name of ['config', 'tokenizer', 'tokenizer_config', 'model'])
    hub.disturb(new RegExp(`^HEAD .*/${name}\\.`), (_, response, content) =>
      response.writeHead(200, { etag: `"${etagOf(content)}"` }).end(),
    );
  const { fetched, folder } = await pull(hub);
  const sizes = (await filesBelow(folder)).map((path) => readFileSync(join(folder, path)).length);
  expect(fetched).toBe(sizes.reduce((sum, size) => sum + size, 0));
  expect(fetched).toBeGreaterThan(WEIGHTS.length);
});
