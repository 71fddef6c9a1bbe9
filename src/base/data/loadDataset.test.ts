import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FIXTURES, newFolder, ROW, ROWS } from '../../../test/support/dataFiles.ts';
import { lacksFolder } from '../../../test/support/needs.ts';
import type { KorexError } from '../core/errors.ts';
import { lineIn, type ReportLine, silentReporter } from '../core/reporter.ts';
import { KLUE_DATASET, KLUE_RE_FOLDER } from '../hub/klueDataset.ts';
import { FORMATS } from './formats/table.ts';
import { type DataSettings, loadDataset } from './loadDataset.ts';
import { conflictingGroups, distinctSentences, duplicateGroups, labelCounts, sharedSentences } from './profile.ts';
import { KLUE_LABELS } from './relations.ts';
import { splitValidation } from './split.ts';

const settings = (data: string, others: Partial<DataSettings> = {}): DataSettings => ({
  data,
  seed: 42,
  trainRows: null,
  evalRows: null,
  onBadRow: 'error',
  columns: null,
  out: newFolder(),
  ...others,
});

const load = (data: string, others?: Partial<DataSettings>) => loadDataset(settings(data, others), silentReporter);

const errorOf = async (data: string, others?: Partial<DataSettings>): Promise<string> => {
  const error = (await load(data, others).catch((thrown: unknown) => thrown)) as KorexError;
  expect(error).toMatchObject({ name: 'KorexError', kind: 'usage' });
  const text = `${error.message}\n${error.hint}`;
  return data.includes('/') ? text.replaceAll(data, 'FOLDER') : text;
};

/** A folder with the given files; `true` stands for the invented rows. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content === true ? ROWS : content));
  return folder;
}

describe('where rows come from', () => {
  test('the embedded sample', async () => {
    const { name, labelSet, entityTypes, train, test, files, digest } = await load('sample');
    expect(name).toBe('sample');
    expect(labelSet).toEqual({ labels: KLUE_LABELS, noRelation: 'no_relation' });
    expect(entityTypes).toEqual(['PER', 'ORG', 'LOC', 'DAT', 'NOH', 'POH']);
    expect(train.length).toBeGreaterThanOrEqual(1200);
    expect(test.length).toBeGreaterThanOrEqual(400);
    expect(files.map(({ path }) => path)).toEqual(['klue-re-sample_train.json', 'klue-re-sample_dev.json']);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a folder: the files whose names hold train, and dev, validation or test', async () => {
    for (const test of ['my-dev.json', 'rows_VALIDATION.json', 'test.json', 'latest_dev.json']) {
      const folder = folderOf({ 'contest_train.json': true, [test]: ROWS.slice(1), 'relation_list.json': LIST });
      const dataset = await load(folder);
      expect(dataset.files.map(({ path }) => path)).toEqual(['contest_train.json', test]);
      expect([dataset.train.length, dataset.test.length]).toEqual([ROWS.length, ROWS.length - 1]);
    }
  });

  test('a folder with files of different formats', async () => {
    const folder = folderOf({});
    copyFileSync(join(FIXTURES, 'entity_text.csv'), join(folder, 'train.csv'));
    copyFileSync(join(FIXTURES, 'hub.parquet'), join(folder, 'validation-00000-of-00001.parquet'));
    const { train, test } = await load(folder);
    expect(train).toEqual(test);
  });

  test('a file is train, or test for evaluation', async () => {
    const path = join(FIXTURES, 'rows.json');
    const train = await load(path);
    const test = await loadDataset(settings(path), silentReporter, 'test');
    expect([train.train.length, train.test.length]).toEqual([ROWS.length, 0]);
    expect([test.train.length, test.test.length]).toEqual([0, ROWS.length]);
    expect(train.name).toBe('rows.json');
  });

  test('a folder with one side is that side, where no more is needed', async () => {
    const notes: string[] = [];
    const reporter = { ...silentReporter, info: (note: ReportLine) => void notes.push(lineIn(note, 'en')) };
    const [train, test] = [folderOf({ 'train.json': true }), folderOf({ 'dev.json': true })];
    expect((await loadDataset(settings(train), reporter, 'train')).train.length).toBe(ROWS.length);
    expect((await loadDataset(settings(test), reporter, 'test')).test.length).toBe(ROWS.length);
    expect(notes).toEqual([
      expect.stringContaining('has no file for testing; train.json is read alone.'),
      expect.stringContaining('has no file for training; dev.json is read alone.'),
    ]);
    expect(await errorOf(test)).toContain('FOLDER has no file whose name holds train. Readable files there: dev.json.');
  });

  test('files with Korean names, also as macOS writes them', async () => {
    const folder = folderOf({ ['관계_학습.json'.normalize('NFD')]: true, '관계_평가.json': true });
    const { train, test } = await load(folder);
    expect([train.length, test.length]).toEqual([ROWS.length, ROWS.length]);
  });

  test('the file of ten rows that KLUE puts beside the whole one is left out', async () => {
    const folder = await folderOf({ 'train.json': true, 'dev.json': true, 'dev_sample_10.json': '[]' });
    expect((await loadDataset(settings(folder), silentReporter)).test.length).toBe(ROWS.length);
  });

  test('what is missing or ambiguous is told', async () => {
    expect(await errorOf(folderOf({ 'rows.json': true, 'notes.txt': '', 'relation_list.json': LIST }))).toBe(
      'FOLDER has no file whose name holds train. Readable files there: rows.json.\n' +
        `Rename the file, or pass it alone with --data FILE. Its ending is one of ${FORMATS.flatMap(({ extensions }) => extensions).join(', ')}.`,
    );
    expect(await errorOf(folderOf({ 'train.json': true, 'train.csv': true, 'dev.json': true }))).toContain(
      'FOLDER has more than one file whose name holds train: train.csv, train.json.',
    );
    expect(await errorOf(join(newFolder(), 'nowhere'))).toContain('--data FOLDER: no such file or folder.');
  });

  describe('klue', () => {
    afterEach(() => vi.unstubAllEnvs());

    test('is what `korex data pull` left in the cache', async () => {
      const cache = newFolder();
      vi.stubEnv('HF_HUB_CACHE', cache);
      expect(await errorOf('klue')).toContain(`KLUE-RE is not in the cache (${cache}).\nRun \`korex data pull\` once.`);
      const { type, id, revision } = KLUE_DATASET;
      const folder = join(cache, `${type}s--${id.replace('/', '--')}`, 'snapshots', revision, KLUE_RE_FOLDER);
      mkdirSync(folder, { recursive: true });
      for (const side of ['train', 'validation'])
        copyFileSync(join(FIXTURES, 'hub.parquet'), join(folder, `${side}-00000-of-00001.parquet`));
      const { name, train, test } = await load('klue');
      expect([name, train.length, test.length]).toEqual(['klue', ROWS.length, ROWS.length]);
    });
  });
});

const LIST = { relations: ['no_relation', 'org:founded_by', 'per:title'] };

describe('both sides together', () => {
  test('a test label or type that training never showed is invalid without a relation list', async () => {
    const files = { 'train.json': ROWS.slice(0, 2), 'dev.json': ROWS };
    const message = await errorOf(folderOf(files));
    expect(message).toContain('dev.json: 2 of 4 rows are invalid');
    expect(message).toContain('rows 3, 4, label: found "no_relation"; expected one of "org:founded_by", "per:title"');
    expect(message).toContain('row 4, object_entity.type: found "DAT"; expected one of "PER", "ORG", "POH"');
    const types = { ...LIST, entity_types: ['PER', 'ORG', 'POH', 'DAT'] };
    expect((await load(folderOf({ ...files, 'relation_list.json': types }))).labelSet.labels).toEqual(LIST.relations);
  });

  test('skip writes rejected_rows.jsonl; a later run without bad rows removes it', async () => {
    const out = newFolder();
    const folder = folderOf({ 'train.json': [...ROWS, { ...ROW, guid: 'bad', sentence: '' }], 'dev.json': ROWS });
    const warnings: string[] = [];
    const reporter = { ...silentReporter, warn: (line: ReportLine) => void warnings.push(lineIn(line, 'en')) };
    const dataset = await loadDataset(settings(folder, { out, onBadRow: 'skip' }), reporter);
    expect(dataset.train).toEqual(dataset.test);
    const path = join(out, 'rejected_rows.jsonl');
    expect(warnings).toEqual([`1 invalid rows are left out; ${path} lists them with reasons.`]);
    const [line, end] = readFileSync(path, 'utf8').split('\n');
    expect(JSON.parse(line!)).toMatchObject({ file: 'train.json', row: 5, problems: [{ field: 'sentence' }] });
    expect(end).toBe('');
    await load('sample', { out });
    expect(existsSync(path)).toBe(false);
  });

  test('sampled rows keep every label; the digest tells what is in the data set, not where it came from', async () => {
    const options = { trainRows: 300, evalRows: 60 };
    const [sampled, again, all] = [await load('sample', options), await load('sample', options), await load('sample')];
    expect([sampled.train.length, sampled.test.length]).toEqual([300, 60]);
    for (const { count } of labelCounts(sampled.train, sampled.labelSet)) expect(count).toBeGreaterThanOrEqual(1);
    expect(sampled).toEqual(again);
    expect(sampled.digest).not.toBe(all.digest);
    expect((await load('sample', { ...options, seed: 43 })).digest).not.toBe(sampled.digest);
    const files = { 'train.json': true, 'dev.json': true };
    expect((await load(folderOf(files))).digest).toBe((await load(folderOf(files))).digest);
    expect(await errorOf('sample', { trainRows: 10 })).toContain('cannot hold one row of each of the 30 labels');
  });
});

const klueFolder = process.env.KOREX_KLUE_DIR ?? '';

test.skipIf(lacksFolder('KOREX_KLUE_DIR'))('the official rows (KOREX_KLUE_DIR)', async () => {
  const { train, test, labelSet, entityTypes } = await load(klueFolder);
  expect([train.length, test.length]).toEqual([32_437, 3_883]);
  expect(labelSet).toEqual({ labels: KLUE_LABELS, noRelation: 'no_relation' });
  expect(entityTypes).toEqual(['PER', 'ORG', 'LOC', 'DAT', 'NOH', 'POH']);
  expect(sharedSentences(train, test)).toHaveLength(57);
  expect(distinctSentences(test)).toBe(test.length);
  expect([duplicateGroups(train).length, conflictingGroups(train).length]).toEqual([46, 3]);
  expect(duplicateGroups(test)).toEqual([]);
  const split = splitValidation(train, 0.1, 42);
  expect(sharedSentences(split.train, split.validation)).toEqual([]);
  const validation = labelCounts(split.validation, labelSet);
  for (const [i, { count }] of labelCounts(train, labelSet).entries())
    expect(Math.abs(validation[i]!.count - 0.1 * count)).toBeLessThanOrEqual(1);
});
