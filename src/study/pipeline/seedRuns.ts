import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { Settings } from '../../base/core/settings.ts';
import { eachMetric, metricsSchema } from '../../base/eval/metrics.ts';
import { overSeeds, type SeedFigures } from '../../base/eval/overSeeds.ts';
import { type PipelineJob, runPipeline } from './runner.ts';

/** One run per seed, and how far the seeds are apart. */
export interface SeedRuns {
  readonly name: string;
  readonly runs: readonly ({ readonly run: string; readonly seed: number } & SeedFigures)[];
  readonly mean: SeedFigures;
  /** Sample standard deviation, over n - 1. */
  readonly deviation: SeedFigures;
}

const resultSchema = z.object({ runs: z.record(z.string(), metricsSchema) });

/** The training seeds of `--seeds`. Errors: `usage` for settings that exclude it. */
export function seedsOf({ seeds, name, trainingSeed }: Pick<Settings, 'seeds' | 'name' | 'trainingSeed'>): number[] {
  const list = (seeds ?? '').split(',').map(Number);
  if (name === null)
    throw usageError({
      en: '--seeds needs --name: the runs are called NAME-seed-1, NAME-seed-2, …',
      ko: '--seeds에는 --name이 필요하다. 학습의 이름은 NAME-seed-1, NAME-seed-2, …이다.',
    });
  if (trainingSeed !== null)
    throw usageError({
      en: '--seeds and --training-seed exclude each other.',
      ko: '--seeds와 --training-seed는 함께 쓸 수 없다.',
    });
  const twice = list.find((seed, i) => list.indexOf(seed) < i);
  if (twice !== undefined)
    throw usageError({
      en: `--seeds ${seeds}: ${twice} is given twice.`,
      ko: `--seeds ${seeds}: ${twice}이(가) 두 번 있다.`,
    });
  return list;
}

/**
 * Trains a named run once per seed, on the same rows and the same validation rows, and writes `NAME-seeds.json` beside
 * the runs. What is finished is reused, what was interrupted is continued.
 *
 * @param folder of the runs
 * @param train trains a run, or finds it finished, and returns its figures
 */
export async function runSeeds(
  settings: Settings,
  folder: string,
  train: (seeded: Settings & { readonly name: string }) => Promise<SeedFigures>,
): Promise<SeedRuns & { readonly file: string }> {
  const seeds = seedsOf(settings);
  const runs: SeedRuns['runs'][number][] = [];
  for (const seed of seeds) {
    const run = `${settings.name}-seed-${seed}`;
    const figures = await train({ ...settings, name: run, trainingSeed: seed, seeds: null, resume: false });
    runs.push({ run, seed, ...eachMetric((metric) => figures[metric]) });
  }
  const result = { name: `${settings.name}`, runs, ...overSeeds(runs) };
  const file = join(folder, `${settings.name}-seeds.json`);
  await writeJson(file, result);
  return { ...result, file };
}

/** The same with stage 06. */
export async function runStageSeeds(job: PipelineJob): ReturnType<typeof runSeeds> {
  const { settings, reporter } = job;
  seedsOf(settings);
  const dataset = await job.loadDataset(settings, reporter);
  const loadDataset = async () => dataset;
  return runSeeds(settings, join(settings.out, job.stages.train.folder), async (seeded) => {
    const [outcome] = await runPipeline({ ...job, requested: ['train'], settings: seeded, loadDataset });
    return resultSchema.parse(outcome?.result).runs[seeded.name]!;
  });
}
