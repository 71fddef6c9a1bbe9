import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleSides, somePlan, writeFinishedRun } from '../../../../test/support/runFolders.ts';
import { runKorex } from '../../../../test/support/runKorex.ts';
import { writeTinyEncoder } from '../../../../test/support/tinyEncoder.ts';
import { createRelationModel, saveRelationModel } from '../../../engine/nn/relationModel.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { analysisSchema } from '../../../study/analysis/schema.ts';
import { ANALYSIS_FOLDER } from '../../../study/stages/analysis/analysisFiles.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-analyze-'));
  const sample = await sampleSides(out, 90);
  await writeFinishedRun(out, 'bare', sample, { skill: 0.5, plan: somePlan() });
  await writeFinishedRun(out, 'tiny', sample, { skill: 0.7, plan: somePlan(), isCalibrated: true });
  const { labelSet, entityTypes } = sample;
  const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes } as const;
  await writeTinyEncoder(join(out, 'encoder'));
  const model = await createRelationModel(join(out, 'encoder'), task, { layers: null, seed: 5 });
  await saveRelationModel(join(out, TRAINING_FOLDER, 'tiny', 'best'), model);
}, 60_000);
afterAll(() => rm(out, { recursive: true }));

const analyze = (...args: string[]) =>
  runKorex(['analyze', '--out', out, '--eval-rows', '90', '--threads', '1', ...args]);

test('the newest run, with everything that its model can tell, the same each time', async () => {
  const { code, out: printed } = await analyze('--json');
  expect(code).toBe(0);
  const { folder, ...rest } = JSON.parse(printed) as { folder: string };
  const analysis = analysisSchema.parse(rest);
  expect(analysis).toMatchObject({
    run: 'tiny',
    left_out: [],
    dataset: { test_rows: 90 },
    training: { as_trained: false },
  });
  expect(analysis.calibration.temperature).toBe(1.4);
  expect(analysis.taxonomy.reduce((sum, { count }) => sum + count, 0)).toBe(analysis.errors);
  expect(analysis.shortcuts!.rows).toBe(90);
  expect(analysis.neighbours!.errors).toBe(analysis.errors);
  expect(analysis.neighbours!.cases[0]!.neighbours).toHaveLength(3);
  const file = join(folder, 'error_analysis.json');
  expect(analysisSchema.parse(JSON.parse(await readFile(file, 'utf8')))).toEqual(analysis);
  const first = await readFile(file, 'utf8');
  expect((await analyze()).code).toBe(0);
  expect(await readFile(file, 'utf8')).toBe(first);
  expect((await readdir(folder)).filter((name) => name.endsWith('.svg'))).toHaveLength(8);
}, 60_000);

test('a run whose weights are gone, for people', async () => {
  const { code, out: printed } = await analyze('--run', 'bare', '--lang', 'en');
  expect(code).toBe(0);
  expect(printed).toContain('false relation');
  expect(printed).toContain('Left out: shortcuts, neighbours');
  expect(printed).toContain(join(ANALYSIS_FOLDER, 'bare'));
});

test('a model answers the test rows of --data first', async () => {
  const { code, out: printed } = await analyze('--model', join(out, TRAINING_FOLDER, 'tiny'), '--json');
  expect(code).toBe(0);
  // Untrained: it has not the answers that the run's files hold.
  expect(JSON.parse(printed)).toMatchObject({ run: 'tiny', left_out: [], training: { as_trained: false } });
}, 60_000);

test.each([
  ['two things to analyse', ['--run', 'tiny', '--model', 'tiny'], 'Pass one of them'],
  ['no evaluated run of that name', ['--run', 'other'], 'bare, tiny'],
  ['are not of the 60 test rows', ['--run', 'tiny', '--eval-rows', '60'], '--eval-rows'],
])('%s', async (message, args, hint) => {
  const { code, err } = await analyze(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).toContain(hint);
});

test('without any run, it says how to make one', async () => {
  const { code, err } = await runKorex(['analyze', '--out', join(out, 'nothing')]);
  expect(code).toBe(2);
  expect(err).toContain('no fine-tuned run');
  expect(err).toContain('npm start');
});
