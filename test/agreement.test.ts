import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import type { Example } from '../src/base/core/types.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../src/base/data/relations.ts';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { RelationExtractor } from '../src/inference/predict/relationExtractor.ts';
import { requestOf } from '../src/inference/predict/request.ts';
import type { PredictRequest, Relation } from '../src/inference/predict/schema.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';
import { startTinyServer } from './support/tinyServer.ts';

// Whoever asks, gets the same answer: the library, both commands and the REST API, however rows are batched.

const CLOSE = 1e-5;
const ROWS = 60;
const labelSet = { labels: KLUE_LABELS, noRelation: 'no_relation' };
const entityTypes = KLUE_ENTITY_TYPES;
const task = { marker: 'typed-punct', head: 'entity-start', maxLength: 96, labelSet, entityTypes } as const;

let folder: string;
let model: string;
let examples: readonly Example[];
let rows: PredictRequest[];
let expected: readonly Relation[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-agreement-'));
  const encoder = join(folder, 'encoder');
  model = join(folder, 'model');
  await writeTinyEncoder(encoder);
  await saveRelationModel(model, await createRelationModel(encoder, task, { layers: null, seed: 9 }));
  examples = (await loadDataset(DEFAULT_SETTINGS, silentReporter)).test.slice(0, ROWS);
  rows = examples.map((example) => ({ ...requestOf(example), top_k: 30 }));
  const extractor = await RelationExtractor.load(model);
  expected = await extractor.predict(rows);
  await extractor.release();
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

/** The same relation, entities and order, and probabilities that differ by no more than rounding. */
function expectSame(answer: Relation, like: Relation): void {
  const { confidence, no_relation_probability, top, ...rest } = answer;
  const { confidence: _, no_relation_probability: __, top: ___, ...same } = like;
  expect(rest).toEqual({ ...same, model: rest.model });
  expect(Math.abs(confidence - like.confidence)).toBeLessThan(CLOSE);
  const probabilities = new Map(like.top.map(({ relation, probability }) => [relation, probability]));
  for (const { relation, probability } of top)
    expect(Math.abs(probability - probabilities.get(relation)!)).toBeLessThan(CLOSE);
}

test('the REST API: alone, many in one, as a stream', async () => {
  const server = await startTinyServer({ extractor: await RelationExtractor.load(model), maxBatch: 7 });
  const post = async (path: string, body: string, type = 'application/json') => {
    const response = await fetch(server.url + path, { method: 'POST', body, headers: { 'Content-Type': type } });
    expect(response.status).toBe(200);
    return response.text();
  };
  try {
    const alone = await Promise.all(rows.map((row) => post('/v1/predict', JSON.stringify(row))));
    const many = JSON.parse(await post('/v1/predict', JSON.stringify({ requests: rows }))) as { results: Relation[] };
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const stream = (await post('/v1/batch', lines, 'application/x-ndjson')).trimEnd().split('\n');
    for (const answers of [
      alone.map((text) => JSON.parse(text)),
      many.results,
      stream.map((line) => JSON.parse(line)),
    ]) {
      expect(answers).toHaveLength(ROWS);
      for (const [i, like] of expected.entries()) expectSame(answers[i], like);
    }
  } finally {
    await server.close();
  }
}, 120_000);

test('korex predict', async () => {
  for (const i of [0, 20, 40]) {
    const { subject, object } = expected[i]!;
    const { sentence } = rows[i]!;
    const places = [subject, object].map(({ word, start, type }) => {
      const before = Array.from(sentence).slice(0, start).join('');
      return `${word}/${type}#${before.split(word).length}`;
    });
    const named = ['--sentence', sentence, '--subject', places[0]!, '--object', places[1]!, '--top-k', '30'];
    const { code, out, err } = await runKorex(['predict', '--model', model, ...named, '--json']);
    expect([code, err]).toEqual([0, '']);
    expectSame(JSON.parse(out), expected[i]!);
  }
}, 120_000);

/** A row as KLUE's files have it. */
function klueRow({ guid, sentence, subject, object, label }: Example) {
  const entity = ({ word, start, end, type }: Example['subject']) => ({ word, start_idx: start, end_idx: end, type });
  return { guid, sentence, subject_entity: entity(subject), object_entity: entity(object), label };
}

test.each([
  ['a data file', 'rows.json', () => JSON.stringify(examples.map(klueRow))],
  ['a file of requests', 'rows.jsonl', () => rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
])(
  'korex batch on %s',
  async (_, name, content) => {
    const [input, output] = [join(folder, name), join(folder, `${name}.out.jsonl`)];
    await writeFile(input, content());
    const options = ['--model', model, '--top-k', '30', '--eval-batch-size', '7'];
    const { code, err } = await runKorex(['batch', ...options, input, output]);
    expect([code, err]).toEqual([0, '']);
    const answers = (await readFile(output, 'utf8')).trimEnd().split('\n');
    expect(answers).toHaveLength(ROWS);
    for (const [i, line] of answers.entries()) {
      const { guid: _, label: __, ...answer } = JSON.parse(line) as Relation & { guid: string; label?: string };
      expectSame(answer, expected[i]!);
    }
  },
  120_000,
);

/** `korex serve` as users start it; resolves once it listens. */
async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const cli = new URL('../dist/app/cli/main.js', import.meta.url).pathname;
  const args = [cli, 'serve', '--model', model, '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      log += chunk;
      const found = /"url":"([^"]+)"/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', () => reject(new Error(log)));
  });
  return { child, url };
}

test('the process answers, drains at SIGTERM and ends with 0', async () => {
  const { child, url } = await startProcess();
  const closed = once(child, 'close');
  const body = JSON.stringify({ requests: Array(4).fill(rows).flat() });
  const headers = { 'Content-Type': 'application/json' };
  const answer = fetch(`${url}/v1/predict`, { method: 'POST', headers, body });
  // By the time this is answered, the request before it has arrived.
  await fetch(`${url}/healthz`);
  child.kill('SIGTERM');
  const { results } = (await (await answer).json()) as { results: Relation[] };
  expect(results).toHaveLength(240);
  expectSame(results[0]!, expected[0]!);
  expect((await closed)[0]).toBe(0);
}, 120_000);
