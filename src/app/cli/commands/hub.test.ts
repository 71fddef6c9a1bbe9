import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startHub } from '../../../../test/support/hubServer.ts';
import { runKorex } from '../../../../test/support/runKorex.ts';
import { findDataSource } from '../../../base/data/dataSource.ts';
import { KLUE_DATASET } from '../../../base/hub/klueDataset.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'korex-hub-commands-'));
  for (const [name, value] of Object.entries({ HF_HUB_CACHE: cache, HF_TOKEN: '', HF_TOKEN_PATH: join(cache, 'none') }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const korex = (...args: readonly string[]) => runKorex(args);

const ROWS = readFileSync('test/fixtures/data/hub.parquet');

test('data pull fetches the official rows, which --data klue then means', async () => {
  const files = {
    're/train-00000-of-00001.parquet': ROWS,
    're/validation-00000-of-00001.parquet': ROWS,
    'README.md': ROWS,
  };
  const hub = await startHub({ type: 'dataset', id: 'klue/klue', commit: KLUE_DATASET.revision, files });
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  const { code, out, err } = await korex('data', 'pull');
  const folder = join(cache, 'datasets--klue--klue', 'snapshots', KLUE_DATASET.revision, 're');
  expect({ code, out, err }).toEqual({
    code: 0,
    out: `KLUE-RE: 4 training rows, 4 dev rows\nFolder: ${folder}\nUse them: korex run --data klue\n`,
    err: '',
  });
  expect(await findDataSource('klue', 'train')).toEqual({
    name: 'klue',
    isFolder: true,
    train: join(folder, 'train-00000-of-00001.parquet'),
    test: join(folder, 'validation-00000-of-00001.parquet'),
  });
  hub.seen.length = 0;
  expect(JSON.parse((await korex('data', 'pull', '--json')).out)).toMatchObject({ train: 4, dev: 4, fetchedBytes: 0 });
  expect(hub.seen.filter(({ server }) => server === 'cdn')).toEqual([]);
});

test('data pull --text refuses sentences that are not those annotated, and --text-data klue says what is missing', async () => {
  const path = (task: string, side: string) => `${task}/${side}-00000-of-00001.parquet`;
  const files = Object.fromEntries(
    ['re', 'ner'].flatMap((task) => ['train', 'validation'].map((side) => [path(task, side), ROWS])),
  );
  const hub = await startHub({ type: 'dataset', id: 'klue/klue', commit: KLUE_DATASET.revision, files });
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  const { code, err } = await korex('data', 'pull', '--text');
  expect(code).toBe(2);
  expect(err).toContain('pairs_train.jsonl: the texts of 871 of 871 rows are not as they were annotated');
  expect(hub.seen.filter(({ server }) => server === 'cdn').length).toBeGreaterThan(0);
  const trained = await korex('train', '--text-data', 'klue', '--name', 'x', '--out', join(cache, 'out'));
  expect(trained.code).toBe(2);
  expect(trained.err).toContain('Get them with `korex data pull --text`.');
});

test('models list names the boxed, the compared and the cached encoders', async () => {
  const { code, out } = await korex('models', 'list');
  expect(code).toBe(0);
  expect(out.replaceAll(cache, 'CACHE')).toMatchInlineSnapshot(`
    "encoder                                   build        MB  licence       cached
    ────────────────────────────────────────  ─────────  ────  ────────────  ──────────
    klue/roberta-base (recommended)           12 × 768    442  CC BY-SA 4.0  no
    klue/roberta-small                        6 × 768     272  CC BY-SA 4.0  no
    klue/roberta-large                        24 × 1024  1347  CC BY-SA 4.0  no
    klue/bert-base                            12 × 768    442  CC BY-SA 4.0  no
    monologg/koelectra-base-v3-discriminator  12 × 768    449  Apache-2.0    no
    FacebookAI/xlm-roberta-base               12 × 768   1112  MIT           no
    google-bert/bert-base-multilingual-cased  12 × 768    711  Apache-2.0    no
    intfloat/multilingual-e5-small            12 × 384    471  MIT           no
    bundled                                   6 × 384      12  MIT           in the box
    encoder-ko-klue                           8 × 384      15  MIT           in the box
    korex-small                               6 × 384      24  CC BY-SA 4.0  in the box
    korex-entities                            8 × 384      24  CC BY-SA 4.0  in the box

    Cache: CACHE
    Download one: korex models pull klue/roberta-base
    "
  `);
});

test('words that are missing, wrong or too many', async () => {
  const told = async (...args: string[]) => {
    const { code, err } = await korex(...args);
    expect(code).toBe(2);
    return err;
  };
  expect(await told('models')).toBe('korex models needs one word more.\n`korex models --help` lists what it can do.\n');
  expect(await told('models', 'pul')).toBe("Unknown command 'pul'.\nDid you mean pull?\n");
  expect(await told('models', 'pull')).toContain("Missing required argument 'ORG/NAME[@REVISION]'.");
  expect(await told('models', 'pull', 'a/b', 'c/d')).toContain('Too many arguments');
  expect(await told('models', 'pull', 'roberta')).toContain('"roberta" is no name on the Hugging Face Hub');
});
