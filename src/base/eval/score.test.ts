import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentReporter } from '../core/reporter.ts';
import { scoreFiles } from './score.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-score-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, content: string) => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const goldFile = (...labels: string[]) =>
  write(
    'gold.jsonl',
    labels
      .map((label, row) =>
        JSON.stringify({
          guid: `g${row}`,
          sentence: '하늘은 바다를 보았다.',
          subject_entity: { word: '하늘', start_idx: 0, end_idx: 1, type: 'PER' },
          object_entity: { word: '바다', start_idx: 4, end_idx: 5, type: 'LOC' },
          label,
          source: 'made up',
        }),
      )
      .join('\n'),
  );
const score = (gold: string, predictions: string) => scoreFiles(gold, predictions, { seed: 42 }, silentReporter);

test('scores over KLUE’s 30 labels, also those that the gold file lacks', async () => {
  const gold = await goldFile('no_relation', 'per:spouse', 'per:title', 'no_relation');
  const csv = await write('p.csv', 'guid,label\ng0,no_relation\ng1,per:spouse\ng2,per:origin\ng3,per:title\n');
  const result = await score(gold, csv);
  // F1: no_relation 2/3, per:spouse 1, all other labels 0. Relations: 1 of 2 found, 1 of 3 predictions right.
  expect(result).toMatchObject({ n: 4, accuracy: 0.5, auprc: null });
  expect(result.macro_f1).toBeCloseTo((2 / 3 + 1) / 30, 12);
  expect(result.micro_f1).toBeCloseTo(2 / 5, 12);
  expect(result.per_class).toHaveLength(30);
  expect(result.intervals.auprc).toBeNull();
  expect(result.intervals.accuracy![0]).toBeLessThanOrEqual(0.5);
});

test('takes the label set from relation_list.json beside the gold file', async () => {
  await write('relation_list.json', '{"relations":["none","per:spouse","per:title"],"no_relation":"none"}');
  const gold = await goldFile('none', 'per:spouse');
  const lines = [
    { guid: 'g0', probabilities: { none: 0.5, 'per:spouse': 0.5, 'per:title': 0 } },
    { guid: 'g1', probabilities: { none: 0.2, 'per:spouse': 0.7, 'per:title': 0.1 } },
  ];
  const result = await score(gold, await write('p.jsonl', lines.map((line) => JSON.stringify(line)).join('\n')));
  expect(result).toMatchObject({ accuracy: 1, micro_f1: 1, auprc: 1 });
  expect(result.macro_f1).toBeCloseTo(2 / 3, 12);
});

test('a label that the label set lacks is an error of usage', async () => {
  const gold = await goldFile('own:likes', 'own:none');
  const csv = await write('p.csv', 'guid,label\ng0,own:liked\ng1,own:none\n');
  await expect(score(gold, csv)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('line 2: label "own:liked" is not one of the 2 labels'),
  });
});
