import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../../test/support/tinyEncoder.ts';
import { buildForward } from '../model.ts';
import { createRelationModel, loadRelationModel, type RelationModel, saveRelationModel } from '../relationModel.ts';
import { openQuantized } from './quantized.ts';

const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
const task = { marker: 'typed-punct', head: 'start-mean', maxLength: 64, labelSet, entityTypes: ['PER'] } as const;

let folder: string;
let model: RelationModel;
let graph: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-quantized-'));
  await writeTinyEncoder(join(folder, 'encoder'));
  model = await createRelationModel(join(folder, 'encoder'), task, { layers: null, seed: 5 });
  graph = buildForward(model.spec, model.weights, 'int8');
  await mkdir(join(folder, 'small/onnx'), { recursive: true });
  await saveRelationModel(join(folder, 'small'), model, { weights: false });
  await writeFile(join(folder, 'small/onnx/model_quantized.onnx'), graph);
});
afterAll(() => rm(folder, { recursive: true }));

test('a folder with nothing but the 8-bit graph is a model; quantised once more, its linear layers are the same', async () => {
  const opened = await loadRelationModel(join(folder, 'small'));
  expect(opened.notes).toEqual([]);
  expect([...opened.weights.keys()]).toEqual([...model.weights.keys()]);
  for (const [name, weight] of model.weights) {
    const found = opened.weights.get(name)!;
    const largest = weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const error = found.reduce((most, value, i) => Math.max(most, Math.abs(value - weight[i]!)), 0);
    expect(error, name).toBeLessThanOrEqual(largest / 127);
  }
  await mkdir(join(folder, 'again'), { recursive: true });
  const path = join(folder, 'again/model_quantized.onnx');
  await writeFile(path, buildForward(opened.spec, opened.weights, 'int8'));
  const again = await openQuantized(path);
  const name = 'bert.encoder.layer.0.output.dense.weight';
  const known = [...again.tensors.keys()].find((key) => key.endsWith('layer.0.output.dense.weight')) ?? name;
  expect(await again.read(known)).toEqual(opened.weights.get(known));
});

test('it is an encoder too, under a new head', async () => {
  const started = await createRelationModel(join(folder, 'small'), { ...task, head: 'cls' }, { layers: 1, seed: 5 });
  const name = [...started.weights.keys()].find((key) => key.endsWith('layer.0.output.dense.weight'))!;
  const opened = await loadRelationModel(join(folder, 'small'));
  expect(started.weights.get(name)).toEqual(opened.weights.get(name));
});

test('damaged files are refused with their path, never with a crash', async () => {
  const path = join(folder, 'damaged.onnx');
  const opens = async (bytes: Uint8Array) => {
    await writeFile(path, bytes);
    return openQuantized(path).then(
      async (file) => {
        for (const name of file.tensors.keys()) await file.read(name);
        return null;
      },
      (error: unknown) => error,
    );
  };
  expect(await opens(graph.subarray(0, graph.length >> 1))).toMatchObject({ kind: 'usage' });
  expect(await opens(new Uint8Array(0))).toMatchObject({ kind: 'usage', message: expect.stringContaining(path) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(graph.length - 1), fc.nat(255)), { maxLength: 8 }), async (changes) => {
      const bytes = graph.slice();
      for (const [at, value] of changes) bytes[at] = value;
      const error = await opens(bytes);
      if (error !== null) expect(error).toMatchObject({ kind: 'usage' });
    }),
    { numRuns: 60 },
  );
});
