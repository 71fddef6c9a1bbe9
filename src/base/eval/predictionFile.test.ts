import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alignPredictions, readPredictionFile } from './predictionFile.ts';

const labelSet = { labels: ['none', 'a'], noRelation: 'none' };
const examples = [{ guid: 'x' }, { guid: 'y' }];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-predictions-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, content);
  return alignPredictions(name, await readPredictionFile(path), examples, labelSet);
}

const labels = [
  { guid: 'x', predicted: 'a', probabilities: null },
  { guid: 'y', predicted: 'none', probabilities: null },
];
const probabilities = [
  { guid: 'x', predicted: 'a', probabilities: [0.25, 0.75] },
  { guid: 'y', predicted: 'none', probabilities: [0.5, 0.5] },
];

test.each([
  ['labels.jsonl', '{"guid":"y","label":"none"}\n\n{"guid":"x","label":"a","more":1}\n', labels],
  ['labels.csv', '\uFEFFguid,label\r\ny,none\r\nx,a\r\n', labels],
  ['semicolons.csv', 'guid;label\ny;none\nx;a\n', labels],
  ['tabs.tsv', 'guid\tlabel\ny\tnone\nx\ta\n', labels],
  ['list.json', '[{"guid":"y","label":"none"},{"guid":"x","label":"a"}]', labels],
  ['excel.csv', Buffer.from('\uFEFFguid\tlabel\r\ny\tnone\r\nx\ta\r\n', 'utf16le'), labels],
  ['unnamed', '{"guid":"x","label":"a"}\n{"guid":"y","label":"none"}', labels],
  [
    'probabilities.jsonl',
    '{"guid":"x","probabilities":{"none":0.25,"a":0.75}}\n{"guid":"y","probabilities":{"a":0.5,"none":0.5}}',
    probabilities,
  ],
  [
    'probabilities.csv',
    'guid,probabilities\nx,"{""none"":0.25,""a"":0.75}"\ny,"{""a"":0.5,""none"":0.5}"\n',
    probabilities,
  ],
] as const)('reads %s', async (name, content, expected) => {
  expect(await read(name, content)).toEqual(expected);
});

test('a stated label wins over the most probable one', async () => {
  const both = '{"guid":"x","label":"none","probabilities":{"none":0.4,"a":0.6}}\n';
  const [first] = await read('both.jsonl', `${both}${both.replace('"x"', '"y"')}`);
  expect(first).toEqual({ guid: 'x', predicted: 'none', probabilities: [0.4, 0.6] });
});

test.each([
  ['unknown guid', '{"guid":"z","label":"a"}', 'line 1: guid "z" is not among the gold rows'],
  ['missing guid', '{"guid":"x","label":"a"}', 'guid "y" of the gold rows has no prediction'],
  ['no rows at all', '', 'guid "x" of the gold rows has no prediction'],
  [
    'repeated guid',
    '{"guid":"x","label":"a"}\n{"guid":"x","label":"a"}',
    'line 2: guid "x" was already predicted in line 1',
  ],
  ['unknown label', '{"guid":"x","label":"b"}', 'line 1: label "b" is not one of the 2 labels'],
  ['negative p', '{"guid":"x","probabilities":{"none":-1,"a":2}}', 'line 1: the probability of "none" is -1'],
  ['infinite p', '{"guid":"x","probabilities":{"none":1e999,"a":0}}', 'line 1: probabilities.none: '],
  ['NaN', '{"guid":"x","probabilities":{"none":NaN,"a":0}}', 'line 1: is not valid JSON'],
  ['missing key', '{"guid":"x","probabilities":{"a":1}}', 'line 1: probabilities lack labels: "none"'],
  [
    'unknown key',
    '{"guid":"x","probabilities":{"a":1,"none":0,"b":0}}',
    'line 1: probabilities name unknown labels: "b"',
  ],
  ['neither field', '{"guid":"x"}', 'line 1: needs "label" or "probabilities"'],
  ['no guid', '{"label":"a"}', 'line 1: guid: '],
  [
    'probabilities here and there',
    '{"guid":"x","probabilities":{"none":1,"a":0}}\n{"guid":"y","label":"a"}',
    'line 2: has no probabilities, though other rows have',
  ],
])('refuses: %s', async (_, content, message) => {
  await expect(read('bad.jsonl', content)).rejects.toThrow(message);
});

test.each([
  ['no such column', 'id,label\nx,a\n', 'the header names "id", "label"; expected "guid" and "label"'],
  [
    'a cell that is not JSON',
    'guid,probabilities\nx,{none:1}\n',
    'line 2: probabilities "{none:1}" are not valid JSON',
  ],
  ['an uneven row', 'guid,label\nx,a,b\n', 'bad.csv is not valid CSV'],
])('refuses CSV with %s', async (_, content, message) => {
  await expect(read('bad.csv', content)).rejects.toThrow(message);
});

test('lists the first 20 problems and counts the rest', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `{"guid":"z${i}","label":"a"}`).join('\n');
  const error = await read('many.jsonl', rows).catch((caught: Error) => caught);
  const lines = (error as Error).message.split('\n');
  expect(lines[0]).toBe('many.jsonl: 32 problems:');
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe('  … and 12 more');
});
