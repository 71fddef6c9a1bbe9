import { silentReporter } from '../../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS, type MarkerName, type Settings } from '../../src/base/core/settings.ts';
import type { Dataset, LabelledExample } from '../../src/base/core/types.ts';
import { loadDataset } from '../../src/base/data/loadDataset.ts';
import type { RelationModel } from '../../src/engine/nn/relationModel.ts';
import { TRAINING_TASKS } from '../../src/engine/train/tasks.ts';
import { trainRun } from '../../src/engine/train/trainRun.ts';
import { taskOf, untrainedModel } from '../../src/engine/train/untrainedModel.ts';
import { prepareRows } from '../../src/study/stages/training/rows.ts';
import { runPlan } from '../../src/study/stages/training/runPlan.ts';

const LABELS = ['per:title', 'per:date_of_birth', 'org:place_of_headquarters'];

/**
 * Trains two layers of the bundled encoder to tell three relations of the sample apart, in seconds, and writes the run into
 * the folder. Returns the model and the rows that it never saw.
 */
export async function trainSmallModel(
  folder: string,
  marker: MarkerName,
  changes: Partial<Settings> = {},
): Promise<{ readonly model: RelationModel; readonly rows: readonly LabelledExample[] }> {
  const settings = {
    ...DEFAULT_SETTINGS,
    ...{ marker, encoderLayers: 2, epochs: 4, batchSize: 8, lr: 5e-4, threads: 2 },
    ...{ ...changes, maxLength: 128 },
  };
  const sample = await loadDataset(settings, silentReporter);
  const chosen = (rows: readonly LabelledExample[]) => rows.filter(({ label }) => LABELS.includes(label));
  const dataset: Dataset = {
    ...sample,
    labelSet: { labels: LABELS, noRelation: null },
    train: chosen(sample.train),
    test: chosen(sample.test),
  };
  const task = taskOf(settings, dataset, settings.maxLength);
  const start = () => untrainedModel(settings, task);
  const rows = prepareRows({ settings, dataset }, await start());
  const { model } = await trainRun({
    task: TRAINING_TASKS.relation,
    folder,
    plan: runPlan(settings, task, 'ce', rows),
    rows,
    options: settings,
    start,
    resume: 'never',
    reporter: silentReporter,
    signal: new AbortController().signal,
  });
  return { model, rows: dataset.test };
}
