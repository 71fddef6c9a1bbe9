import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { facts } from '../../../test/support/runFacts.ts';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { writeJson } from '../../base/core/files.ts';
import type { LabelledExample } from '../../base/core/types.ts';
import { createRelationModel, saveRelationModel } from '../../engine/nn/relationModel.ts';
import { CALIBRATION_FILE, loadCalibration } from '../../engine/runs/calibration.ts';
import { loadClassifier } from '../predict/classifier.ts';
import { fitCalibration } from '../predict/fitCalibration.ts';
import { exportModel } from './exportModel.ts';
import { readRunFacts } from './runFacts.ts';

const labelSet = { labels: ['no_relation', 'a'], noRelation: 'no_relation' };
const options = { force: false, licences: new Map<string, string>() };

let root: string;
let found: { folder: string; name: string };
const labelled = (label: string): LabelledExample => ({
  guid: label,
  sentence: '가나',
  subject: { word: '가', start: 0, end: 0, type: 'PER' },
  object: { word: '나', start: 1, end: 1, type: 'PER' },
  label,
  source: null,
});
const calibration = fitCalibration({
  labelSet,
  training: [labelled('a')],
  rowWeights: [1, 1],
  validation: [labelled('a'), labelled('no_relation'), labelled('a')],
  logits: [
    [0, 1],
    [1, 0],
    [1, 0],
  ],
});

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-export-'));
  await writeTinyEncoder(join(root, 'encoder'));
  const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER'] } as const;
  const model = await createRelationModel(join(root, 'encoder'), task, { layers: null, seed: 1 });
  found = { folder: join(root, 'run', 'best'), name: 'run' };
  await mkdir(found.folder, { recursive: true });
  await saveRelationModel(found.folder, model);
});
afterAll(() => rm(root, { recursive: true }));

test('a folder that korex opens again, with graphs and a card; the same bytes each time', async () => {
  const out = join(root, 'exported');
  const files = await exportModel(found, out, options);
  expect(files.map(({ path }) => path)).toEqual([
    'README.md',
    'config.json',
    'korex_export.json',
    'model.safetensors',
    'onnx/model.onnx',
    'onnx/model_quantized.onnx',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8')) as Record<string, unknown>;
  expect(config).toMatchObject({ id2label: { 0: 'no_relation', 1: 'a' }, label2id: { no_relation: 0, a: 1 } });
  const classifier = await loadClassifier(out, { device: 'cpu', threads: 1 });
  expect(classifier.model.task.labelSet).toEqual(labelSet);
  await classifier.release();

  const first = await readFile(join(out, 'onnx/model_quantized.onnx'));
  await writeJson(join(found.folder, CALIBRATION_FILE), calibration);
  await exportModel(found, out, options);
  expect(first.equals(await readFile(join(out, 'onnx/model_quantized.onnx')))).toBe(true);
  // What the training fitted goes along.
  expect(await loadCalibration(out)).toEqual(calibration);
});

test('the facts of the run are kept, so that an export of an export has them too', async () => {
  const summary = join(root, 'run', 'metrics_summary.json');
  await writeJson(summary, facts);
  await exportModel(found, join(root, 'exported'), options);
  await rm(summary);
  const exported = { folder: join(root, 'exported'), name: 'exported' };
  expect(await readRunFacts(exported.folder)).toEqual(facts);
  await exportModel(exported, join(root, 'again'), options);
  expect(await readFile(join(root, 'again/README.md'), 'utf8')).toContain('| accuracy | 0.7000 | 0.6500 … 0.7500 |');
  expect(await readRunFacts(found.folder)).toBeNull();
});

test('a folder of others stays as it is without --force', async () => {
  const out = join(root, 'thesis');
  await mkdir(out);
  await writeFile(join(out, 'chapter.txt'), 'mine');
  await expect(exportModel(found, out, options)).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('--force'),
  });
  expect(await readdir(out)).toEqual(['chapter.txt']);
  await exportModel(found, out, { ...options, force: true });
  expect(await readdir(out)).not.toContain('chapter.txt');
});

test('an export that is interrupted leaves what was there', async () => {
  const out = join(root, 'interrupted');
  await exportModel(found, out, options);
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(exportModel(found, out, { ...options, signal })).rejects.toThrow();
  expect(await readdir(join(out, 'onnx'))).toEqual(['model.onnx', 'model_quantized.onnx']);
  expect((await readdir(root)).filter((name) => name.startsWith('interrupted'))).toEqual(['interrupted']);
});

test('a small export has the 8-bit graph alone and opens as the model it was', async () => {
  const out = join(root, 'small');
  const files = await exportModel(found, out, { ...options, small: true });
  expect(files.map(({ path }) => path)).not.toContain('model.safetensors');
  expect(files.map(({ path }) => path).filter((path) => path.startsWith('onnx/'))).toEqual([
    'onnx/model_quantized.onnx',
  ]);
  const card = await readFile(join(out, 'README.md'), 'utf8');
  expect(card).toContain('onnx/model_quantized.onnx');
  expect(card).not.toContain('onnx/model.onnx');
  const [whole, small] = await Promise.all(
    [found.folder, out].map((folder) =>
      loadClassifier(folder, { device: 'cpu', threads: 1 }, { marker: null, precision: 'int8' }),
    ),
  );
  const rows = [labelled('a')];
  const [expected, actual] = [await whole!.predict(rows), await small!.predict(rows)];
  const wholeProbabilities = expected[0]!.probabilities!;
  for (const [i, value] of actual[0]!.probabilities!.entries()) expect(value).toBeCloseTo(wholeProbabilities[i]!, 4);
  await Promise.all([whole!.release(), small!.release()]);
});
