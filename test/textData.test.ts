import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCalibration } from '../src/engine/runs/calibration.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// Documents with all their relations as training rows beside those of --data.

const document = (id: number) => {
  const [person, group] = [`한별${id}`, `누리${id}`];
  const text = `${person}은 ${group}의 대표이고 서울에 산다.`;
  const place = (word: string, type: string) => ({
    word,
    start: text.indexOf(word),
    end: text.indexOf(word) + word.length - 1,
    type,
  });
  return {
    id: `doc-${id}`,
    text,
    entities: [place(person, 'PER'), place(group, 'ORG'), place('서울', 'LOC')],
    relations: [
      [0, 'per:employee_of', 1],
      [1, 'org:top_members/employees', 0],
      [0, 'per:place_of_residence', 2],
    ],
    unsure: [[1, 'org:place_of_headquarters', 2]],
  };
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-text-data-'));
  await writeTinyEncoder(join(folder, 'encoder'));
  const lines = Array.from({ length: 60 }, (_, id) => JSON.stringify(document(id)));
  await writeFile(join(folder, 'texts.jsonl'), `${lines.slice(0, 30).join('\n')}\n`);
  await writeFile(join(folder, 'more.jsonl'), `${lines.slice(30).join('\n')}\n`);
  await writeFile(join(folder, 'wrong.jsonl'), `${lines[0]!.replace('per:employee_of', 'per:job')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const train = (...args: string[]) =>
  runKorex([
    ...['train', '--encoder', join(folder, 'encoder'), '--out', join(folder, 'out'), '--train-rows', '80'],
    ...['--eval-rows', '40', '--threads', '1', '--name', 'texts', '--marker', 'typed-punct', '--lr', '0.01'],
    ...args,
  ]);

test('trains on the pairs of documents, tells how many, and calibrates for texts on those held back', async () => {
  const files = `${join(folder, 'texts.jsonl')},${join(folder, 'more.jsonl')}`;
  const options = ['--text-data', files, '--text-weight', '0.5', '--text-order', 'last', '--epochs', '1'];
  options.push('--validation', '0.5');
  const { code, err } = await train(...options);
  expect(err).not.toContain('invalid');
  expect(code).toBe(0);
  const run = join(folder, 'out', '06_klue_re_training', 'texts');
  const summary = JSON.parse(await readFile(join(run, 'metrics_summary.json'), 'utf8')) as Record<string, unknown>;
  // 30 documents without the 30 held back; three relations each, and the pairs whose types the sample's rows relate.
  expect(summary.text_rows).toBeGreaterThanOrEqual(30 * 3);
  expect(summary.trained_rows).toBeLessThan(80);
  expect(summary.plan).toMatchObject({ textWeight: 0.5, textOrder: 'last' });
  expect(summary.row_settings).toEqual({ trainRows: 80, textData: 'texts.jsonl,more.jsonl' });
  const { text } = (await loadCalibration(join(run, 'best')))!;
  expect(text).toMatchObject({ documents: 30, folds: 5 });
  const again = await runKorex([
    'calibrate',
    '--model',
    run,
    '--data',
    join(folder, 'more.jsonl'),
    '--threads',
    '1',
    '--json',
  ]);
  expect(JSON.parse(again.out)).toMatchObject({ documents: 30, measured: { f1: expect.any(Number) as number } });
});

test('a dry run counts them', async () => {
  const { code, out } = await train('--dry-run', '--text-data', join(folder, 'texts.jsonl'), '--text-negatives', '0');
  expect(code).toBe(0);
  expect(out).toMatch(/training rows \(of these of documents 81\)/);
});

test('says where a document is wrong', async () => {
  const { code, err } = await train('--text-data', join(folder, 'wrong.jsonl'));
  expect(code).toBe(2);
  expect(err).toContain('row 1, relations.0: found "per:job"; expected one of the');
});
