import { expect, test } from 'vitest';
import type { RunEntry, RunLog } from '../../../../src/app/serve/page/shapes.ts';
import { someLog, somePlan } from '../../../../test/support/runFolders.ts';
import { joinLog } from './log.ts';
import { runColours } from './runColours.ts';
import { ANY_ANSWER, formatState, parseState, type RunsState } from './runsAddress.ts';
import { settingRows } from './settings.ts';

const answer = (log: RunLog['log']): RunLog => ({
  ...{ status: 'training', steps: 40, steps_per_epoch: 10, last_step: log.at(-1)?.step ?? 0, log },
});

test('parts of a log join to the whole, with the validation that came after its step', () => {
  const whole = someLog(25);
  const validation = whole.findIndex((entry) => 'validation' in entry);
  const first = joinLog([], answer(whole.slice(0, validation)))!;
  const second = joinLog(first, answer(whole.filter(({ step }) => step >= 10 && step <= 20).slice(1)))!;
  const third = joinLog(
    second,
    answer(whole.filter((entry) => entry.step > 20 || ('validation' in entry && entry.step === 20))),
  )!;
  expect(third).toEqual(whole);
  expect(joinLog(third, { ...answer([]), last_step: 25 })).toBe(third);
});

test('a log that ends before what was seen belongs to another training', () => {
  expect(joinLog(someLog(20), answer(someLog(3)))).toBeNull();
});

const run = (name: string, changes: Partial<RunEntry>): RunEntry => ({
  ...{ name, title: { ko: name, en: name }, status: 'finished', changed: '', dataset: 'sample', trained_rows: 80 },
  ...{ fine_tuned: true, step: 20, steps: 20, plan: somePlan(), best_step: 20, stopped_early: false },
  ...{ metrics: null, intervals: null, validation: null, ...changes },
});

test('settings go by the names of their options; those that differ are marked', () => {
  const rows = settingRows([run('a', {}), run('b', { plan: somePlan({ batchSize: 16 }), trained_rows: 90 })]);
  const different = rows.filter(({ differs }) => differs);
  expect(different).toEqual([
    { name: '--batch-size', values: ['8', '16'], differs: true },
    { name: 'training rows', values: ['80', '90'], differs: true },
  ]);
  expect(rows.find(({ name }) => name === '--dropout')?.values).toEqual([null, null]);
});

test('a run keeps its colour whichever others there are, and no two share one while there are enough', () => {
  const names = ['baseline', 'frozen', 'tp', 'lora', 'distilled', 'my-run'];
  const colours = runColours(names);
  expect(new Set(colours.values()).size).toBe(names.length);
  expect(runColours(names.toReversed())).toEqual(new Map(names.toReversed().map((name) => [name, colours.get(name)])));
  expect(runColours(['baseline', 'tp']).get('baseline')).toBe(colours.get('baseline'));
  expect(runColours(['tp']).get('tp')).toBe(runColours(['tp', 'weighted', 'untrained']).get('tp'));
  const many = Array.from({ length: 30 }, (_, i) => `run-${i}`);
  expect(runColours(many).size).toBe(30);
});

const STATE: RunsState = {
  ...{ runs: null, at: null, measure: 'macro_f1', allSettings: false, cells: 'counts', cases: null },
  answers: ANY_ANSWER,
};

test.each<[string, Partial<RunsState>, string]>([
  ['nothing chosen yet', {}, ''],
  ['none ticked', { runs: [] }, 'run='],
  [
    'two runs at a section',
    { runs: ['a', 'b.c'], at: 'analysis', cases: 'missed' },
    'run=a&run=b.c&at=analysis&cases=missed',
  ],
  [
    'rows filtered',
    { answers: { gold: 'per:title', predicted: 'no_relation', by: 'b', outcome: '10', text: '대표 & 이사' } },
    `gold=per%3Atitle&predicted=no_relation&by=b&outcome=10&q=${new URLSearchParams({ q: '대표 & 이사' }).toString().slice(2)}`,
  ],
  [
    'how it is shown',
    { measure: 'loss', allSettings: true, cells: 'shares' },
    'measure=loss&settings=all&cells=shares',
  ],
])('the address of %s gives the same view', (_, changes, address) => {
  const state = { ...STATE, ...changes };
  expect(formatState(state).toString()).toBe(address);
  expect(parseState(new URLSearchParams(address))).toEqual(state);
});

test('what an address cannot mean is left out', () => {
  const params = new URLSearchParams('at=nowhere&measure=speed&outcome=2&cells=x&settings=some');
  expect(parseState(params)).toEqual(STATE);
});
