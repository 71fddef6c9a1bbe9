import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BOXED_MODEL } from '../src/inference/predict/findModel.ts';
import { RelationExtractor } from '../src/inference/predict/relationExtractor.ts';
import { BOXED_FILES, boxedFiles } from './support/boxedFiles.ts';
import { lacksFolder } from './support/needs.ts';
import { runKorex } from './support/runKorex.ts';

// The relation model in the box: what it weighs and holds, what it answers, and how well where the official rows are at hand.

const { folder } = BOXED_MODEL;

test('it is complete, and small', () => {
  const { names, bytes } = boxedFiles(folder);
  expect(names).toEqual([...BOXED_FILES, 'calibration.json'].sort());
  expect(bytes).toBeLessThan(32e6);
});

test('its card names the licences and the command', () => {
  const card = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(card).toContain('license: cc-by-sa-4.0');
  expect(card).toContain('intfloat/multilingual-e5-small');
  expect(card).toContain('KLUE-RE v1.1, CC BY-SA 4.0');
  expect(card).toContain('korex train --data klue --train-rows 12000 --text-data pairs_train.jsonl,text_train.jsonl');
});

describe.each(['fp32', 'int8'] as const)('%s', (precision) => {
  let extractor: RelationExtractor;
  beforeAll(async () => {
    extractor = await RelationExtractor.load(null, { precision });
  });
  afterAll(() => extractor.release());

  test.each([
    ['이순신은 1545년 한성에서 태어났다.', '이순신/PER', '1545년/DAT', 'per:date_of_birth'],
    ['한빛전자는 2011년 서지우가 세운 회사이다.', '한빛전자/ORG', '서지우/PER', 'org:founded_by'],
    ['한빛전자는 2011년 서지우가 세운 회사이다.', '한빛전자/ORG', '2011년/DAT', 'org:founded'],
  ])('%s %s %s', async (sentence, subject, object, relation) => {
    const entity = (text: string) => ({ word: text.split('/')[0]!, type: text.split('/')[1]! });
    const answer = await extractor.predict({ sentence, subject: entity(subject), object: entity(object) });
    expect([answer.relation, answer.decision]).toEqual([relation, 'relation']);
  });
});

const official = process.env.KOREX_KLUE_DIR;

test.skipIf(lacksFolder('KOREX_KLUE_DIR'))(
  'official dev rows (KOREX_KLUE_DIR): its figures, and 8 bits against 32',
  { timeout: 600_000 },
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'korex-boxed-'));
    const answers = async (precision: string) => {
      const args = ['evaluate', '--data', join(official!, 'klue-re-v1.1_dev.json'), '--precision', precision];
      const { code, out: printed, err } = await runKorex([...args, '--out', join(out, precision), '--json']);
      if (code !== 0) throw new Error(err);
      const { folder: written, metrics } = JSON.parse(printed);
      const lines = readFileSync(join(written, 'predictions.jsonl'), 'utf8').trimEnd().split('\n');
      return { metrics, labels: lines.map((line) => JSON.parse(line).label as string) };
    };
    try {
      const [full, small] = [await answers('fp32'), await answers('int8')];
      for (const { metrics } of [full, small]) {
        expect(metrics.accuracy).toBeGreaterThanOrEqual(0.72);
        expect(metrics.macro_f1).toBeGreaterThanOrEqual(0.48);
        expect(metrics.micro_f1).toBeGreaterThanOrEqual(0.575);
        expect(metrics.auprc).toBeGreaterThanOrEqual(0.569);
      }
      const same = full.labels.filter((label, row) => label === small.labels[row]).length;
      expect(same / full.labels.length).toBeGreaterThanOrEqual(0.985);
      expect(Math.abs(full.metrics.micro_f1 - small.metrics.micro_f1)).toBeLessThanOrEqual(0.005);
      expect(Math.abs(full.metrics.macro_f1 - small.metrics.macro_f1)).toBeLessThanOrEqual(0.015);
    } finally {
      await rm(out, { recursive: true });
    }
  },
);
