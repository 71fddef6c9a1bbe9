import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hubEnvironment } from './environment.ts';

const NOWHERE = { HF_TOKEN_PATH: '/no/such/file' };

test('without variables: the public Hub, the usual cache', () => {
  expect(hubEnvironment(NOWHERE)).toEqual({
    endpoint: 'https://huggingface.co',
    cache: join(homedir(), '.cache', 'huggingface', 'hub'),
    token: null,
    offline: false,
  });
});

test('the cache, by the order in which Python looks', () => {
  const cacheOf = (variables: NodeJS.ProcessEnv) => hubEnvironment({ ...NOWHERE, ...variables }).cache;
  expect(cacheOf({ XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'huggingface', 'hub'));
  expect(cacheOf({ XDG_CACHE_HOME: '/x', HF_HOME: '~/hf' })).toBe(join(homedir(), 'hf', 'hub'));
  expect(cacheOf({ HF_HOME: '/hf', HUGGINGFACE_HUB_CACHE: '/old' })).toBe('/old');
  expect(cacheOf({ HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/new' })).toBe('/new');
});

test('the token: a variable, else the file that a login left', () => {
  const home = mkdtempSync(join(tmpdir(), 'korex-hf-home-'));
  const path = join(home, 'token');
  writeFileSync(path, 'stored\n');
  expect(hubEnvironment({ HF_HOME: home }).token).toEqual({ value: 'stored', origin: path });
  expect(hubEnvironment({ HF_HOME: home, HUGGING_FACE_HUB_TOKEN: 'old' }).token?.value).toBe('old');
  expect(hubEnvironment({ HF_HOME: home, HUGGING_FACE_HUB_TOKEN: 'old', HF_TOKEN: ' new ' }).token).toEqual({
    value: 'new',
    origin: 'HF_TOKEN',
  });
  rmSync(home, { recursive: true });
});

test('offline and another endpoint', () => {
  for (const value of ['1', 'on', 'YES', 'True']) expect(hubEnvironment({ HF_HUB_OFFLINE: value }).offline).toBe(true);
  for (const value of ['0', '', 'no']) expect(hubEnvironment({ HF_HUB_OFFLINE: value }).offline).toBe(false);
  expect(hubEnvironment({ HF_ENDPOINT: 'http://mirror/hf//' }).endpoint).toBe('http://mirror/hf');
  expect(() => hubEnvironment({ HF_ENDPOINT: 'mirror' })).toThrow('HF_ENDPOINT is "mirror"; expected a web address');
});
