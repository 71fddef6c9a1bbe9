import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DryRun } from '../src/study/stages/training/dryRun.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-dry-run-test-'));
  await writeTinyEncoder(join(folder, 'encoder'));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(...args: string[]) {
  const options = ['--encoder', join(folder, 'encoder'), '--out', join(folder, 'out'), '--train-rows', '60'];
  return runKorex(['train', '--dry-run', ...options, ...args]);
}

test('shows plan and batches as the model sees them, and writes nothing', async () => {
  const { code, out } = await train('--name', 'look', '--marker', 'typed-punct', '--batch-size', '6');
  expect(code).toBe(0);
  expect(out).toContain('run look');
  expect(out).toContain('marker typed-punct');
  expect(out).toContain('batch 1 of step 1: 6 rows');
  expect(out).toContain('⟦▁@⟧');
  expect(out).toContain('… and 2 more rows');
  expect(out).toContain('Nothing was trained or written.');
  expect(await readdir(folder)).toEqual(['encoder']);
});

test('rows of one label are refused before anything is trained', async () => {
  const row = (i: number) => ({
    sentence: `가온${i}은 나루에서 일했다.`,
    subject_entity: { word: `가온${i}`, type: 'PER' },
    object_entity: { word: '나루', type: 'ORG' },
    label: 'per:employee_of',
  });
  const data = join(folder, 'one-label.json');
  await writeFile(data, JSON.stringify(Array.from({ length: 12 }, (_, i) => row(i))));
  const options = ['--encoder', join(folder, 'encoder'), '--out', join(folder, 'one'), '--data', data, '--name', 'x'];
  for (const dry of [['--dry-run'], []]) {
    const { code, err } = await runKorex(['train', ...options, ...dry]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('have the label "per:employee_of": there is nothing to tell apart'),
    ]);
  }
  await rm(data);
});

test('the batches are those of the training: tokens, padding, labels, learning rate', async () => {
  const { out } = await train('--name', 'look', '--batch-size', '5', '--accumulate', '2', '--warmup', '0', '--json');
  const { look } = (JSON.parse(out) as { runs: Record<string, DryRun> }).runs;
  const { plan, batches, trainRows, steps, stepsPerEpoch, memory } = look!;
  expect(stepsPerEpoch).toBe(Math.ceil(Math.ceil(trainRows / 5) / 2));
  expect(steps).toBe(stepsPerEpoch * plan.epochs);
  expect(memory).toBeGreaterThan(1e8);
  expect(batches.map(({ step }) => step)).toEqual([1, 1, 2]);
  expect(batches[0]!.lr).toBe(plan.lr);
  expect(batches[2]!.lr).toBeLessThan(plan.lr);
  for (const { rows, width } of batches)
    for (const { tokens, length, padding } of rows) {
      expect(length + padding).toBe(width);
      expect(tokens.slice(length).every(({ text }) => text === '<pad>')).toBe(true);
      const markers = (part: string) => tokens.filter((token) => token.part === part).map(({ text }) => text);
      expect(markers('subject-marker')).toEqual(['[E1]', '[/E1]']);
      expect(markers('object-marker')).toEqual(['[E2]', '[/E2]']);
      expect(markers('subject').length).toBeGreaterThan(0);
    }
});

test('with sampling, steps and batches are those of the drawn rows', async () => {
  const { out } = await train('--name', 'look', '--batch-size', '5', '--sampling', 'under', '--json');
  const { look } = (JSON.parse(out) as { runs: Record<string, DryRun> }).runs;
  expect(look!.epochRows).toBeLessThan(look!.trainRows);
  expect(look!.stepsPerEpoch).toBe(Math.ceil(look!.epochRows / 5));
  const { out: text } = await train('--name', 'look', '--batch-size', '5', '--sampling', 'under');
  expect(text).toContain(`${look!.epochRows} rows and ${look!.stepsPerEpoch} steps an epoch`);
});

test('rows made from others are marked, and a question stands before each sentence', async () => {
  const args = [
    '--name',
    'look',
    '--augment',
    'delete,swap',
    '--augment-share',
    '1',
    '--batch-size',
    '12',
    '--question',
  ];
  const { out } = await train(...args);
  expect(out).toMatch(/\d+ training rows \(of these made from others: (delete|swap) \d+, (delete|swap) \d+\)/);
  expect(out).toMatch(/~(delete|swap)-1 .* tokens {2}augmented: (delete|swap)\n/);
  const { look } = (JSON.parse((await train(...args, '--json')).out) as { runs: Record<string, DryRun> }).runs;
  const { trainRows, augmentedRows, batches } = look!;
  expect(augmentedRows.delete! + augmentedRows.swap!).toBe(trainRows / 2);
  const rows = batches.flatMap((batch) => batch.rows);
  expect(rows.some(({ augmentation }) => augmentation === null)).toBe(true);
  for (const { guid, augmentation, tokens } of rows) {
    expect(augmentation).toBe(/~(\w+)-\d+$/.exec(guid)?.[1] ?? null);
    const texts = tokens.map(({ text }) => text);
    expect(texts.indexOf('[E1]')).toBeGreaterThan(texts.indexOf('</s>'));
    expect(texts.filter((text) => text === '</s>')).toHaveLength(3);
  }
});

test.each([
  [['--freeze-layers', '2'], '--freeze-layers 2 is more than the 1 layers'],
  [['--lora-rank', '17'], '--lora-rank 17 is more than'],
  [['--max-length', '4096'], '--max-length 4096 is more than'],
  [['--sampling', 'over', '--logit-adjust', '1'], '--logit-adjust 1 and --sampling over cannot be combined'],
  [['--seeds', '1,2'], '--seeds needs --name'],
  [['--augment', 'mixup'], 'augment (--augment) is "mixup"; expected entity | inverse | delete | swap'],
  [['--augment', 'swap,swap'], 'augment (--augment) is "swap,swap"'],
  [['--augment', 'swap', '--augment-share', '0'], 'augmentShare (--augment-share) is 0; expected 0 < … ≤ 10'],
])('what cannot be trained is told before any weight is read: %j', async (args, message) => {
  const { code, err } = await train(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
