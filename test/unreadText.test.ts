import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineIn, type ReportLine, silentReporter } from '../src/base/core/reporter.ts';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

/** Text that the tokenizer does not know: said by every command that encodes rows, and refused where it is most of the text. */

const folder = mkdtempSync(join(tmpdir(), 'korex-unread-'));
const [encoder, model, out] = [join(folder, 'encoder'), join(folder, 'tiny'), join(folder, 'out')];
const labels = ['no_relation', 'per:title'];

/** Rows of which so many words in thirty are in a script that no vocabulary here has. */
const rowsFile = (name: string, strange: number) => {
  const words = Array.from({ length: 30 }, (_, i) => (i < strange ? '𐎀𐎁𐎂' : '아주'));
  const rows = Array.from({ length: 40 }, (_, i) => ({
    guid: i,
    sentence: `가온${i}은 ${words.join(' ')} 나루에서 일했다.`,
    subject_entity: { word: `가온${i}`, type: 'PER' },
    object_entity: { word: '나루', type: 'ORG' },
    label: labels[i % 2],
  }));
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(rows));
  return path;
};

let warnings: string[] = [];
const reporter = { ...silentReporter, warn: (line: ReportLine) => void warnings.push(lineIn(line, 'en')) };
const korex = (...args: string[]) => {
  warnings = [];
  return runKorex([...args, '--lang', 'en'], { reporter });
};

let [readable, doubtful, unreadable] = ['', '', ''];
beforeAll(async () => {
  [readable, doubtful, unreadable] = [rowsFile('readable', 0), rowsFile('doubtful', 2), rowsFile('unreadable', 30)];
  await writeTinyEncoder(encoder);
  const labelSet = { labels, noRelation: 'no_relation' };
  const task = {
    marker: 'entity',
    head: 'entity-start',
    maxLength: 64,
    labelSet,
    entityTypes: ['PER', 'ORG'],
  } as const;
  await saveRelationModel(model, await createRelationModel(encoder, task, { layers: null, seed: 5 }));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['eda', (data: string) => ['eda', '--data', data, '--encoder', encoder, '--out', out]],
  [
    'train --dry-run',
    (data: string) => ['train', '--dry-run', '--name', 'x', '--data', data, '--encoder', encoder, '--out', out],
  ],
  ['evaluate', (data: string) => ['evaluate', '--model', model, '--data', data, '--out', out]],
  ['batch', (data: string) => ['batch', '--model', model, data, join(folder, 'answers.jsonl'), '--force']],
])('%s: warns of some, stops at many unless told otherwise', async (command, args) => {
  const unsure = await korex(...args(doubtful));
  expect([unsure.code, warnings.length], unsure.err).toEqual([0, 1]);
  expect(warnings[0]).toMatch(/^\d+\.\d% of the tokens of .* are unknown to the tokenizer\. Usual causes: /);
  const stopped = await korex(...args(unreadable));
  expect(stopped.code).toBe(2);
  expect(stopped.err).toContain('the model would see next to nothing of the text');
  expect(stopped.err).toContain('--allow-unknown-tokens');
  // Its figures take seconds.
  if (command === 'eda') return;
  const allowed = await korex(...args(unreadable), '--allow-unknown-tokens');
  expect([allowed.code, warnings.length], allowed.err).toEqual([0, 1]);
  const clear = await korex(...args(readable));
  expect([clear.code, warnings], clear.err).toEqual([0, []]);
});

test('predict: refuses a sentence that it cannot read, unless told otherwise, in the language asked for', async () => {
  const args = ['predict', '--model', model, '--subject', '가온/PER', '--object', '나루/ORG', '--sentence'];
  const sentence = `가온은 ${'𐎀𐎁 '.repeat(30)}나루에서 일했다.`;
  const { code, err } = await korex(...args, sentence);
  expect([code, err]).toEqual([2, expect.stringContaining('of the tokens of the sentence are unknown')]);
  expect((await runKorex([...args, sentence], { lang: 'ko' })).err).toContain('문장의 토큰 가운데');
  expect((await korex(...args, sentence, '--allow-unknown-tokens')).code).toBe(0);
  expect(warnings).toHaveLength(1);
  expect((await korex(...args, '가온은 나루에서 일했다.')).code).toBe(0);
  expect(warnings).toEqual([]);
});

test('stages 01 and 02 and the evaluation say the share in their files', async () => {
  await korex('dataset', '--data', doubtful, '--encoder', encoder, '--out', out);
  const read = (...path: string[]) => JSON.parse(readFileSync(join(out, ...path), 'utf8'));
  const { lengths, interpretations } = read('01_klue_re_eda', 'eda_summary.json');
  expect(lengths.unknown.train).toBeGreaterThan(0.02);
  expect(interpretations.lengths.en).toContain('The tokenizer may not fit this text.');
  const { checks } = read('02_klue_re_dataset_construction', 'quality_checks.json');
  expect(checks.find(({ name }: { name: string }) => name === 'tokens_known')).toMatchObject({ status: 'warn' });
  const { out: text } = await korex('evaluate', '--model', model, '--data', doubtful, '--out', out, '--json');
  expect(JSON.parse(text).unknown_tokens).toBeCloseTo(lengths.unknown.train, 2);
});
