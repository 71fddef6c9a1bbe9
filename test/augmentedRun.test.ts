import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRows } from '../src/base/data/loadRows.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// The whole path of a run with a question and rows made from others: train, its files, evaluate, predict.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-augmented-'));
  await writeTinyEncoder(join(folder, 'encoder'));
});
afterAll(() => rm(folder, { recursive: true }));

async function korex(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await runKorex([...args, '--out', join(folder, 'out'), '--json']);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Record<string, unknown>;
}

const ENCODER = (): string[] => ['--encoder', join(folder, 'encoder')];
const FEW = ['--eval-rows', '40', '--threads', '1'];

test('the summary counts the rows made, their file can be read again, and the model answers as it was evaluated', async () => {
  const techniques = ['--augment', 'entity,inverse,delete,swap', '--augment-share', '0.5', '--question'];
  const small = ['--train-rows', '80', '--epochs', '1', '--lr', '0.01'];
  await korex('train', '--name', 'asked', ...ENCODER(), ...small, ...techniques, ...FEW);
  const run = join(folder, 'out', '06_klue_re_training', 'asked');
  const summary = JSON.parse(await readFile(join(run, 'metrics_summary.json'), 'utf8')) as {
    trained_rows: number;
    augmented_rows: Record<string, number>;
    metrics: { accuracy: number };
    plan: unknown;
  };
  expect(summary.plan).toMatchObject({ question: true, augment: 'entity,inverse,delete,swap', augmentShare: 0.5 });
  const made = Object.values(summary.augmented_rows).reduce((sum, count) => sum + count, 0);
  expect(made).toBe(Math.round(summary.trained_rows / 2));
  const { rows } = await loadRows(join(run, 'augmented_rows.jsonl'));
  expect(rows).toHaveLength(made);
  expect(rows.every(({ source }) => source?.startsWith('augmented:'))).toBe(true);

  const evaluated = await korex('evaluate', '--model', 'asked', ...FEW);
  expect(evaluated.metrics).toMatchObject({ accuracy: summary.metrics.accuracy });
  const entities = ['--subject', '비틀즈/ORG', '--object', '조지 해리슨/PER'];
  const answer = await korex(
    'predict',
    '--model',
    'asked',
    ...entities,
    '--sentence',
    '조지 해리슨이 쓰고 비틀즈가 부른 곡',
  );
  expect(answer).toHaveProperty('relation');
});

test('a technique that can make no row of the rows is refused', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    guid: `r${i}`,
    sentence: `약${i} 병${i}`,
    subject_entity: { word: `약${i}`, start_idx: 0, end_idx: `${i}`.length, type: 'DRUG' },
    object_entity: {
      word: `병${i}`,
      start_idx: `약${i} `.length,
      end_idx: `약${i} 병${i}`.length - 1,
      type: 'DISEASE',
    },
    label: i % 2 === 0 ? 'treats' : 'causes',
  }));
  const data = join(folder, 'rows.json');
  await writeFile(data, JSON.stringify(rows));
  for (const technique of ['inverse', 'delete,swap']) {
    const args = ['train', '--name', 'none', '--data', data, '--augment', technique, ...ENCODER()];
    const { code, err } = await runKorex([...args, '--out', join(folder, 'refused')]);
    expect(code).toBe(2);
    expect(err).toContain(`--augment ${technique} makes no rows of these training rows.`);
  }
});
