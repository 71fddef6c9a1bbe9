import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEntityFile } from '../src/base/data/entities/readEntities.ts';
import { loadTokenizer } from '../src/base/text/loadTokenizer.ts';
import { createSentenceEncoder } from '../src/base/text/sentenceEncoder.ts';
import { evaluateRecognizer } from '../src/inference/extract/evaluateRecognizer.ts';
import { reachableEntities } from '../src/inference/extract/reachableEntities.ts';
import type { EntityRecognizer } from '../src/inference/extract/recognizer.ts';
import { loadTokenRecognizer } from '../src/inference/extract/tokenRecognizer.ts';
import { BOXED_ENTITIES, findModel } from '../src/inference/predict/findModel.ts';
import { BOXED_FILES, boxedFiles } from './support/boxedFiles.ts';
import { lacksFolder } from './support/needs.ts';

// The model in the box that finds entities: what it weighs and holds, what it finds, and how well where the sentences are at hand.

// Somewhat below what docs/entities.md says.
const MEASURED = { news: 0.74, encyclopedia: 0.67, places: 0.73, types: 0.65 };

const { folder } = BOXED_ENTITIES;
const given = process.env.KOREX_ENTITIES_DIR ?? '';
const klue = process.env.KOREX_KLUE_DIR ?? '';

let recognizer: EntityRecognizer;
beforeAll(async () => {
  recognizer = await loadTokenRecognizer(BOXED_ENTITIES, { device: 'cpu', threads: 2 });
});
afterAll(() => recognizer.release());

test('it is complete, at most 24 MB, and found by its name', async () => {
  const { names, bytes } = boxedFiles(folder);
  expect(names).toEqual(BOXED_FILES);
  expect(bytes).toBeLessThanOrEqual(24e6);
  expect(await findModel('korex-entities', 'nowhere')).toEqual(BOXED_ENTITIES);
  expect(await findModel(null, 'nowhere', { task: 'entities' })).toEqual(BOXED_ENTITIES);
});

test('its card names the licence, what it derives from and the commands', () => {
  const card = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const words of ['license: cc-by-sa-4.0', 'intfloat/multilingual-e5-small', 'KLUE-NER', 'konne', 'korex train'])
    expect(card).toContain(words);
});

test.each([
  ['이순신은 1545년 한성에서 태어났다.', ['이순신/PER', '1545년/DAT', '한성/LOC']],
  ['삼성전자는 지난해 서울에서 직원 300명을 뽑았다.', ['삼성전자/ORG', '지난해/DAT', '서울/LOC', '300명/NOH']],
])('%s', async (sentence, expected) => {
  const [found] = await recognizer.recognize([sentence]);
  const words = found!.map(({ word, type }) => `${word}/${type}`);
  expect(words).toEqual(expect.arrayContaining(expected));
});

test.skipIf(lacksFolder('KOREX_ENTITIES_DIR'))(
  'at least 98 % of KLUE-NER’s entities begin and end with tokens (KOREX_ENTITIES_DIR)',
  async () => {
    const encoder = createSentenceEncoder({ tokenizer: await loadTokenizer(folder), maxLength: 512 });
    const sentences = await readEntityFile(join(given, 'klue-ner-v1.1_given.tsv'));
    const { entities, reached } = reachableEntities(encoder, sentences);
    expect(reached / entities).toBeGreaterThanOrEqual(0.98);
  },
  60_000,
);

test.skipIf(lacksFolder('KOREX_ENTITIES_DIR', 'KOREX_KLUE_DIR'))(
  'its figures on sentences that are for measuring alone (KOREX_ENTITIES_DIR, KOREX_KLUE_DIR)',
  async () => {
    const report = async (path: string) =>
      (await evaluateRecognizer(recognizer, await readEntityFile(path), { seed: 1 }))!;
    for (const [name, least] of [
      ['pairs_dev.jsonl', MEASURED.news],
      ['wiki_dev.jsonl', MEASURED.encyclopedia],
    ] as const)
      expect((await report(join(given, name))).all.f1).toBeGreaterThanOrEqual(least);
    const pairs = await report(join(klue, 'klue-re-v1.1_dev.json'));
    expect(pairs.boundaries.recall).toBeGreaterThanOrEqual(MEASURED.places);
    expect(pairs.all.recall).toBeGreaterThanOrEqual(MEASURED.types);
  },
  300_000,
);
