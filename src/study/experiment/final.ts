import { existsSync } from 'node:fs';
import type { Settings } from '../../base/core/settings.ts';
import { rowsDigest } from '../../base/data/digest.ts';
import { type LoadedSide, loadSide } from '../../base/data/loadDataset.ts';
import { labelText } from '../../base/eval/ablation/labelText.ts';
import { type AblationResults, BASELINE, type FinishedRun } from '../../base/eval/ablation/results.ts';
import { summarizeAblation } from '../../base/eval/ablation/summarize.ts';
import { asWritten } from '../../engine/runs/evaluation.ts';
import { bestFolder } from '../../engine/runs/runFolder.ts';
import { loadClassifier } from '../../inference/predict/classifier.ts';
import type { Grid, QueuedRun } from './queue.ts';
import { answerFacts, removeWeights, trainingFolder, trainQueued, type Work } from './trainQueued.ts';

type Final = NonNullable<AblationResults['final']>;

/**
 * The baseline and the best technique, all their seeds, on the test rows. The best is the gain with the largest difference
 * in macro-F1 on the judged rows, so that test rows choose nothing; without a gain it is the baseline alone. Weights that
 * were not kept are trained again.
 *
 * @param before results on test rows of an earlier call; what holds of them is kept
 */
export async function finalResults(
  grid: Grid,
  source: Pick<Settings, 'data' | 'columns' | 'onBadRow' | 'out'>,
  queue: readonly QueuedRun[],
  results: AblationResults,
  before: AblationResults['final'],
  work: Work,
): Promise<Final> {
  const { experiment, dataset } = grid;
  const { labelSet, entityTypes } = dataset;
  const side = await loadSide(source, 'test', work.reporter, { labelSet, entityTypes });
  const digest = rowsDigest(side.rows);
  const best = bestOf(results);
  const kept = before?.test.digest === digest ? before.runs : [];
  const runs: FinishedRun[] = [];
  for (const run of queue.filter(({ technique }) => technique === BASELINE || technique === best?.technique)) {
    const record = results.runs.find((one) => one.digest === run.digest);
    if (record?.status !== 'finished') continue;
    const answered = kept.find((one) => one.digest === run.digest);
    runs.push(answered ?? { ...record, ...(await testAnswers(grid, run, record, side, work)) });
  }
  const gold = labelText(Int32Array.from(side.rows, ({ label }) => labelSet.labels.indexOf(label)));
  const { baseline, techniques, seeds, rows } = experiment;
  const chosen = techniques.filter(({ technique }) => technique === best?.technique);
  const summary = summarizeAblation({ baseline, techniques: chosen, seeds, runs, labelSet, gold, seed: rows.seed });
  return { test: { file: side.file, rows: side.rows.length, digest }, gold, runs, ...summary };
}

const bestOf = ({ techniques }: AblationResults) =>
  techniques
    .filter(({ verdict }) => verdict === 'gain')
    .reduce<AblationResults['techniques'][number] | null>(
      (best, row) =>
        best === null || row.against!.macro_f1.difference > best.against!.macro_f1.difference ? row : best,
      null,
    );

async function testAnswers(grid: Grid, run: QueuedRun, record: FinishedRun, side: LoadedSide, work: Work) {
  const { reporter, signal, keepModels } = work;
  const best = bestFolder(trainingFolder(grid, run));
  if (!existsSync(best)) {
    reporter.info(`▸ ${run.technique}, seed ${run.seed}: trained again, as its weights were not kept`);
    const again = await trainQueued(grid, run, { ...work, keepModels: true });
    if (again.status === 'failed' || again.predicted !== record.predicted)
      reporter.warn(
        `${run.name} does not answer as it did before: it was trained by another version of korex, or on another kind of machine.`,
      );
  }
  const classifier = await loadClassifier(best, grid.running);
  const bar = reporter.progress(`test ${run.name}`, side.rows.length, 'rows');
  const options = { batchSize: grid.running.evalBatchSize, signal, onProgress: (done: number) => bar.update(done) };
  try {
    const predictions = asWritten(await classifier.predict(side.rows, options));
    return answerFacts(grid, side.rows, predictions);
  } finally {
    bar.end();
    await classifier.release();
    if (!keepModels && !signal.aborted) await removeWeights(grid, run);
  }
}
