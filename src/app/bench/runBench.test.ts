import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lacksPython } from '../../../test/support/needs.ts';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { silentReporter } from '../../base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../../base/core/settings.ts';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../../base/data/relations.ts';
import { saveRelationModel } from '../../engine/nn/relationModel.ts';
import { parseBenchOptions } from './options.ts';
import { openScript, SCRIPTS } from './peers/python.ts';
import { openTorchSteps } from './peers/torchSteps.ts';
import { resultSchema } from './result.ts';
import { runBench } from './runBench.ts';
import { openShape } from './shapes.ts';
import { fullBatches, syntheticSentence } from './syntheticRows.ts';
import { openTrainingSide } from './trainingSide.ts';

const signal = new AbortController().signal;
let folder: string;
let encoder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-bench-test-'));
  encoder = join(folder, 'tiny');
  await writeTinyEncoder(encoder);
});
afterAll(() => rm(folder, { recursive: true }));

const bench = (given: Record<string, string>, changes: Partial<typeof DEFAULT_SETTINGS> = {}) =>
  runBench({
    settings: { ...DEFAULT_SETTINGS, encoder, out: folder, batchSize: 4, threads: 1, ...changes },
    options: parseBenchOptions({ length: '12', repeat: '2', ...given }),
    typed: ['bench'],
    self: [process.execPath],
    reporter: silentReporter,
    signal,
  });

const task = {
  marker: 'entity',
  head: 'cls',
  maxLength: 32,
  labelSet: { labels: KLUE_LABELS, noRelation: 'no_relation' },
  entityTypes: KLUE_ENTITY_TYPES,
} as const;

test('step: finite figures, in a file of the schema', async () => {
  const [result] = await bench({ only: 'step' });
  expect(result).toMatchObject({ part: 'step', shape: 'tiny', facts: { batch: 4, length: 12, threads: 1 } });
  expect(result!.figures.map(({ system, value }) => [system, value.samples.length])).toEqual([['korex', 4]]);
  expect(result!.figures[0]!.value.min).toBeGreaterThan(0);
  const written = JSON.parse(await readFile(join(folder, 'bench', 'step-tiny.json'), 'utf8'));
  expect(resultSchema.parse(written)).toEqual(result);
});

test('a folder with a trained model is measured as it is, head included', async () => {
  const model = await openShape(encoder, task, 1);
  const trained = join(folder, 'trained');
  await saveRelationModel(trained, model);
  const opened = await openShape(trained, { ...task, marker: 'entity-punct' }, 2);
  expect(opened.task.marker).toBe('entity');
  for (const [name, weight] of model.weights) expect(opened.weights.get(name)).toEqual(weight);
  await expect(openShape(trained, task, 2, 1)).rejects.toMatchObject({ kind: 'usage' });
  for (const shape of [encoder, '12x384'])
    expect((await openShape(shape, task, 1, 1)).spec.config.num_hidden_layers).toBe(1);
});

test('matmul: the products of the step, and shares that add up to the step', async () => {
  const [result] = await bench({ only: 'matmul' });
  const [products, operators] = result!.details;
  expect(products!.rows.map(({ product }) => product)).toContain('4×16 · (16×16)ᵀ');
  const shares = operators!.rows.map(({ share }) => Number.parseFloat(String(share)));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThan(97);
  expect(result!.facts.share_of_stand_alone_rate).toBeGreaterThan(0);
});

test('optimizer: steps on all cores beside steps on one, with the same losses', async () => {
  const [result] = await bench({ only: 'optimizer', repeat: '2', warmup: '1' }, { threads: 2 });
  expect(result!.figures.map(({ system }) => system)).toEqual(['korex', 'korex, optimizer on one core']);
  expect(result!.facts.steps_with_another_loss).toBe(0);
  await expect(bench({ only: 'optimizer' }, { threads: 1 })).rejects.toMatchObject({ kind: 'usage' });
});

test('device: a step takes batches there and two numbers back', async () => {
  const [result] = await bench({ only: 'device' });
  const [sent, returned, operators] = result!.figures;
  expect(returned!.value.median).toBe(8 / 1024);
  expect(sent!.value.median).toBeLessThan(10);
  expect(operators).toMatchObject({ unit: 'operators/step', value: { median: expect.any(Number) } });
  const counted = result!.details[0]!.rows.reduce((sum, { calls }) => sum + Number(calls), 0);
  expect(counted).toBe(operators!.value.median);
  expect(result!.facts.stays_on_device_mib).toBeGreaterThan(0);
});

test('pairs: all pairs of sentences in one pass, and each in its own', async () => {
  const data = fileURLToPath(new URL('../../../data/paragraphs/paragraphs.jsonl', import.meta.url));
  const [result] = await bench({ only: 'pairs', repeat: '1' }, { data });
  expect(result).toMatchObject({ part: 'pairs', facts: { sentences: 20 } });
  const [shared, single] = result!.figures;
  expect([shared!.unit, shared!.system, single!.system]).toEqual([
    'sentences/s',
    'shared pass, fp32',
    'pair by pair, fp32',
  ]);
  expect(single!.ratio!.median).toBeGreaterThan(0);
});

test('text: entities and relations of sentences with the models in the box', async () => {
  const all = await readFile(new URL('../../../data/paragraphs/paragraphs.jsonl', import.meta.url), 'utf8');
  const data = join(folder, 'paragraphs.jsonl');
  await writeFile(data, all.split('\n').slice(0, 3).join('\n'));
  const [result] = await bench({ only: 'text', repeat: '1' }, { data, precision: 'int8' });
  expect(result!.figures.map(({ system, unit }) => [system, unit])).toEqual([['korex int8', 'sentences/s']]);
  expect(result!.facts).toMatchObject({ models: 'korex-entities, korex-small', pairs: expect.any(Number) });
  expect(result!.details).toEqual([]);
});

test('inference, modes and an epoch on the sample’s rows', async () => {
  const rows = { trainRows: 100, evalRows: 30 };
  const results = await bench(
    { only: 'inference,modes,epoch', repeat: '1', sizes: '5,12', quality: '2', trainerSteps: '2' },
    rows,
  );
  expect(results.map(({ part }) => part)).toEqual(['inference', 'modes', 'epoch']);
  for (const { figures } of results)
    for (const { value } of figures) expect(value.samples.every(Number.isFinite)).toBe(true);
  const [inference, modes, epoch] = results;
  const operators = inference!.details.find(({ title }) => title.includes('by operator'))!.rows;
  expect(operators.find(({ operator }) => operator === 'MatMulIntegerToFloat')).toMatchObject({ fp32: null });
  expect(operators.at(-1)).toMatchObject({ operator: '(all)', int8: expect.any(Number) });
  expect(epoch!.figures.map(({ system }) => system)).toEqual(['korex']);
  expect(inference!.details.at(-1)!.rows.map((row) => row.rows)).toEqual([5, 12]);
  expect(modes!.figures.filter(({ unit }) => unit === 'macro-F1').length).toBeGreaterThan(2);
});

test('entities: sentences a second of the model in the box, in 32 bits and in 8', async () => {
  const [result] = await bench({ only: 'entities', repeat: '1' }, { evalRows: 30 });
  expect(result!.figures.map(({ system, unit }) => [system, unit])).toEqual([
    ['korex fp32', 'rows/s'],
    ['korex int8', 'rows/s'],
  ]);
  expect(result!.facts).toMatchObject({ model: 'korex-entities' });
});

test('wrong options say what they take; so do systems that nothing is measured against', async () => {
  expect(() => parseBenchOptions({ only: 'setp' })).toThrow('--only is "setp"');
  expect(() => parseBenchOptions({ trainerSteps: '0' })).toThrow('--trainer-steps');
  await expect(bench({ only: 'step', against: 'trainer' })).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('--only epoch'),
  });
  await expect(bench({ only: 'step', against: 'pytorch', python: '/no/python' })).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('pip install'),
  });
});

test('synthetic rows are the same each time; lengths spread like sentences', async () => {
  const { spec } = await openShape(encoder, task, 1);
  const rows = Array.from({ length: 400 }, (_, index) => syntheticSentence(spec, 42, index));
  expect(syntheticSentence(spec, 42, 7)).toEqual(rows[7]);
  const lengths = rows.map(({ ids }) => ids.length).sort((a, b) => a - b);
  expect(lengths[200]).toBeGreaterThan(50);
  expect(lengths[200]).toBeLessThan(70);
  expect(lengths[0]).toBeGreaterThanOrEqual(16);
  expect(lengths.at(-1)).toBeLessThanOrEqual(256);
});

const lacksTorch = lacksPython(...SCRIPTS['torch_steps.py']);

test.skipIf(lacksTorch)(
  'PyTorch has the same model and batches (needs python3 with torch): equal losses, step by step',
  async () => {
    const model = await openShape(encoder, task, 1);
    const batches = fullBatches(model.spec, { batches: 3, size: 4, length: 12, seed: 42 });
    const context = {
      scratch: folder,
      threads: 1,
      openScript: (script: keyof typeof SCRIPTS) => openScript('python3', script, signal),
    };
    const torch = await openTorchSteps(context, model, batches, 0);
    const ours = await openTrainingSide(model, 0, { device: 'cpu', threads: 1 });
    try {
      for (const [index, batch] of batches.entries())
        expect((await ours.step(batch)).loss).toBeCloseTo((await torch.step(index, 'fp32')).loss, 5);
      expect(await torch.peak()).toBeGreaterThan(1e6);
    } finally {
      await ours.release();
      await torch.close();
    }
  },
);

test.skipIf(lacksTorch)(
  'PyTorch’s products and operators stand beside korex’s (needs python3 with torch)',
  async () => {
    const [result] = await bench({ only: 'matmul', against: 'pytorch', repeat: '1' });
    expect(result!.figures.map(({ system }) => system)).toContain('the same by PyTorch, each alone');
    const [products, , operators] = result!.details;
    expect(products!.rows.every((row) => Number(row['PyTorch, GFLOP/s alone']) >= 0)).toBe(true);
    expect(operators!.rows.map(({ operator }) => operator)).toContain('aten::addmm');
  },
);
