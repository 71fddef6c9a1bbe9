import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { facts, plan } from '../../../test/support/runFacts.ts';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { createRelationModel, type RelationModel } from '../../engine/nn/relationModel.ts';
import { baseModelOf, dataSourceOf } from './licences.ts';
import { modelCard } from './modelCard.ts';
import type { RunFacts } from './runFacts.ts';

const labelSet = { labels: ['no_relation', 'per:title'], noRelation: 'no_relation' };
const LICENCES = new Map([
  ['bundled', 'MIT'],
  ['klue/roberta-base', 'CC BY-SA 4.0'],
]);

let folder: string;
let model: RelationModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-card-'));
  await writeTinyEncoder(folder);
  const task = { marker: 'typed-punct', head: 'cls', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG'] } as const;
  model = await createRelationModel(folder, task, { layers: null, seed: 3 });
});
afterAll(() => rm(folder, { recursive: true }));

const sourcesOf = (run: RunFacts) => ({
  base: baseModelOf(run.plan.encoder, LICENCES),
  data: dataSourceOf(run.dataset),
});

test('a card shows data, training, figures with intervals, how to mark and load, and the licence that must be kept', () => {
  const card = modelCard({ name: 'study', model, facts, sources: sourcesOf(facts) });
  const [, front] = card.split('---\n');
  expect(front).toBe(`language: ko
license: cc-by-sa-4.0
library_name: transformers
pipeline_tag: text-classification
base_model: intfloat/multilingual-e5-small
datasets:
- klue/klue
metrics:
- f1
- accuracy
tags:
- relation-extraction
- korean
- onnx
- korex
`);
  expect(card).toContain('@ * 단체 * 가온전자 @는 2004년 # ^ 사람 ^ 이도현 #이 세운 회사이다.');
  expect(card).toContain('Trained on 900 rows of KLUE-RE v1.1');
  expect(card).toContain('| batch size | 32 |');
  expect(card).toContain('| micro-F1 without no_relation | 0.6000 | 0.5500 … 0.6500 |');
  expect(card).toContain('| AUPRC | – | – |');
  expect(card).toContain("pipeline('text-classification'");
  expect(card).toContain('from transformers import pipeline');
});

test('a model with questions: the card shows one, and how to pass a pair', () => {
  const asked = { ...model, task: { ...model.task, question: true } };
  const chosen = { row_settings: { trainRows: 900, textData: 'texts.jsonl' } };
  const made = { ...facts, ...chosen, augmented_rows: { entity: 300, swap: 150 } };
  const card = modelCard({ name: 'study', model: asked, facts: made, sources: sourcesOf(made) });
  expect(card).toContain('```text\n가온전자와 이도현의 관계는 무엇인가?\n```');
  expect(card).toContain('tokenizer("가온전자와 이도현의 관계는 무엇인가?", { text_pair: "@ * 단체 *');
  expect(card).toContain('classify({"text": "가온전자와 이도현의 관계는 무엇인가?", "text_pair": "@ * 단체 *');
  expect(card).toContain('of KLUE-RE v1.1 and on 450 rows made from them (entity 300, swap 150);');
  expect(card).toContain('korex train --data klue --train-rows 900 --text-data texts.jsonl --');
});

test('a model that was calibrated for texts: what its answers are like there', () => {
  const measured = { precision: 0.6, recall: 0.63, f1: 0.61, relation_free: 0.14, ece: 0.09 };
  const text = {
    ...{ documents: 480, pairs: 4629, temperature: 2, bias: {}, confidence: { slope: 1, offset: 0 }, relations: {} },
    ...{ thresholds: { default: 0.26, per_relation: {} }, folds: 5, measured, ablation: {}, curve: [] },
    rules: { types: true, directions: true, counts: false },
  };
  const card = modelCard({ name: 'study', model, facts, sources: sourcesOf(facts), text });
  expect(card).toContain('rules: types, directions; threshold 0.26');
  expect(card).toContain('precision 0.60, recall 0.63, F1 0.61, in 14 % of the documents without any relation');
});

test('what is not recorded is said to be so, and no licence is made up', () => {
  const card = modelCard({ name: 'study', model, facts: null, sources: { base: null, data: null } });
  expect(card).toContain('license: other');
  expect(card).not.toContain('base_model');
  expect(card).toContain('There is no evaluation beside this checkpoint');
  const own = { ...facts, dataset: 'rows.csv', plan: { ...plan, encoder: 'my-encoder' } };
  expect(modelCard({ name: 'study', model, facts: own, sources: sourcesOf(own) })).toContain('license: other');
});
