import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeJson } from '../src/base/core/files.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import {
  createRelationModel,
  loadRelationModel,
  type RelationModel,
  saveRelationModel,
} from '../src/engine/nn/relationModel.ts';
import { exportModel } from '../src/inference/export/exportModel.ts';
import { openClassifier } from '../src/inference/predict/classifier.ts';
import { lacksPython } from './support/needs.ts';
import { runPython } from './support/python.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';
import { fixtureRows, type Row, TOKENIZERS } from './support/tokenizers.ts';

// A model that reads a question beside each sentence, as others load it: the same pairs, the same logits.

env.allowRemoteModels = false;
env.localModelPath = '/';

const labelSet = { labels: ['no_relation', 'per:title', 'org:members'], noRelation: 'no_relation' };
/** Rows of everyday text, and rows full of what tokenizers disagree on. */
let plain: readonly Row[];
const strange: readonly Row[] = fixtureRows.map(({ row }) => row);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-question-'));
  await writeTinyEncoder(join(root, 'encoder'));
  plain = (await loadDataset({ ...DEFAULT_SETTINGS, evalRows: 40 }, silentReporter)).test;
});
afterAll(() => rm(root, { recursive: true }));

/** Saves a model with random weights, and gives back what is opened from its folder. */
async function savedModel(name: string, changes: Partial<RelationModel['task']>): Promise<[string, RelationModel]> {
  const task = { marker: 'entity', head: 'entity-start', maxLength: 256, labelSet, question: true } as const;
  const entityTypes = ['PER', 'ORG', 'LOC', 'DAT', 'NOH', 'POH'];
  const options = { layers: null, seed: 3 };
  const folder = join(root, name);
  await saveRelationModel(
    folder,
    await createRelationModel(join(root, 'encoder'), { ...task, entityTypes, ...changes }, options),
  );
  return [folder, await loadRelationModel(folder)];
}

/** Each row that has room for its question as a pair of texts, and as ids. */
const pairsOf = ({ inputs }: RelationModel, rows: readonly Row[]) =>
  rows.flatMap((row) => {
    const { question, marked, ids } = inputs.encode(row);
    return question === null ? [] : [{ texts: [question, marked.text] as const, ids }];
  });

test.each([
  ['entity', 'entity-start'],
  ['typed-punct', 'start-mean'],
] as const)('%s, %s: exported, transformers.js gives the same logits', async (marker, head) => {
  const [folder, model] = await savedModel(`saved-${marker}`, { marker, head });
  expect(model.task.question).toBe(true);
  const exported = join(root, `exported-${marker}`);
  await exportModel({ folder, name: marker }, exported, { force: false, licences: new Map() });
  const classifier = await openClassifier(model, { device: 'cpu', threads: 1 });
  const expected = await classifier.logits(plain.map((row) => model.inputs.encode(row)));
  await classifier.release();
  const tokenizer = await AutoTokenizer.from_pretrained(exported);
  const options = { dtype: 'fp32', device: 'cpu' } as const;
  const other = await AutoModelForSequenceClassification.from_pretrained(exported, options);
  let compared = 0;
  const pairs = pairsOf(model, plain);
  expect(pairs.length).toBe(plain.length);
  for (const [
    index,
    {
      texts: [question, text],
    },
  ] of pairs.entries()) {
    const { logits } = (await other(tokenizer(question, { text_pair: text }))) as { logits: { tolist(): number[][] } };
    const [actual] = logits.tolist();
    // A sentence with another @ or # is refused by the graph.
    if (actual!.some(Number.isNaN)) continue;
    compared++;
    for (const [id, value] of actual!.entries()) expect(Math.abs(value - expected[index]![id]!)).toBeLessThan(1e-4);
  }
  expect(compared).toBeGreaterThan(plain.length / 2);
  await other.dispose();
});

test('a model without the key in its configuration is asked nothing, as before', async () => {
  const [folder] = await savedModel('old', {});
  const path = join(folder, 'config.json');
  const { korex, ...config } = JSON.parse(await readFile(path, 'utf8')) as { korex: Record<string, unknown> };
  const { question, ...rest } = korex;
  expect(question).toBe(true);
  await writeJson(path, { ...config, korex: rest });
  const { task, inputs } = await loadRelationModel(folder);
  expect(task.question).toBe(false);
  expect(inputs.encode(plain[0]!).question).toBeNull();
  await writeJson(path, { ...config, korex: { ...rest, question: 'yes' } });
  await expect(loadRelationModel(folder)).rejects.toThrow('korex.question');
});

test.skipIf(lacksPython('transformers'))('Python gives the pairs’ ids, and no second token type', async () => {
  const [bundled, model] = await savedModel('python', {});
  // A BERT tokenizer, which gives the second text of a pair another type unless told not to.
  const bert = join(root, 'bert');
  await writeTinyEncoder(bert);
  await cp(TOKENIZERS.wordpiece, bert, { recursive: true });
  const saved = join(root, 'bert-saved');
  await saveRelationModel(saved, await createRelationModel(bert, model.task, { layers: null, seed: 1 }));
  for (const folder of [bundled, saved]) {
    const opened = await loadRelationModel(folder);
    const pairs = pairsOf(opened, [...plain, ...strange]);
    const path = join(root, 'pairs.json');
    await writeJson(
      path,
      pairs.map(({ texts }) => texts),
    );
    const encodings = JSON.parse(runPython('test/support/pair_ids.py', folder, path)) as Record<string, number[]>[];
    expect(encodings).toEqual(pairs.map(({ ids }) => ({ input_ids: ids, attention_mask: ids.map(() => 1) })));
  }
});
