import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// `korex batch` as a process of its own, which can be killed at any moment. Each takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'korex-batch-'));
const model = join(folder, 'tiny');
const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
const ROWS = 3500;

/** Every 1,000th row is cut off. */
const lines = Array.from({ length: ROWS }, (_, i) => {
  const sentence = `가온${i}은 ${'아주 '.repeat(i % 9)}나루에서 일했다`;
  const row = JSON.stringify({ sentence, subject: { word: `가온${i}` }, object: { word: '나루' } });
  return i % 1000 === 999 ? row.slice(0, 20) : row;
});
const input = join(folder, 'rows.jsonl');
const unwritten = join(folder, 'out.jsonl');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function korex(args: readonly string[], stdin = ''): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(root, 'dist/app/cli/main.js'), ...args, '--threads', '1'], {
    cwd: folder,
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  child.stdin.on('error', () => {}).end(stdin);
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return { child, ended };
}

const batch = (out: string, ...more: string[]) =>
  korex(['batch', '--lang', 'en', '--model', model, input, out, ...more]);

/** Rows that an output counts as done; -1 without a state. */
function rowsDone(out: string): number {
  const state = join(folder, `${out}.partial.json`);
  if (!existsSync(state)) return -1;
  return (JSON.parse(readFileSync(state, 'utf8')) as { rows: number }).rows;
}

/** Rows behind those, of which the model's results are kept. */
function rowsBehind(out: string): number {
  const kept = join(folder, `${out}.partial.logits.jsonl`);
  if (!existsSync(kept)) return 0;
  const rows = readFileSync(kept, 'utf8').split('\n').slice(0, -1);
  return rows.filter((line) => (JSON.parse(line) as { row: number }).row >= rowsDone(out)).length;
}

/** Ends a run by a signal once it has done so many rows, and a little later. */
async function stop(out: string, signal: NodeJS.Signals, rows: number, later: number): Promise<Ended> {
  const { child, ended } = batch(out);
  while (child.exitCode === null && rowsDone(out) < rows) await sleep(2);
  await sleep(later);
  child.kill(signal);
  return ended;
}

const filesOf = (out: string) => [out, `${out}.rejects.jsonl`].map((name) => readFileSync(join(folder, name), 'utf8'));

beforeAll(async () => {
  const built = spawn(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
  await new Promise((resolve) => built.on('close', resolve));
  const encoder = join(folder, 'encoder');
  await writeTinyEncoder(encoder);
  const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: [] } as const;
  await saveRelationModel(model, await createRelationModel(encoder, task, { layers: null, seed: 5 }));
  writeFileSync(input, lines.join('\n'));
  const { code, out } = await batch('whole.jsonl', '--json').ended;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ...{ model: 'tiny', in: input, out: 'whole.jsonl', rejects: 'whole.jsonl.rejects.jsonl' },
    ...{ rows: ROWS, rejected: 3, resumed_from: 0, seconds: expect.any(Number), rows_per_second: expect.any(Number) },
  });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('an answer for each good row, in order', () => {
  const [answers, rejects] = filesOf('whole.jsonl').map((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
  const good = lines.flatMap((_, i) => (i % 1000 === 999 ? [] : [`rows.jsonl:${i + 1}`]));
  expect(answers!.map(({ guid }) => guid)).toEqual(good);
  expect(rejects!.map(({ row }) => row)).toEqual([1000, 2000, 3000]);
});

test('killed at several moments, the next run goes on and ends in the same bytes', async () => {
  for (const [rows, later] of [
    [-1, 200],
    [1024, 5],
    [2048, 40],
  ] as const)
    expect(await stop('killed.jsonl', 'SIGKILL', rows, later)).toMatchObject({ code: null });
  const before = Math.max(0, rowsDone('killed.jsonl'));
  expect(before).toBeGreaterThanOrEqual(2048);
  const behind = rowsBehind('killed.jsonl');
  const { code, out } = await batch('killed.jsonl', '--json').ended;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ rows: ROWS, rejected: 3, resumed_from: before + behind });
  expect(filesOf('killed.jsonl')).toEqual(filesOf('whole.jsonl'));
  for (const rest of ['.partial', '.partial.json', '.partial.logits.jsonl', '.rejects.jsonl.partial', '.lock'])
    expect(existsSync(join(folder, `killed.jsonl${rest}`))).toBe(false);
});

test('Ctrl-C: saved, with a word on how to go on', async () => {
  const { code, err } = await stop('stopped.jsonl', 'SIGINT', 1024, 0);
  expect(code).toBe(130);
  expect(err).toMatch(/Interrupted after [\d,]+ rows\.\nThey are kept: the same command, without --force, continues/);
  expect((await batch('stopped.jsonl').ended).code).toBe(0);
  expect(filesOf('stopped.jsonl')).toEqual(filesOf('whole.jsonl'));
});

test('a finished file stays; a half-finished one of another input is not gone on with', async () => {
  const again = await batch('whole.jsonl').ended;
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('whole.jsonl is there already.') });
  await stop('other.jsonl', 'SIGKILL', 1024, 0);
  const other = join(folder, 'other-rows.jsonl');
  writeFileSync(other, lines[0]!);
  const mixed = await korex(['batch', '--lang', 'en', '--model', model, other, 'other.jsonl']).ended;
  expect(mixed).toMatchObject({ code: 2, err: expect.stringContaining('rows of another input, rows.jsonl') });
  const forced = await korex(['batch', '--lang', 'en', '--model', model, other, 'other.jsonl', '--force']).ended;
  expect(forced).toMatchObject({ code: 0, out: expect.stringContaining('1 of 1 rows answered') });
});

test('from a pipe into a pipe', async () => {
  const { code, out, err } = await korex(
    ['batch', '--lang', 'en', '--model', model, '-', '-'],
    `${lines.slice(0, 3).join('\n')}\n{"x":`,
  ).ended;
  expect(code).toBe(0);
  const guids = out.trim().split('\n');
  expect(guids.map((line) => (JSON.parse(line) as { guid: string }).guid)).toEqual(['stdin:1', 'stdin:2', 'stdin:3']);
  expect(err).toContain('row 4, line: found "{\\"x\\":"; expected a complete JSON object');
});

test.each([
  ['an ending nobody knows', [input, `${unwritten}.txt`], 'out.jsonl.txt: answers are written as JSONL or CSV'],
  ['no input', ['none.jsonl', unwritten], 'Cannot read none.jsonl: no such file or folder.'],
  ['the input as output', [input, input], 'is the file to read: writing would destroy it.'],
  ['--json into a pipe', [input, '-', '--json'], '--json needs standard output'],
  ['a number out of range', [input, unwritten, '--top-k', '0'], '--top-k is "0".'],
  ['an unknown word', [input, unwritten, '--on-bad-row', 'x'], '--on-bad-row is "x".'],
  ['no model', [input, unwritten, '--model', 'nowhere'], '--model nowhere: no model there'],
])('%s: exit 2 and a clear message', async (_, args, message) => {
  const { code, err } = await runKorex(['batch', '--model', model, ...args]);
  expect(err).toContain(message);
  expect(code).toBe(2);
  expect(existsSync(`${unwritten}.partial`)).toBe(false);
});
