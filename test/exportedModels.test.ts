import { readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoModelForSequenceClassification, AutoTokenizer, env, pipeline, Tensor } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeJson } from '../src/base/core/files.ts';
import type { LabelledExample } from '../src/base/core/types.ts';
import { softmax } from '../src/base/eval/softmax.ts';
import { loadRelationModel, type RelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { exportModel } from '../src/inference/export/exportModel.ts';
import { openClassifier } from '../src/inference/predict/classifier.ts';
import { lacksPython } from './support/needs.ts';
import { runPython } from './support/python.ts';
import { trainSmallModel } from './support/trainedModel.ts';

env.allowRemoteModels = false;
env.localModelPath = '/';

const CLASSIFIERS = 'test/fixtures/classifiers';
const TOKENIZER = 'test/fixtures/tokenizer/wordpiece';
const TEXTS = ['@ 가온 @은 # 나루 #에서 일한다', '# 누리 # 대표 @ 서린 @은 어제 제품을 소개했다'];

const device = { device: 'cpu', threads: 2 } as const;
const exporting = { force: false, licences: new Map<string, string>() };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-exported-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Logits (rows, labels) by transformers.js, a batch at a time. */
async function transformersJs(folder: string, texts: readonly string[], dtype: 'fp32' | 'q8'): Promise<number[][]> {
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const model = await AutoModelForSequenceClassification.from_pretrained(folder, { dtype, device: 'cpu' });
  const rows: number[][] = [];
  for (let start = 0; start < texts.length; start += 8) {
    const inputs = await tokenizer(texts.slice(start, start + 8), { padding: true, truncation: true });
    const { logits } = (await model(inputs)) as { logits: { tolist(): number[][] } };
    rows.push(...logits.tolist());
  }
  await model.dispose();
  return rows;
}

function expectClose(actual: readonly (readonly number[])[], expected: readonly ArrayLike<number>[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [row, values] of actual.entries())
    for (const [id, value] of values.entries()) expect(Math.abs(value - expected[row]![id]!)).toBeLessThan(1e-4);
}

const largest = (row: ArrayLike<number>): number => Array.from(row).indexOf(Math.max(...Array.from(row)));

describe('a model trained on the sample', () => {
  let folder: string;
  let model: RelationModel;
  let rows: readonly LabelledExample[];
  let texts: string[];
  let logits: readonly Float32Array[];

  beforeAll(async () => {
    const run = join(root, 'run');
    ({ model, rows } = await trainSmallModel(run, 'entity'));
    folder = join(root, 'trained');
    await exportModel({ folder: join(run, 'best'), name: 'trained' }, folder, exporting);
    const classifier = await openClassifier(model, device);
    const encoded = rows.map((row) => model.inputs.encode(row));
    texts = encoded.map(({ marked }) => marked.text);
    logits = await classifier.logits(encoded);
    await classifier.release();
  }, 120_000);

  test('has learned something', () => {
    const { labels } = model.task.labelSet;
    const right = rows.filter(({ label }, row) => labels[largest(logits[row]!)] === label).length;
    expect(right / rows.length).toBeGreaterThan(0.7);
  });

  test('gives the same logits in transformers.js', async () => {
    expectClose(await transformersJs(folder, texts, 'fp32'), logits);
  });

  test('gives the same labels with 8-bit weights, in transformers.js and here', async () => {
    const classifier = await openClassifier(model, device, 'int8');
    const quantized = await classifier.logits(rows.map((row) => model.inputs.encode(row)));
    await classifier.release();
    for (const answers of [quantized, await transformersJs(folder, texts, 'q8')]) {
      const same = answers.filter((answer, row) => largest(answer) === largest(logits[row]!)).length;
      expect(same / rows.length).toBeGreaterThanOrEqual(0.98);
    }
  });

  test('opens as a pipeline, which names the relations', async () => {
    const classify = await pipeline('text-classification', folder, { dtype: 'fp32', device: 'cpu' });
    const { labels } = model.task.labelSet;
    const expected = softmax(logits[0]!);
    const [answer] = (await classify([texts[0]!])) as { label: string; score: number }[];
    expect(answer!.label).toBe(labels[largest(expected)]);
    expect(answer!.score).toBeCloseTo(Math.max(...expected), 4);
  });
});

// Made with transformers by tools/fixtures/classifiers.py; expected.json has its logits for rows of ids.
describe('classifiers fine-tuned in Python, exported', () => {
  const names = readdirSync(CLASSIFIERS);
  const folderOf = (name: string) => join(root, `${name}-exported`);

  beforeAll(async () => {
    for (const name of names) {
      const [source, saved] = [join(root, name), join(root, `${name}-saved`)];
      for (const part of [join(CLASSIFIERS, name), TOKENIZER]) await cp(part, source, { recursive: true });
      await mkdir(saved);
      await saveRelationModel(saved, await loadRelationModel(source, 'entity-punct'));
      await exportModel({ folder: saved, name }, folderOf(name), exporting);
    }
  });

  test.each(names)('%s: transformers.js gives the logits of transformers', async (name) => {
    const expected = JSON.parse(await readFile(join(CLASSIFIERS, name, 'expected.json'), 'utf8')) as Expected;
    const options = { dtype: 'fp32', device: 'cpu' } as const;
    const model = await AutoModelForSequenceClassification.from_pretrained(folderOf(name), options);
    for (const [row, ids] of expected.rows.entries()) {
      const tensor = (values: readonly number[]) =>
        new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
      const inputs = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
      const { logits } = (await model(inputs)) as { logits: { tolist(): number[][] } };
      expectClose(logits.tolist(), [expected.logits[row]!]);
    }
    await model.dispose();
  });

  test.skipIf(lacksPython('torch', 'transformers'))(
    'all open in Python as AutoModelForSequenceClassification (needs python3 with torch and transformers)',
    async () => {
      const texts = join(root, 'texts.json');
      await writeJson(texts, TEXTS);
      const answers = JSON.parse(runPython('test/support/classify.py', texts, ...names.map(folderOf))) as Answer[];
      for (const [i, { labels, logits, problems }] of answers.entries()) {
        const folder = folderOf(names[i]!);
        expect(problems).toEqual({});
        expect(labels).toEqual((await loadRelationModel(folder)).task.labelSet.labels);
        expectClose(await transformersJs(folder, TEXTS, 'fp32'), logits);
      }
    },
    60_000,
  );
});

/** What test/support/classify.py says of a folder. */
interface Answer {
  readonly labels: string[];
  readonly logits: number[][];
  readonly problems: Record<string, string[]>;
}

interface Expected {
  readonly rows: number[][];
  readonly logits: number[][];
}
