import { existsSync } from 'node:fs';
import { ANSWER_KINDS } from '../../base/eval/ablation/answers.ts';
import { type AblationResults, BASELINE, type FinishedRun } from '../../base/eval/ablation/results.ts';
import { summarizeAblation } from '../../base/eval/ablation/summarize.ts';
import { bestFolder } from '../../engine/runs/runFolder.ts';
import type { TestRows } from './experimentTask.ts';
import { contextOf, type Grid, type QueuedRun } from './queue.ts';
import { removeWeights, trainingFolder, trainQueued, type Work } from './trainQueued.ts';

type Final = NonNullable<AblationResults['final']>;

/**
 * The baseline and the best technique, all their seeds, on the test rows. The best is the gain with the largest difference
 * in the figure that leads on the judged rows, so that test rows choose nothing; without a gain it is the baseline alone. Weights that
 * were not kept are trained again.
 *
 * @param before results on test rows of an earlier call; what holds of them is kept
 */
export async function finalResults(
  grid: Grid,
  queue: readonly QueuedRun[],
  results: AblationResults,
  before: AblationResults['final'],
  work: Work,
): Promise<Final> {
  const { experiment } = grid;
  const side = await grid.rows.test(work);
  const best = bestOf(results);
  const kept = before?.test.digest === side.test.digest ? before.runs : [];
  const runs: FinishedRun[] = [];
  for (const run of queue.filter(({ technique }) => technique === BASELINE || technique === best?.technique)) {
    const record = results.runs.find((one) => one.digest === run.digest);
    if (record?.status !== 'finished') continue;
    const answered = kept.find((one) => one.digest === run.digest);
    runs.push(answered ?? { ...record, ...(await testAnswers(grid, run, record, side, work)) });
  }
  const { task, baseline, techniques, seeds, rows } = experiment;
  const labelSet = { labels: results.labels, noRelation: results.no_relation };
  const chosen = techniques.filter(({ technique }) => technique === best?.technique);
  const { gold } = side;
  const summary = summarizeAblation({
    ...{ task, baseline, techniques: chosen, seeds, runs, labelSet, gold, seed: rows.seed },
  });
  return { test: side.test, gold, runs, ...summary };
}

const bestOf = ({ techniques, experiment }: AblationResults) => {
  const { leading } = ANSWER_KINDS[experiment.task];
  return techniques
    .filter(({ verdict }) => verdict === 'gain')
    .reduce<AblationResults['techniques'][number] | null>(
      (best, row) =>
        best === null || row.against![leading].difference > best.against![leading].difference ? row : best,
      null,
    );
};

async function testAnswers(grid: Grid, run: QueuedRun, record: FinishedRun, side: TestRows, work: Work) {
  const { reporter, keepModels } = work;
  const best = bestFolder(trainingFolder(grid, run));
  if (!existsSync(best)) {
    reporter.info(`▸ ${run.technique}, seed ${run.seed}: trained again, as its weights were not kept`);
    const again = await trainQueued(grid, run, { ...work, keepModels: true });
    if (again.status === 'failed' || again.predicted !== record.predicted)
      reporter.warn(
        `${run.name} does not answer as it did before: it was trained by another version of korex, or on another kind of machine.`,
      );
  }
  try {
    return await side.answer(best, run.name, contextOf(grid, run, work));
  } finally {
    if (!keepModels && !work.signal.aborted) await removeWeights(grid, run);
  }
}
