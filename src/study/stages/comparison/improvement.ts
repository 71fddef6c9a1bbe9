import { join } from 'node:path';
import type { BootstrapOptions } from '../../../base/eval/bootstrap.ts';
import type { ComparedSystem } from '../../../base/eval/comparison.ts';
import { eachMetric, METRIC_NAMES, type MetricName } from '../../../base/eval/metrics.ts';
import { pairedSeeds, resampleRuns } from '../../../base/eval/pairedSeeds.ts';
import { RUN_FILES, runFolder } from '../../../engine/runs/runFolder.ts';
import { partAt, summarySchema } from '../../../engine/runs/summary.ts';
import { type ComparisonFile, REFERENCE } from './schema.ts';

type Improvement = NonNullable<ComparisonFile['improvement']>;

/** Systems that are no attempt to improve the reference. */
const NO_ATTEMPTS = ['untrained', 'frozen', REFERENCE];

/**
 * The reference before, and after it the other fine-tuned run that is best on its validation rows; of runs without
 * validation the first. Validation rows choose, so that the difference on the test rows is not flattered. Null where there
 * is no other run.
 *
 * @param trained the runs that answered the test rows, the reference among them
 */
export async function findImprovement(
  out: string,
  trained: readonly ComparedSystem[],
  options: BootstrapOptions,
): Promise<Improvement | null> {
  const before = trained.find(({ system }) => system === REFERENCE);
  const attempts = trained.filter(({ system }) => !NO_ATTEMPTS.includes(system));
  const judged = await Promise.all(
    attempts.map(async (run) => ({ run, score: await validationScore(out, run.system) })),
  );
  const [best] = judged.sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
  if (before === undefined || best === undefined) return null;
  const resampled = resampleRuns([best.run.runs[0]!, before.runs[0]!], options);
  const pair = [resampled[0]!, resampled[1]!] as const;
  return {
    before: REFERENCE,
    after: best.run.system,
    attempts: attempts.map(({ system }) => system),
    validation_macro_f1: best.score,
    differences: eachMetric((name) => pairedSeeds([pair], name, options)),
  };
}

const validated = summarySchema.pick({ validation: true });

const validationScore = async (out: string, run: string): Promise<number | null> =>
  (await partAt(join(runFolder(out, run), RUN_FILES.summary), validated))?.validation?.macro_f1 ?? null;

/** Overall metrics before and after, as the terminal shows them. */
export function improvementRows({ improvement, systems }: Pick<ComparisonFile, 'improvement' | 'systems'>) {
  if (improvement === null) return [];
  const metricOf = (system: string, name: MetricName) =>
    systems.find((row) => row.system === system)?.metrics[name] ?? null;
  return METRIC_NAMES.map((name) => ({
    metric: name,
    [improvement.before]: metricOf(improvement.before, name),
    [improvement.after]: metricOf(improvement.after, name),
    difference: improvement.differences[name]?.difference ?? null,
    'from (95 %)': improvement.differences[name]?.low ?? null,
    to: improvement.differences[name]?.high ?? null,
  }));
}
