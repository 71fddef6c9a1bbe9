import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentReporter } from '../../base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../base/core/settings.ts';
import type { Dataset } from '../../base/core/types.ts';
import { loadDataset } from '../../base/data/loadDataset.ts';
import { designSection } from '../report/sections/design.ts';
import { selectionSection } from '../report/sections/selection.ts';
import { designStage } from './design.ts';
import { edaStage } from './eda.ts';
import { selectionStage } from './selection.ts';

const out = mkdtempSync(join(tmpdir(), 'korex-stages-'));
const settings: Settings = { ...DEFAULT_SETTINGS, out, trainRows: 120, evalRows: 60, encoderLayers: 1 };
const context = (dataset: Dataset) => ({
  settings,
  dataset,
  out,
  reporter: silentReporter,
  signal: new AbortController().signal,
});
let dataset: Dataset;

beforeAll(async () => {
  dataset = await loadDataset(settings, silentReporter);
  for (const stage of [edaStage, designStage, selectionStage]) await stage.run(context(dataset));
}, 60_000);
afterAll(() => rmSync(out, { recursive: true }));

const read = (path: string) => readFileSync(join(out, path), 'utf8');

test('stage 03 leaves the flow, the trace and the API', () => {
  expect(readdirSync(join(out, designStage.folder)).sort()).toEqual([
    'flow.en.svg',
    'flow.svg',
    'openapi.json',
    'trace.json',
  ]);
  const { preprocess, inference, postprocess, output, model, input } = JSON.parse(
    read(`${designStage.folder}/trace.json`),
  );
  expect(input.guid).toBe(dataset.test[0]!.guid);
  expect(model).toMatchObject({ encoder: 'bundled', layers: 1, marker: 'entity', head_trained: false });
  expect(preprocess.tokens).toHaveLength(preprocess.ids.length);
  expect([preprocess.tokens[preprocess.subject_start], preprocess.tokens[preprocess.object_start]]).toEqual([
    '[E1]',
    '[E2]',
  ]);
  expect(inference.logits).toHaveLength(30);
  const probabilities: { relation: string; probability: number }[] = postprocess.probabilities;
  expect(probabilities.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
  expect(probabilities[postprocess.label_id]).toEqual({ relation: output.relation, probability: output.confidence });
  expect(output.confidence).toBe(Math.max(...probabilities.map(({ probability }) => probability)));
});

test('stage 03 gives the same bytes again', async () => {
  const before = read(`${designStage.folder}/trace.json`);
  await designStage.run(context(dataset));
  expect(read(`${designStage.folder}/trace.json`)).toBe(before);
});

test('stage 04 leaves the ranking, its table and figures, and the speed in a file of its own', () => {
  expect(readdirSync(join(out, selectionStage.folder)).sort()).toEqual([
    'candidate_scores.en.svg',
    'candidate_scores.svg',
    'candidates.csv',
    'measured_speed.json',
    'quality_cost.en.svg',
    'quality_cost.svg',
    'selection.json',
  ]);
  const selection = read(`${selectionStage.folder}/selection.json`);
  expect(JSON.parse(selection).selected).toBe('klue/roberta-base');
  expect(selection.includes('rows_per_second')).toBe(false);
  const speed = JSON.parse(read(`${selectionStage.folder}/measured_speed.json`));
  expect(speed).toMatchObject({ encoder: 'bundled', layers: 1, rows: 60 });
  expect(read(`${selectionStage.folder}/candidates.csv`).trim().split('\n')).toHaveLength(12);
});

test.each(['ko', 'en'] as const)('both sections of the report, %s', async (lang) => {
  for (const section of [designSection, selectionSection]) {
    const markdown = await section(out, lang);
    expect(markdown).toMatch(/^## [34]\. /);
    expect(markdown).not.toMatch(/NaN|undefined|Infinity|\[object/);
    const figures = [...markdown.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((match) => match[1]!);
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) expect(existsSync(resolve(join(out, 'report'), figure)), figure).toBe(true);
  }
});
