import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { labelCounts, sharedSentences } from '../src/base/data/profile.ts';
import { tutorialFiles } from '../tools/tutorial/tutorialFiles.ts';
import { newFolder } from './support/dataFiles.ts';

const TEXTS = ['docs/tutorial-own-data.md', 'docs/tutorial-own-data.ko.md'];
const load = () => loadDataset({ ...DEFAULT_SETTINGS, data: 'data/tutorial', out: newFolder() }, silentReporter);

test('the tutorial’s rows are valid, in two formats, with relations and types of their own', async () => {
  const { train, test: dev, labelSet, entityTypes } = await load();
  expect(labelSet.noRelation).toBe('unrelated');
  expect(labelSet.labels).toHaveLength(6);
  expect(entityTypes).toEqual(['PLANT', 'PEST', 'SOIL', 'SEASON']);
  for (const rows of [train, dev])
    for (const { count } of labelCounts(rows, labelSet)) expect(count).toBeGreaterThanOrEqual(8);
  expect(sharedSentences(train, dev)).toEqual([]);
  const plants = new Set(train.map(({ subject }) => subject.word));
  expect(dev.filter(({ subject }) => plants.has(subject.word))).toEqual([]);
});

test('the tutorial’s files are what their generator writes', () => {
  for (const [name, content] of Object.entries(tutorialFiles()))
    expect(readFileSync(`data/tutorial/${name}`, 'utf8')).toBe(content);
});

test.each(TEXTS)('%s says what the files hold', async (path) => {
  const text = readFileSync(path, 'utf8');
  const { train, test: dev } = await load();
  expect(text).toMatch(new RegExp(`garden_train.csv .*${train.length}`));
  expect(text).toMatch(new RegExp(`garden_dev.jsonl .*${dev.length}`));
  const [header, row] = readFileSync('data/tutorial/garden_train.csv', 'utf8').split('\n');
  expect(text).toContain(`${header}\n${row}\n`);
  const [list] = /\{\n {2}"relations"[^}]*\}/.exec(text) ?? [];
  expect(JSON.parse(list!)).toEqual(JSON.parse(readFileSync('data/tutorial/relation_list.json', 'utf8')));
});
