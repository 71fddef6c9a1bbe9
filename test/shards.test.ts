import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../src/app/cli/command.ts';
import { recordOf, withSpool } from '../src/app/cli/shards/answerShard.ts';
import { batchShards } from '../src/app/cli/shards/batchShards.ts';
import { toJson } from '../src/base/core/files.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import { localStorage } from '../src/base/storage/localStorage.ts';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { type CutInput, cutShards, planCut } from '../src/inference/shards/cut.ts';
import { finishedRecord } from '../src/inference/shards/finished.ts';
import type { FolderWork } from '../src/inference/shards/shardFolder.ts';
import { answersPath, openShardFolder, publishShard } from '../src/inference/shards/shardFolder.ts';
import type { Work } from '../src/inference/shards/work.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// Shards of a file, answered here by a tiny model and merged, against `korex batch` on the whole file.

const folder = mkdtempSync(join(tmpdir(), 'korex-shards-'));
const model = join(folder, 'tiny');
const at = (name: string) => join(folder, name);
const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };

beforeAll(async () => {
  const encoder = at('encoder');
  await writeTinyEncoder(encoder);
  const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: [] } as const;
  const made = await createRelationModel(encoder, task, { layers: null, seed: 3 });
  await saveRelationModel(model, made);
});
afterAll(() => rmSync(folder, { recursive: true }));

const sentenceOf = (i: number) => `가온${i}은 ${'아주 '.repeat(i % 9)}나루에서 일했다`;

/** Rows with and without ids, with blank lines, a broken one, and gold labels. */
const lines = Array.from({ length: 90 }, (_, i) => {
  if (i === 41) return '{"sentence": "잘린';
  if (i % 17 === 5) return '';
  const row = { ...(i % 3 === 0 && { guid: `own-${i}` }), sentence: sentenceOf(i), note: `😀 "${i}"\n줄` };
  const entity = (word: string) => ({
    word,
    start_idx: row.sentence.indexOf(word),
    end_idx: row.sentence.indexOf(word) + word.length - 1,
    type: 'PER',
  });
  return JSON.stringify({
    ...row,
    subject_entity: entity(`가온${i}`),
    object_entity: entity('나루'),
    label: labelSet.labels[i % 3],
  });
});
const jsonl = at('rows.jsonl');
const csv = at('rows.csv');
writeFileSync(jsonl, `\uFEFF${lines.join('\r\n')}\r\n`);
const quoted = (cell: unknown) => `"${String(cell).replaceAll('"', '""')}"`;
writeFileSync(
  csv,
  `\uFEFFsentence,subject_word,object_word,label,note\r\n${Array.from({ length: 60 }, (_, i) =>
    i === 33
      ? '"열린 따옴표,끝'
      : [sentenceOf(i), `가온${i}`, '나루', labelSet.labels[i % 3], i % 4 === 0 ? `"말"\n${i}` : `${i}`]
          .map(quoted)
          .join(','),
  ).join('\r\n')}\r\n`,
);

const callOf = (input: string, output: string, format: string): Call => ({
  settings: { ...DEFAULT_SETTINGS, threads: 1 },
  options: { model, input, output, format },
  switches: new Set(),
  reporter: silentReporter,
  signal: new AbortController().signal,
});

interface Opened {
  readonly work: FolderWork;
  readonly model: Work;
}
const open = async (format: string): Promise<Opened> => ({
  work: await batchShards.work(callOf('', '', format)),
  model: await batchShards.open(callOf('', '', format)),
});

/** Answers all shards of a cut into a folder, in any order. */
async function answerAll(
  input: CutInput,
  size: number,
  out: string,
  { work, model }: Opened,
  order: readonly number[] = [],
) {
  const cut = await planCut(input, size);
  await localStorage.write(join(out, 'cut.json'), toJson(cut));
  const opened = await openShardFolder(out, cut, work, false);
  const shards = [];
  for await (const shard of cutShards(input, cut)) shards.push(shard);
  const place = (index: number) => order[index % Math.max(1, order.length)] ?? 0;
  for (const shard of shards.toSorted((a, b) => place(a.index) - place(b.index)))
    await withSpool(opened, async (spool) => {
      const answers = await model.answer(shard, spool, { poison: [], signal: new AbortController().signal });
      await publishShard(opened, recordOf(opened, shard, { answers, poison: [], attempts: 1 }, 0), spool);
    });
  return { folder: opened, shards };
}

const merge = (out: string, file: string, ...more: string[]) =>
  runKorex(['shards', 'merge', out, file, '--lang', 'en', ...more]);
const filesOf = (path: string) => [path, `${path}.rejects.jsonl`].map((name) => readFileSync(name, 'utf8'));

test.each([
  ['lines of JSON', jsonl, 'jsonl'],
  ['a table with quoted line breaks and an open quote', csv, 'csv'],
])('shards of %s, cut anywhere, merged are the output of one run', async (_, path, format) => {
  const plain = at(`plain.${format}`);
  expect(await runKorex(['batch', path, plain, '--model', model, '--threads', '1'])).toMatchObject({ code: 0 });
  const opened = await open(format);
  const input: CutInput = { inputs: [path], kind: 'rows', columns: {} };
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 200, max: 9000 }),
      fc.array(fc.nat(9), { maxLength: 8 }),
      async (size, order) => {
        const out = at(`${format}-${run++}`);
        await answerAll(input, size, out, opened, order);
        const merged = join(out, `all.${format}`);
        expect(await merge(out, merged)).toMatchObject({ code: 0, err: '' });
        expect(filesOf(merged)).toEqual(filesOf(plain));
        rmSync(out, { recursive: true });
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
  await opened.model.release();
});

test('a finished shard is known again, and not when its bytes, the model or the settings are others', async () => {
  const opened = await open('jsonl');
  const path = at('known.jsonl');
  cpSync(jsonl, path);
  const input: CutInput = { inputs: [path], kind: 'rows', columns: {} };
  const { folder: shards, shards: all } = await answerAll(input, 4000, at('known'), opened);
  await opened.model.release();
  const finished = async (of = shards, list = all) =>
    (await Promise.all(list.map((shard) => finishedRecord(of, shard, {})))).map((record) => record !== null);
  expect(await finished()).toEqual(all.map(() => true));
  // Touched, and the same.
  const touched = all.map((shard) => ({ ...shard, version: 'later' }));
  expect(await finished(shards, touched)).toEqual(all.map(() => true));
  const bytes = readFileSync(path);
  bytes[bytes.length - 40] = 0x20;
  writeFileSync(path, bytes);
  expect(await finished(shards, touched)).toEqual(all.map(({ last }) => !last));
  expect(await finished({ ...shards, digest: 'of another model' })).toEqual(all.map(() => false));
  const other = { ...opened.work, settings: { ...opened.work.settings, threshold: 0.9 } };
  await expect(openShardFolder(at('known'), shards.cut, other, false)).rejects.toThrow(
    'holds shards of other settings: threshold none, not 0.9',
  );
});

test('what is missing, of another run, of another cut, or damaged is named, and nothing is written', async () => {
  const opened = await open('jsonl');
  const out = at('gaps');
  const input: CutInput = { inputs: [jsonl], kind: 'rows', columns: {} };
  const { shards } = await answerAll(input, 3000, out, opened);
  await opened.model.release();
  const file = at('merged.jsonl');
  const refused = async (expected: string) => {
    expect(await merge(out, file)).toMatchObject({ code: expect.any(Number), err: expect.stringContaining(expected) });
    expect(readdirSync(folder)).not.toContain('merged.jsonl');
  };
  const record = (index: number) => join(out, 'records', `${shards[index]!.id}.json`);
  const text = readFileSync(record(2), 'utf8');
  rmSync(record(2));
  rmSync(record(3));
  await refused(`2 of ${shards.length} shards are missing: 2–3.`);
  writeFileSync(record(2), text);
  writeFileSync(record(3), readFileSync(record(4), 'utf8').replace(/"work": "[^"]*"/, '"work": "other"'));
  await refused('1 are there of other models or settings');
  const foreign = JSON.parse(text) as { shard: { id: string } };
  foreign.shard.id = '00000002-aaaaaaaaaaaa';
  writeFileSync(join(out, 'records', '00000002-aaaaaaaaaaaa.json'), JSON.stringify(foreign));
  await refused('holds a shard of another cut: 00000002-');
  rmSync(join(out, 'records', '00000002-aaaaaaaaaaaa.json'));
  await opened.model.release();
  const again = await open('jsonl');
  await answerAll(input, 3000, out, again);
  await again.model.release();
  writeFileSync(answersPath(out, shards[1]!, '.jsonl'), 'changed\n');
  await refused('was changed since');
  expect(await merge(out, at('merged.csv'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('written as .jsonl'),
  });
});

test('korex shards shows a cut of folders and patterns, and leaves it for the tasks', async () => {
  const corpus = at('corpus');
  for (const name of ['a.jsonl', 'b/c.jsonl']) {
    await localStorage.write(join(corpus, name), readFileSync(jsonl));
  }
  await localStorage.write(join(corpus, 'relation_list.json'), '{}');
  await localStorage.write(join(corpus, 'notes.html'), 'nothing');
  const shown = async (...args: string[]) =>
    JSON.parse((await runKorex(['shards', ...args, '--json'])).out) as {
      files: number;
      shards: number;
      first: { name: string }[];
    };
  const whole = await shown(corpus);
  expect(whole).toMatchObject({ files: 2, shards: 2 });
  expect(whole.first.map(({ name }) => name)).toEqual(['a.jsonl', 'b/c.jsonl']);
  expect(await shown(join(corpus, '**/c.jsonl'))).toMatchObject({ files: 1, first: [{ name: 'b/c.jsonl' }] });
  expect((await shown(corpus, '--shard-size', '1kB')).shards).toBeGreaterThan(8);
  expect(await shown(jsonl, at('left'), '--parts', '4')).toMatchObject({ shards: 4 });
  // A later task keeps the cut that is there.
  expect(await shown(jsonl, at('left'))).toMatchObject({ shards: 4 });
  expect(await runKorex(['shards', corpus, at('left'), '--lang', 'en'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('holds shards of another input'),
  });
  expect(await shown(corpus, at('left'), '--force')).toMatchObject({ shards: 2 });
  expect(await runKorex(['shards', at('nothing'), '--lang', 'en'])).toMatchObject({ code: 2 });
});
