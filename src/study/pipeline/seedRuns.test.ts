import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeDataset, fakeStages } from '../../../test/support/fakeStages.ts';
import { writeFileAtomic } from '../../base/core/files.ts';
import { silentReporter } from '../../base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../base/core/settings.ts';
import { runStageSeeds } from './seedRuns.ts';

let out: string;
let trained: Pick<Settings, 'name' | 'seed' | 'trainingSeed' | 'resume'>[];

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-seeds-'));
  trained = [];
});
afterEach(() => rm(out, { recursive: true }));

/** Runs over a training whose macro-F1 is a hundredth of its seed. */
async function seeds(changes: Partial<Settings>) {
  const stages = fakeStages([]);
  const settings = { ...DEFAULT_SETTINGS, out, ...changes };
  return runStageSeeds({
    stages: {
      ...stages,
      train: {
        ...stages.train,
        settings: ['name', 'trainingSeed'],
        run: async ({ settings: { name, seed, trainingSeed, resume } }) => {
          trained.push({ name, seed, trainingSeed, resume });
          await writeFileAtomic(join(out, '06_train', name!, 'best', 'model.txt'), 'weights\n');
          const macro_f1 = trainingSeed! / 100;
          return { runs: { [name!]: { n: 9, accuracy: 0.5, macro_f1, micro_f1: 0.5, auprc: null } } };
        },
      },
    },
    requested: ['train'],
    settings,
    loadDataset: async () => fakeDataset(),
    reporter: silentReporter,
    signal: new AbortController().signal,
  });
}

test('a run per seed on the same rows, then mean and sample standard deviation, also as a file', async () => {
  const { file, ...result } = await seeds({ name: 'tp', seeds: '10,20,60' });
  expect(trained).toEqual(
    [10, 20, 60].map((seed) => ({ name: `tp-seed-${seed}`, seed: 42, trainingSeed: seed, resume: false })),
  );
  expect(result.mean).toEqual({ accuracy: 0.5, macro_f1: expect.closeTo(0.3, 9), micro_f1: 0.5, auprc: null });
  // √((0.2² + 0.1² + 0.3²) / 2)
  expect(result.deviation).toEqual({
    ...{ accuracy: 0, macro_f1: expect.closeTo(Math.sqrt(0.07), 9), micro_f1: 0, auprc: null },
  });
  expect(file).toBe(join(out, '06_train', 'tp-seeds.json'));
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(result);
});

test('what is finished is reused when a seed is added', async () => {
  await seeds({ name: 'tp', seeds: '1,2' });
  const { runs } = await seeds({ name: 'tp', seeds: '1,2,3' });
  expect(trained.map(({ trainingSeed }) => trainingSeed)).toEqual([1, 2, 3]);
  expect(runs.map(({ run, macro_f1 }) => [run, macro_f1])).toEqual([
    ['tp-seed-1', 0.01],
    ['tp-seed-2', 0.02],
    ['tp-seed-3', 0.03],
  ]);
});

test.each<[Partial<Settings>, string]>([
  [{ name: null, seeds: '1,2' }, '--seeds needs --name'],
  [{ name: 'a', seeds: '1,2', trainingSeed: 3 }, 'exclude each other'],
  [{ name: 'a', seeds: '1,2,1' }, '1 is given twice'],
])('%o is refused before anything is trained', async (changes, message) => {
  await expect(seeds(changes)).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(message) });
  expect(trained).toEqual([]);
});
