import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toJsonLines } from '../src/base/core/files.ts';
import type { AblationResults } from '../src/base/eval/ablation/results.ts';
import type { DryRun } from '../src/study/stages/training/dryRun.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// Trainings of entities beside a single one: experiments, seeds, samples, dry runs.

let root: string;
let options: string[];

const PEOPLE = ['이도현', '서지우', '김하늘', '박소라', '최유진'];
const FIRMS = ['한빛전자', '가온물산', '누리통신'];

/** Invented sentences of people at firms. */
const documents = (pattern: (person: string, firm: string) => string) =>
  PEOPLE.flatMap((person) =>
    FIRMS.map((firm) => {
      const text = pattern(person, firm);
      const at = (word: string, type: string) => {
        const start = text.indexOf(word);
        return { word, start, end: start + word.length - 1, type };
      };
      return { id: `${person}-${firm}`, text, entities: [at(person, 'PER'), at(firm, 'ORG')] };
    }),
  );

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-entity-studies-'));
  await writeTinyEncoder(join(root, 'encoder'));
  const data = join(root, 'data');
  await mkdir(data);
  const train = [
    ...documents((person, firm) => `${person}은 ${firm}에서 일한다.`),
    ...documents((person, firm) => `어제 ${firm}의 ${person}을 만났다.`),
  ];
  await writeFile(join(data, 'train.jsonl'), toJsonLines(train));
  await writeFile(join(data, 'dev.jsonl'), toJsonLines(documents((person, firm) => `${firm}를 세운 ${person}.`)));
  options = ['--encoder', join(root, 'encoder'), '--data', data, '--threads', '1', '--max-length', '48'];
});
afterAll(() => rm(root, { recursive: true }));

const train = (...args: string[]) =>
  runKorex(['train', '--task', 'entities', ...options, '--batch-size', '4', '--lr', '0.02', ...args]);

test('a dry run shows the tags that are learned, of a sample of the sentences, and writes nothing', async () => {
  const out = join(root, 'dry');
  const { code, out: text } = await train('--dry-run', '--name', 'look', '--train-rows', '20', '--out', out);
  expect(code).toBe(0);
  expect(text).toMatch(/run look\n\d+ training rows, \d+ validation rows; \d+ steps an epoch/);
  expect(text).toContain('/B-PER');
  expect(text).toContain('/I-ORG');
  expect(text).toContain('Nothing was trained or written.');
  const { out: json } = await train('--dry-run', '--name', 'look', '--train-rows', '20', '--out', out, '--json');
  const { look } = (JSON.parse(json) as { runs: Record<string, DryRun> }).runs;
  expect(look!.trainRows + look!.validationRows).toBe(20);
  expect(look!.plan).toMatchObject({ task: 'entities', head: 'tokens', batchSize: 4 });
  expect(look!.batches[0]!.rows[0]).toMatchObject({ label: null, guid: expect.stringContaining('-') });
  expect(await readdir(root)).not.toContain('dry');
});

test('runs under several seeds, and their mean', async () => {
  const out = join(root, 'seeds');
  const args = ['--name', 'e', '--seeds', '1,2', '--epochs', '2', '--out', out];
  const { code, out: text } = await train(...args);
  expect(code).toBe(0);
  expect(text).toMatch(/run\s+entity F1\s+mean of the types\s+recall/);
  const file = JSON.parse(await readFile(join(out, '06_klue_re_training', 'e-seeds.json'), 'utf8')) as {
    runs: { run: string; micro_f1: number }[];
    mean: { micro_f1: number };
  };
  expect(file.runs.map(({ run }) => run)).toEqual(['e-seed-1', 'e-seed-2']);
  expect(file.mean.micro_f1).toBeCloseTo((file.runs[0]!.micro_f1 + file.runs[1]!.micro_f1) / 2, 12);
  // Both are there already.
  expect((await train(...args)).out).toBe(text);
}, 120_000);

test('an experiment tells techniques apart by the F1 of entities, on sentences that no run trains on', async () => {
  const config = join(root, 'mine.json');
  const experiment = {
    name: 'mine',
    rows: { train: 18, judged: 8, seed: 3 },
    base: { task: 'entities', encoder: join(root, 'encoder'), epochs: 3, batchSize: 4, lr: 0.02, maxLength: 48 },
    seeds: [1, 2],
    techniques: [{ name: 'frozen', settings: { freezeLayers: 1, lr: 0.00001 } }],
  };
  await writeFile(config, JSON.stringify(experiment));
  const out = join(root, 'experiment');
  const args = ['experiment', '--config', config, '--data', join(root, 'data'), '--out', out, '--threads', '1'];
  const { code, out: text } = await runKorex([...args, '--lang', 'en']);
  expect(code).toBe(0);
  expect(text).toMatch(/Technique\s+Verdict\s+Entity F1\s+Difference/);
  expect(text).not.toContain('AUPRC');
  const folder = join(out, 'experiments', 'mine');
  const results = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as AblationResults;
  expect(results.experiment.task).toBe('entities');
  expect(results.labels).toEqual(['PER', 'ORG']);
  // Eight sentences of two types, one entity each.
  expect(results.gold).toBe('1'.repeat(16));
  const [frozen] = results.techniques;
  expect(frozen!.against!.micro_f1.difference).toBeLessThan(0);
  expect(frozen!.verdict).toBe('loss');
  expect(await readFile(join(folder, 'results.en.md'), 'utf8')).toContain('Difference in entity F1');
  expect(await readFile(join(folder, 'ablation.svg'), 'utf8')).toContain('frozen');
  const run = join(folder, 'runs', 'baseline-seed-1');
  expect((await readdir(run)).sort()).toEqual(['predictions.jsonl', 'run.json', 'training']);
  // The same command finds all done; verdicts come anew from results alone; the test sentences are read at the end.
  const again = await runKorex([...args, '--json', '--results-only']);
  expect(JSON.parse(again.out)).toMatchObject({ experiment: { name: 'mine', task: 'entities' } });
  const final = await runKorex([...args, '--json', '--final']);
  const { final: tested } = JSON.parse(final.out) as { final: AblationResults['final'] };
  expect(tested!.test).toMatchObject({ rows: 15, file: { path: 'dev.jsonl' } });
  expect(tested!.baseline.mean.micro_f1).not.toBeNull();
  expect(JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'))).toMatchObject({ runs: results.runs });
}, 180_000);

test('techniques of another task than the base are refused, and settings of relations', async () => {
  const config = join(root, 'wrong.json');
  const write = (settings: object) =>
    writeFile(
      config,
      JSON.stringify({
        ...{ name: 'wrong', rows: { train: 18, judged: 8 }, base: { task: 'entities' }, seeds: [1] },
        techniques: [{ name: 'a', settings }],
      }),
    );
  const run = () =>
    runKorex(['experiment', '--config', config, '--data', join(root, 'data'), '--out', root, '--lang', 'en']);
  await write({ task: 'relation' });
  expect((await run()).err).toContain('task is relation, that of the base entities');
  await write({ loss: 'focal' });
  expect((await run()).err).toContain('Technique "a": --loss does not go with entities');
});
