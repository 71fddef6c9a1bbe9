import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../../../../test/support/dataFiles.ts';
import { runKorex } from '../../../../test/support/runKorex.ts';

const row = (guid: string, label: string) =>
  JSON.stringify({
    ...{ guid, sentence: '가온은 나루가 세웠다', label, source: null },
    subject_entity: { word: '가온', start_idx: 0, end_idx: 1, type: 'ORG' },
    object_entity: { word: '나루', start_idx: 4, end_idx: 5, type: 'PER' },
  });
const BRAT = {
  txt: '가온은 나루가 세웠다',
  ann: 'T1\tORG 0 2\t가온\nT2\tPER 4 6\t나루\nR1\tfounded_by Arg1:T1 Arg2:T2\n',
};

/** A folder with files, by their paths in it. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const convert = (...args: string[]) => runKorex(['convert', ...args, '--out', newFolder()]);

test('a folder with training and test rows becomes a folder with a file for each', async () => {
  const input = folderOf({ 'my_train.jsonl': row('a', 'org:founded_by'), 'my_dev.jsonl': row('b', 'no_relation') });
  const out = join(newFolder(), 'csv');
  const { code, out: said } = await convert(input, out, '--to', 'csv', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(said)).toMatchObject({
    files: 2,
    sides: [
      { side: 'train', from: 'klue-jsonl', rows: 1, relations: 1 },
      { side: 'dev', rows: 1, relations: 0 },
    ],
  });
  expect(readdirSync(out).sort()).toEqual(['dev.csv', 'train.csv']);
  expect(readFileSync(join(out, 'dev.csv'), 'utf8')).toContain('no_relation');
});

test('ids of labels mean the same in the Parquet of both sides', async () => {
  const input = folderOf({ 'train.jsonl': row('a', 'org:founded_by'), 'dev.jsonl': row('b', 'org:members') });
  const out = join(newFolder(), 'hub');
  expect((await convert(input, out, '--to', 'parquet')).code).toBe(0);
  const back = join(newFolder(), 'back');
  const { code, out: said } = await convert(out, back, '--to', 'klue', '--json');
  expect(code).toBe(0);
  expect(readdirSync(back).sort()).toEqual(['dev.json', 'train.json']);
  expect(readFileSync(join(back, 'dev.json'), 'utf8')).toContain('"org:members"');
  // The list of each file has the relations of both.
  expect(JSON.parse(said).sides[1].lost).toMatchObject([{ what: 'label_names', where: ['org:founded_by'] }]);
});

test('texts of brat in two folders become two files, or one where OUT is one', async () => {
  const sides = ['train/a', 'dev/b'].flatMap((name) =>
    Object.entries(BRAT).map(([end, text]) => [`${name}.${end}`, text]),
  );
  const input = folderOf(Object.fromEntries(sides));
  const out = join(newFolder(), 'out');
  expect((await convert(input, out, '--to', 'documents')).code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(['dev.jsonl', 'train.jsonl']);
  const file = join(newFolder(), 'all.jsonl');
  expect((await convert(input, file, '--to', 'documents')).code).toBe(0);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
});

test('two files of rows are not put into one, and nothing is written', async () => {
  const input = folderOf({ 'train.jsonl': row('a', 'x'), 'dev.jsonl': row('b', 'x') });
  const out = join(newFolder(), 'all.csv');
  const { code, err } = await convert(input, out);
  expect(code).toBe(2);
  expect(err).toContain('training file (train.jsonl) and a test file (dev.jsonl)');
  expect(err).toContain('--to csv');
  expect(existsSync(out)).toBe(false);
});
