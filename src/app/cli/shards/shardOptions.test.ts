import { expect, test } from 'vitest';
import { rowSecondsOf, shardBytesOf, shareOf } from './shardOptions.ts';

const share = (options: Record<string, string>, environment: Record<string, string> = {}) =>
  shareOf({ options }, environment);

test('a share is written from 1 on', () => {
  expect(share({ shard: '1/3' })).toEqual({ task: 0, of: 3 });
  expect(share({ shard: '3/3' })).toEqual({ task: 2, of: 3 });
  expect(share({})).toBeNull();
  for (const wrong of ['0/3', '4/3', '1', '1/0', '-1/3', 'a/b', '1/3/5', ''])
    expect(() => share({ shard: wrong })).toThrow(`--shard is "${wrong}".`);
});

test.each([
  ['Kubernetes', { JOB_COMPLETION_INDEX: '0', KOREX_SHARDS: '4' }, {}, { task: 0, of: 4 }],
  ['Kubernetes with --shards', { JOB_COMPLETION_INDEX: '3' }, { shards: '4' }, { task: 3, of: 4 }],
  ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '9' }, {}, { task: 2, of: 9 }],
  [
    'Slurm, whose numbers may begin anywhere',
    { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_COUNT: '6' },
    {},
    { task: 2, of: 6 },
  ],
])('%s says which share a task has', (_, environment, options, expected) => {
  expect(share({ shard: 'auto', ...options }, environment)).toEqual(expected);
});

test('a scheduler alone changes nothing: KOREX_SHARDS says that the command is one of its tasks', () => {
  expect(share({}, { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '4' })).toBeNull();
  expect(share({}, { JOB_COMPLETION_INDEX: '1', KOREX_SHARDS: '2' })).toEqual({ task: 1, of: 2 });
});

test.each([
  ['no scheduler', {}, 'no scheduler says which task this is'],
  ['no number of tasks', { JOB_COMPLETION_INDEX: '1' }, 'does not say how many tasks there are'],
  ['a number that is too large', { JOB_COMPLETION_INDEX: '4', KOREX_SHARDS: '4' }, 'says task 4'],
  ['gaps', { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_COUNT: '5' }, 'says task 9'],
])('--shard auto with %s is refused', (_, environment, message) => {
  expect(() => share({ shard: 'auto' }, environment as Record<string, string>)).toThrow(message);
});

test('sizes have units, and times are seconds', () => {
  expect(shardBytesOf({})).toBeNull();
  expect(['1000', '500kB', '8MiB', '1.5 GiB'].map((shardSize) => shardBytesOf({ shardSize }))).toEqual([
    1000,
    500_000,
    8 * 2 ** 20,
    1.5 * 2 ** 30,
  ]);
  for (const shardSize of ['', '0', '-1', '8 apples', 'MiB', '1.2.3'])
    expect(() => shardBytesOf({ shardSize })).toThrow('--shard-size is');
  expect(rowSecondsOf({})).toBe(60);
  expect(rowSecondsOf({ rowTimeout: '0.5' })).toBe(0.5);
  for (const rowTimeout of ['', '0', 'x', '-3']) expect(() => rowSecondsOf({ rowTimeout })).toThrow('--row-timeout is');
});
