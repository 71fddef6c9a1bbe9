import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startHub } from '../../../test/support/hubServer.ts';
import { resolveEncoder } from './encoderFolder.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

const start = process.cwd();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-encoder-'));
});
afterEach(async () => {
  process.chdir(start);
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A Hub with a model of this architecture, as the only one that korex sees. */
async function hubWith(architecture: string) {
  const config = { model_type: architecture, vocab_size: 10, hidden_size: 4, num_hidden_layers: 1 };
  const rest = { num_attention_heads: 1, intermediate_size: 4, max_position_embeddings: 8, pad_token_id: 1 };
  const files = {
    'config.json': Buffer.from(JSON.stringify({ ...config, ...rest })),
    'tokenizer.json': Buffer.from('{}'),
    'model.safetensors': Buffer.alloc(2_000),
  };
  const hub = await startHub({ id: 'org/encoder', commit: COMMIT, files });
  for (const [name, value] of Object.entries({ HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: folder, HF_TOKEN: '' }))
    vi.stubEnv(name, value);
  return hub;
}

test('an encoder of the Hub is downloaded once, and then taken from the cache', async () => {
  const hub = await hubWith('bert');
  const snapshot = join(folder, 'models--org--encoder', 'snapshots', COMMIT);
  expect(await resolveEncoder('org/encoder')).toBe(snapshot);
  hub.seen.length = 0;
  expect(await resolveEncoder('org/encoder')).toBe(snapshot);
  expect(await resolveEncoder(`org/encoder@${COMMIT}`)).toBe(snapshot);
  expect(hub.seen).toEqual([]);
});

test('a folder of that name goes before the Hub', async () => {
  const hub = await hubWith('bert');
  mkdirSync(join(folder, 'org', 'encoder'), { recursive: true });
  process.chdir(folder);
  expect(await resolveEncoder('org/encoder')).toBe('org/encoder');
  expect(hub.seen).toEqual([]);
});

test('an architecture that korex does not build is refused before its weights are fetched', async () => {
  const hub = await hubWith('gpt2');
  await expect(resolveEncoder('org/encoder')).rejects.toThrow(/config\.json: model_type/);
  expect(hub.seen.some(({ path }) => path.endsWith('.safetensors'))).toBe(false);
});

test('what is neither a folder nor a name is an error', async () => {
  await expect(resolveEncoder('no-such-encoder')).rejects.toMatchObject({
    kind: 'usage',
    message:
      '--encoder no-such-encoder: there is no such folder, and a name on the Hugging Face Hub reads ORG/NAME or ORG/NAME@REVISION.',
  });
  const file = join(folder, 'model.safetensors');
  writeFileSync(file, '');
  await expect(resolveEncoder(file)).rejects.toThrow('is a file; expected the folder that holds it');
});
