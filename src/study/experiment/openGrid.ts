import type { Reporter } from '../../base/core/reporter.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { Experiment } from './config.ts';
import type { Grid } from './queue.ts';
import { EXPERIMENT_TASKS } from './tasks.ts';

/** How an experiment is run, beside what it says itself. */
export interface GridSource {
  /** The configuration. */
  readonly file: string;
  /** Instead of the configuration's. */
  readonly data: string | null;
  readonly settings: Pick<Settings, 'out' | 'device' | 'threads' | 'evalBatchSize' | 'onBadRow' | 'columns'>;
}

/** Reads the rows of an experiment: what all its runs have in common. Errors: those of the task's rows. */
export async function openGrid(
  { file, data, settings }: GridSource,
  experiment: Experiment,
  folder: string,
  reporter: Reporter,
): Promise<Grid> {
  const { columns, onBadRow } = settings;
  const source = { data: data ?? experiment.data, columns, onBadRow, out: folder };
  const rows = await EXPERIMENT_TASKS[experiment.task].open(source, experiment.rows, file, { reporter });
  // Named one by one: whoever calls may hand over all settings, and the others are the techniques'.
  const { device, threads, evalBatchSize } = settings;
  return { experiment, rows, running: { out: folder, device, threads, evalBatchSize }, folder };
}
