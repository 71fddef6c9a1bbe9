import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findSnapshot } from '../src/base/hub/cache.ts';
import { cachedModels } from '../src/base/hub/cachedModels.ts';
import { encoderFiles } from '../src/base/hub/encoderFiles.ts';
import { parseModel } from '../src/base/hub/repository.ts';
import { pullSnapshot } from '../src/base/hub/snapshot.ts';
import { type ServedRepository, startHub } from './support/hubServer.ts';
import { lacksPython } from './support/needs.ts';

// One cache for korex and Python's huggingface_hub, both ways, against the same Hub on this machine.

const ID = 'org/encoder';
const FILES = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'model.safetensors': Buffer.alloc(50_000, 7),
  'tokenizer.json': Buffer.alloc(3_000, 8),
};
const SERVED: ServedRepository = { id: ID, commit: '0123456789abcdef0123456789abcdef01234567', files: FILES };
const repository = parseModel(ID)!;

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'korex-hub-cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

interface Answer {
  readonly paths: Readonly<Record<string, string>>;
  readonly snapshot?: string;
  readonly warnings?: readonly string[];
  readonly repositories?: readonly { id: string; bytes: number; refs: readonly string[] }[];
}

/** Without blocking, since the Hub answers in this process. */
async function python(task: 'download' | 'read', endpoint: string): Promise<Answer> {
  const env = {
    ...process.env,
    HF_ENDPOINT: endpoint,
    HF_HUB_CACHE: cache,
    HF_TOKEN: '',
    HF_HUB_DISABLE_TELEMETRY: '1',
  };
  const args = ['test/support/hub_client.py', task, ID, ...Object.keys(FILES)];
  const { stdout } = await promisify(execFile)('python3', args, { env });
  return JSON.parse(stdout) as Answer;
}

describe.skipIf(lacksPython('huggingface_hub'))('with huggingface_hub', () => {
  test('what Python downloaded is found', async () => {
    const hub = await startHub(SERVED);
    const { paths } = await python('download', hub.endpoint);
    const folder = await findSnapshot(cache, repository, encoderFiles(repository));
    expect(folder).toBe(join(cache, 'models--org--encoder', 'snapshots', SERVED.commit));
    expect(paths['config.json']).toBe(join(folder!, 'config.json'));
    const [model] = await cachedModels(cache);
    expect(model).toMatchObject({ id: ID, commit: SERVED.commit, revisions: ['main'], bytes: 53_021 });
  });

  test('what korex downloaded is found by Python, which sees a sound cache', async () => {
    const hub = await startHub(SERVED);
    const environment = { endpoint: hub.endpoint, cache, token: null, offline: false };
    const { folder } = await pullSnapshot(repository, encoderFiles(repository), { environment });
    const asked = hub.seen.length;
    const { paths, snapshot, warnings, repositories } = await python('read', hub.endpoint);
    expect(hub.seen).toHaveLength(asked);
    expect(paths).toEqual(Object.fromEntries(Object.keys(FILES).map((name) => [name, join(folder, name)])));
    expect(realpathSync(snapshot!)).toBe(realpathSync(folder));
    expect({ warnings, repositories }).toEqual({
      warnings: [],
      repositories: [{ id: ID, bytes: 53_021, refs: ['main'] }],
    });
  });

  test('what one began the other goes on with', async () => {
    const hub = await startHub(SERVED);
    await python('download', hub.endpoint);
    hub.repositories[0] = {
      ...SERVED,
      files: { ...FILES, 'tokenizer_config.json': Buffer.from('{}') },
      commit: 'f'.repeat(40),
    };
    const environment = { endpoint: hub.endpoint, cache, token: null, offline: false };
    expect(await pullSnapshot(repository, encoderFiles(repository), { environment })).toMatchObject({ fetched: 2 });
  });
});
