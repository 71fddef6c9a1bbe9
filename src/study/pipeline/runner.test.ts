import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeDataset, fakeStages } from '../../../test/support/fakeStages.ts';
import { lineIn, type Reporter, silentReporter } from '../../base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../base/core/settings.ts';
import type { StageName } from '../stages/stage.ts';
import { runPipeline, withNeeds } from './runner.ts';

let out: string;
let ran: string[];
let messages: string[];
const reporter: Reporter = { ...silentReporter, info: (message) => void messages.push(lineIn(message, 'en')) };

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-runner-'));
  ran = [];
  messages = [];
});
afterEach(() => rm(out, { recursive: true }));

interface Options {
  readonly settings?: Partial<Settings>;
  readonly digest?: string;
  readonly signal?: AbortSignal;
  readonly change?: Parameters<typeof fakeStages>[1];
}

/** Runs stages and tells which of them did not reuse what they had. */
async function run(requested: readonly StageName[], { settings, digest, signal, change }: Options = {}) {
  ran = [];
  messages = [];
  await runPipeline({
    stages: fakeStages(ran, change),
    requested,
    settings: { ...DEFAULT_SETTINGS, out, ...settings },
    loadDataset: async () => fakeDataset(digest),
    reporter,
    signal: signal ?? new AbortController().signal,
  });
  return ran;
}

const ALL = ['eda', 'dataset', 'design', 'select', 'baseline', 'train', 'compare', 'analyze', 'report'] as const;
const ALL_RAN = ['eda', 'dataset', 'design', 'select', 'baseline', 'train both', 'compare', 'analyze', 'report'];

test('needs come before the stages that read them, each once', () => {
  expect(withNeeds(fakeStages([]), ['compare'])).toEqual(['baseline', 'train', 'compare']);
  expect(withNeeds(fakeStages([]), ['report', 'eda'])).toEqual([...ALL]);
});

test('runs all stages once, then reuses all', async () => {
  expect(await run(ALL)).toEqual(ALL_RAN);
  expect(await run(ALL)).toEqual([]);
  expect(messages).toHaveLength(ALL.length);
  expect(messages[0]).toBe('✓ 01 eda 단계: reused, nothing changed');
});

test('a stage alone runs what it needs first, and says so', async () => {
  expect(await run(['compare'])).toEqual(['baseline', 'train both', 'compare']);
  expect(messages).toEqual([
    '▸ 05 baseline 단계 (needed first)',
    '▸ 06 train 단계 (needed first)',
    '▸ 07 compare 단계',
  ]);
  expect(await run(['compare'])).toEqual([]);
});

test('a changed setting redoes the stages that name it and those that read different files for it', async () => {
  await run(ALL);
  expect(await run(ALL, { settings: { lang: 'en' } })).toEqual(['report']);
  expect(messages.at(-1)).toBe('▸ 09 stage report (redone: setting lang changed)');
  expect(await run(ALL, { settings: { lang: 'en', epochs: 7 } })).toEqual([
    'train both',
    'compare',
    'analyze',
    'report',
  ]);
  expect(await run(ALL, { settings: { lang: 'en', epochs: 7, threads: 1 } })).toEqual([]);
});

test('other rows redo everything', async () => {
  await run(ALL);
  expect(await run(ALL, { digest: 'other rows' })).toEqual(ALL_RAN);
  expect(messages[0]).toContain('redone: the data changed');
});

test('a changed or missing file redoes its stage; the same bytes again leave its readers valid', async () => {
  await run(ALL);
  await writeFile(join(out, '01_eda', 'result.txt'), 'edited');
  expect(await run(ALL)).toEqual(['eda']);
  expect(messages[0]).toContain('redone: result.txt was changed');
  await rm(join(out, '06_train', 'weighted', 'best', 'model.txt'));
  expect(await run(ALL)).toEqual(['train both']);
  expect(messages[5]).toContain('redone: weighted/best/model.txt is missing');
});

test('checkpoints may be deleted', async () => {
  await run(ALL);
  await rm(join(out, '06_train', 'baseline', 'checkpoint-3'), { recursive: true });
  expect(await run(ALL)).toEqual([]);
});

test('an unreadable record redoes the stage', async () => {
  await run(['eda']);
  await writeFile(join(out, '01_eda', 'stage.json'), '{"inputs":');
  expect(await run(['eda'])).toEqual(['eda']);
});

test('force redoes the requested stages, not those they need', async () => {
  await run(['compare']);
  expect(await run(['compare'], { settings: { force: true } })).toEqual(['compare']);
});

test('a named run is a result of its own, and the comparison notices it', async () => {
  await run(ALL);
  expect(await run(['train'], { settings: { name: 'mine', epochs: 2 } })).toEqual(['train mine']);
  expect(await run(['train'], { settings: { name: 'mine', epochs: 2 } })).toEqual([]);
  expect(await run(['train'])).toEqual([]);
  expect(await run(ALL)).toEqual(['compare', 'analyze', 'report']);
  expect(messages[6]).toContain('redone: stage train changed');
  expect(await run(ALL)).toEqual([]);
});

test('a stage that fails or is interrupted counts as not done; finished ones stay', async () => {
  const fail = () => {
    throw new Error('disk');
  };
  await expect(run(ALL, { change: { design: fail } })).rejects.toThrow('disk');
  const interrupts = new AbortController();
  const interrupt = () => interrupts.abort(new Error('stop'));
  await expect(run(ALL, { signal: interrupts.signal, change: { design: interrupt } })).rejects.toThrow('stop');
  expect(ran).toEqual(['design']);
  expect(await run(ALL)).toEqual(ALL_RAN.slice(2));
});

test('an interrupted redo does not leave the old record behind', async () => {
  await run(['eda']);
  const fail = () => {
    throw new Error('disk');
  };
  await expect(run(['eda'], { settings: { marker: 'entity' }, change: { eda: fail } })).rejects.toThrow('disk');
  expect(await run(['eda'])).toEqual(['eda']);
});

test('the record holds no times and no paths of the machine', async () => {
  await run(['dataset']);
  const record = await readFile(join(out, '02_dataset', 'stage.json'), 'utf8');
  expect(record).not.toContain(out);
  await rm(join(out, '02_dataset', 'stage.json'));
  await run(['dataset']);
  expect(await readFile(join(out, '02_dataset', 'stage.json'), 'utf8')).toBe(record);
});

test('an encoder in a folder of the user’s is watched', async () => {
  const encoder = join(out, 'encoder');
  const stages = fakeStages([]);
  const withEncoder = { ...stages, eda: { ...stages.eda, settings: ['encoder'] as const } };
  const edaOf = async () => {
    const outcomes = await runPipeline({
      stages: withEncoder,
      requested: ['eda'],
      settings: { ...DEFAULT_SETTINGS, out, encoder },
      loadDataset: async () => fakeDataset(),
      reporter,
      signal: new AbortController().signal,
    });
    return outcomes[0]?.status;
  };
  await mkdir(encoder);
  await writeFile(join(encoder, 'config.json'), '{}');
  expect(await edaOf()).toBe('done');
  expect(await edaOf()).toBe('reused');
  await writeFile(join(encoder, 'config.json'), '{ }');
  expect(await edaOf()).toBe('done');
});

test('a stage is redone when a file that it reads beside other stages has changed', async () => {
  const runWith = async (files: Readonly<Record<string, string>>) => {
    ran = [];
    messages = [];
    const stages = fakeStages(ran);
    await runPipeline({
      stages: { ...stages, eda: { ...stages.eda, reads: async () => files } },
      ...{
        requested: ['eda'],
        settings: { ...DEFAULT_SETTINGS, out },
        loadDataset: async () => fakeDataset(),
        reporter,
      },
      signal: new AbortController().signal,
    });
    return ran;
  };
  expect(await runWith({})).toEqual(['eda']);
  expect(await runWith({})).toEqual([]);
  expect(await runWith({ 'experiments/mine': 'a' })).toEqual(['eda']);
  expect(messages[0]).toContain('redone: experiments/mine changed');
  expect(await runWith({ 'experiments/mine': 'a' })).toEqual([]);
  expect(await runWith({ 'experiments/mine': 'b' })).toEqual(['eda']);
});
