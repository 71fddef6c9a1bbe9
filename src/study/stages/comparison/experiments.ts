import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, sha256File } from '../../../base/core/files.ts';
import { packagePath } from '../../../base/core/packagePath.ts';
import type { Reporter } from '../../../base/core/reporter.ts';
import { EXPERIMENTS_FOLDER, RESULTS_FILE, resultsSchema } from '../../../base/eval/ablation/results.ts';
import { ranked } from '../../../base/eval/ablation/table.ts';
import type { ComparisonFile } from './schema.ts';

/** Experiments whose results are committed with korex. */
const COMMITTED = packagePath('experiments');
const COMMITTED_FILE = /^(.+)\.results\.json$/;

export type ShownExperiment = ComparisonFile['experiments'][number];

/** Where the results of an experiment are. */
interface ResultsPath {
  readonly name: string;
  readonly path: string;
  /** Below `--out`, or committed with korex. */
  readonly origin: ShownExperiment['origin'];
}

/** Results below `--out`, and those committed with korex that are not there too; by name. */
async function resultsPaths(out: string, committed: string): Promise<ResultsPath[]> {
  const own = join(out, EXPERIMENTS_FOLDER);
  const entries = await readdir(own, { withFileTypes: true }).catch(() => []);
  const found = entries
    .map(({ name }): ResultsPath => ({ name, path: join(own, name, RESULTS_FILE), origin: 'out' }))
    .filter(({ path }) => existsSync(path));
  const shipped = (await readdir(committed).catch(() => [])).flatMap((file): ResultsPath[] => {
    const name = COMMITTED_FILE.exec(file)?.[1];
    if (name === undefined || found.some((other) => other.name === name)) return [];
    return [{ name, path: join(committed, file), origin: 'korex' }];
  });
  return [...found, ...shipped].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Digests of all results that the stage shows, by the experiment's name. */
export async function experimentDigests(out: string, committed = COMMITTED): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { name, path } of await resultsPaths(out, committed))
    digests[`${EXPERIMENTS_FOLDER}/${name}`] = await sha256File(path);
  return digests;
}

/** The verdicts of all experiments on relations that have a finished run; a file that holds no results is left out with a warning. */
export async function shownExperiments(
  out: string,
  reporter: Reporter,
  committed = COMMITTED,
): Promise<ShownExperiment[]> {
  const shown: ShownExperiment[] = [];
  for (const { name, path, origin } of await resultsPaths(out, committed)) {
    const parsed = resultsSchema.safeParse(await readJson(path));
    if (!parsed.success) {
      reporter.warn({
        en: `${path} holds no results of an experiment; it is left out of the comparison.`,
        ko: `${path}: 실험 결과가 아니어서 비교에서 뺀다.`,
      });
      continue;
    }
    const { experiment, data, bootstrap, baseline, techniques, final } = parsed.data;
    if (experiment.task !== 'relation' || baseline.finished.length === 0) continue;
    shown.push({
      ...{ name, origin, description: experiment.description, seeds: experiment.seeds },
      ...{ data: data.name, training_rows: data.training.rows, judged_rows: data.judged.rows },
      resamples: bootstrap.resamples,
      ...{ baseline, techniques },
      final: final && { test_rows: final.test.rows, baseline: final.baseline, techniques: final.techniques },
    });
  }
  return shown;
}

/** The verdicts, as the terminal shows them. */
export const verdictRows = (experiments: readonly ShownExperiment[]) =>
  experiments.flatMap(({ name, techniques }) =>
    ranked(techniques).flatMap(({ technique, verdict, against, cost }) => {
      if (against === null) return [];
      const { difference, low, high } = against.macro_f1;
      return [
        {
          ...{ experiment: name, technique, verdict: verdict ?? '–', macro_f1: difference },
          ...{ 'from (95 %)': low, to: high, cost },
        },
      ];
    }),
  );
