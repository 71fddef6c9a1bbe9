import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { createRelationModel, type RelationModel, saveRelationModel } from '../../engine/nn/relationModel.ts';
import { packFile } from './packFile.ts';
import type { PackedFile, SiteManifest } from './siteManifest.ts';
import { buildPageGraph, checkSize, RUNTIME_FILE, type SiteOptions, writeSite } from './writeSite.ts';

const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG'] } as const;

let folder: string;
let model: RelationModel;
let found: { folder: string; name: string };
let options: SiteOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-site-'));
  await writeTinyEncoder(join(folder, 'encoder'));
  model = await createRelationModel(join(folder, 'encoder'), task, { layers: null, seed: 5 });
  found = { folder: join(folder, 'model'), name: 'tiny' };
  await mkdir(found.folder);
  await saveRelationModel(found.folder, model);
  // A page as Vite would have built it.
  const page = join(folder, 'built');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), 'page');
  await writeFile(join(page, 'assets', 'index.js'), 'script');
  await writeFile(join(page, RUNTIME_FILE), JSON.stringify(packFile('runtime/wasm', Buffer.from('wasm'), 9).file));
  options = { force: false, licences: new Map(), page };
});
afterAll(() => rm(folder, { recursive: true }));

/** A packed file's content, as a page puts it together. */
async function unpack(site: string, { parts }: PackedFile): Promise<Buffer> {
  const texts = await Promise.all(parts.map(({ path }) => readFile(join(site, path), 'utf8')));
  for (const [i, text] of texts.entries()) expect(text).toHaveLength(parts[i]!.bytes);
  const packed = texts.map((text) => Buffer.from(/^korexPart\("(.*)"\);\n$/.exec(text)![1]!, 'base64'));
  return gunzipSync(Buffer.concat(packed));
}

test('a folder with the page, the model in it, and what must be known of both', async () => {
  const site = join(folder, 'site');
  const { graph } = await writeSite(found, site, options);
  const files = (await readdir(site, { recursive: true })).filter((path) => !path.startsWith('data/'));
  expect(files.sort()).toEqual([
    ...['LICENSE.txt', 'NOTICE.txt', 'README.md', 'assets', 'assets/index.js', 'data', 'index.html'],
    'korex_site.json',
  ]);
  const script = await readFile(join(site, 'data/model.js'), 'utf8');
  const manifest = JSON.parse(/^globalThis\.korexModel = (.*);\n$/.exec(script)![1]!) as SiteManifest;
  expect(manifest.info).toMatchObject({ id: 'tiny', precision: 'int8', entity_types: ['PER', 'ORG'] });
  const onnx = Buffer.from(buildPageGraph(model.spec, model.weights));
  expect(graph).toBe(onnx.length);
  expect((await unpack(site, manifest.files.graph)).equals(onnx)).toBe(true);
  const tokenizer = JSON.parse((await unpack(site, manifest.files.tokenizer)).toString());
  expect(tokenizer).toEqual(model.inputs.tokenizer.files);
  expect(await readFile(join(site, 'README.md'), 'utf8')).toContain('# tiny');
});

test('replaces its own folders and empty ones, others only when forced', async () => {
  const site = join(folder, 'again');
  await mkdir(site);
  await writeSite(found, site, options);
  await writeSite(found, site, options);
  const other = join(folder, 'other');
  await mkdir(other);
  await writeFile(join(other, 'thesis.txt'), 'years of work');
  await expect(writeSite(found, other, options)).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('--force'),
  });
  expect(await readdir(other)).toEqual(['thesis.txt']);
  await writeSite(found, other, { ...options, force: true });
  expect(await readdir(other)).not.toContain('thesis.txt');
});

test('says how to get a page that is not built, and how large a model is too large', async () => {
  await expect(writeSite(found, join(folder, 'new'), { ...options, page: folder })).rejects.toMatchObject({
    kind: 'failed',
    hint: expect.stringContaining('npm run build'),
  });
  expect(() => checkSize('large', 341e6)).toThrow('The model large has 341 MB');
});

test('a file of several parts is cut where base64 can be cut', async () => {
  const content = Uint8Array.from({ length: 7_000_001 }, (_, i) => (i * i * 31) ^ (i >> 7));
  const { file, scripts } = packFile('data/x', content, 1);
  expect(scripts.length).toBeGreaterThan(1);
  for (const { text } of scripts.slice(0, -1)) expect(text).not.toContain('=');
  const site = join(folder, 'parts');
  await mkdir(join(site, 'data'), { recursive: true });
  for (const { path, text } of scripts) await writeFile(join(site, path), text);
  expect((await unpack(site, file)).equals(content)).toBe(true);
});
