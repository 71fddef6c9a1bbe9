import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runKorex } from '../../../../test/support/runKorex.ts';
import { writeTinyEncoder } from '../../../../test/support/tinyEncoder.ts';
import { createRelationModel, saveRelationModel } from '../../../engine/nn/relationModel.ts';
import { API_SCHEMAS } from '../../../inference/predict/schema.ts';
import { entityArgument } from './predict.ts';

const labelSet = { labels: ['no_relation', 'org:founded_by', 'org:founded'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG'] } as const;
const SENTENCE = '가온은 나루가 세웠고, 나루는 가온에 산다';

let model: string;
beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), 'korex-predict-'));
  await writeTinyEncoder(join(model, 'encoder'));
  const made = await createRelationModel(join(model, 'encoder'), task, { layers: null, seed: 5 });
  await saveRelationModel(model, made);
});
afterAll(() => rm(model, { recursive: true }));

const predict = (...args: string[]) =>
  runKorex(['predict', '--model', model, '--threads', '1', '--sentence', SENTENCE, ...args]);
const json = async (...args: string[]) => JSON.parse((await predict('--json', ...args)).out) as unknown;

test('one pair, as JSON the same object as everywhere', async () => {
  const answer = API_SCHEMAS.Relation.parse(
    await json('--subject', '가온/ORG#1', '--object', '나루#2', '--top-k', '2', '--threshold', '1'),
  );
  expect(answer).toMatchObject({
    subject: { word: '가온', start: 0, type: 'ORG' },
    object: { word: '나루', start: 13, type: null },
    decision: 'uncertain',
  });
  expect(answer.top).toHaveLength(2);
});

test('several objects, and all pairs', async () => {
  const { relations } = (await json('--subject', '가온#1', '--object', '나루#1', '--object', '나루#2')) as {
    relations: unknown[];
  };
  expect(relations.map((row) => API_SCHEMAS.Relation.parse(row).object.start)).toEqual([4, 13]);
  const graph = API_SCHEMAS.ExtractResponse.parse(
    await json('--entity', '가온#1', '--entity', '나루#1', '--entity', '나루#2'),
  );
  expect(graph.pairs).toBe(6);
  const { code, out } = await predict('--all-pairs', '--entity', '가온#1', '--entity', '나루#1');
  expect(code).toBe(0);
  expect(out).toContain('[가온]은 [나루]가');
});

test.each([
  ['occurs 2 times', ['--subject', '가온', '--object', '나루#1'], 'WORD#2'],
  ['does not know', ['--subject', '가온/ORGS#1', '--object', '나루#1'], 'PER, ORG'],
  ['--object is missing', ['--subject', '가온#1'], 'korex predict --sentence'],
  ['--subject and --object are missing', [], 'korex predict --sentence'],
  ['one was named', ['--entity', '가온#1'], '--entity'],
  ['--top-k is "0"', ['--subject', '가온#1', '--object', '나루#1', '--top-k', '0'], '1 to 1000'],
  ['--threshold is "half"', ['--subject', '가온#1', '--object', '나루#1', '--threshold', 'half'], '0 to 1'],
  ['--type-mask is "yes"', ['--subject', '가온#1', '--object', '나루#1', '--type-mask', 'yes'], 'on or off'],
  ['pair of entity types', ['--subject', '가온#1', '--object', '나루#1', '--type-mask', 'on'], 'off'],
  ['takes a file here', ['--subject', '가온#1', '--object', '나루#1', '--priors', 'em'], 'korex evaluate'],
])('wrong usage: %s', async (message, args, hint) => {
  const { code, err } = await predict(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).toContain(hint);
});

test('priors need a model that tells its own', async () => {
  const path = join(model, 'priors.json');
  await writeFile(path, JSON.stringify({ no_relation: 0.5, 'org:founded_by': 0.3, 'org:founded': 0.2 }));
  const { code, err } = await predict('--subject', '가온#1', '--object', '나루#1', '--priors', path);
  expect(code).toBe(2);
  expect(err).toContain('calibration.json');
});

const WITH_SIGNS = '비틀즈는 TCP/IP와 C#을 몰랐고, 비틀즈 #2도 몰랐다.';

describe('an entity on the command line', () => {
  test.each([
    ['비틀즈', { word: '비틀즈' }],
    ['비틀즈/ORG', { word: '비틀즈', type: 'ORG' }],
    ['비틀즈#2', { word: '비틀즈', occurrence: 2 }],
    ['비틀즈/ORG#2', { word: '비틀즈', type: 'ORG', occurrence: 2 }],
    ['TCP/IP', { word: 'TCP/IP' }],
    ['TCP/IP/POH', { word: 'TCP/IP', type: 'POH' }],
    ['C#', { word: 'C#' }],
    ['C#/POH', { word: 'C#', type: 'POH' }],
    ['비틀즈 #2', { word: '비틀즈 #2' }],
    ['비틀즈#0', { word: '비틀즈#0' }],
    ['비틀즈/org', { word: '비틀즈', type: 'ORG' }],
    ['비틀즈/Band', { word: '비틀즈', type: 'Band' }],
    ['없음/PER', { word: '없음', type: 'PER' }],
  ])('%s', (text, expected) => {
    expect(entityArgument(text, WITH_SIGNS)).toEqual(expected);
  });

  test.each(['', '/PER', '비틀즈/'])('"%s" names no entity', (text) => {
    expect(() => entityArgument(text, WITH_SIGNS)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});
