import { readClasses, readConfusion } from '../../../engine/runs/evaluation.ts';
import { RUN_FILES, runsFolder } from '../../../engine/runs/runFolder.ts';
import { readCalibration } from './calibration.ts';
import type { DataSets } from './dataSets.ts';
import { fileInside } from './folderInside.ts';
import { readAnswered } from './predictionRows.ts';
import { notFound } from './query.ts';
import type { RunDetail } from './shapes.ts';

/** Everything of a finished run but its log and its answers. Errors: 404 where it is not finished. */
export async function runDetail(out: string, name: string, sets: DataSets): Promise<RunDetail> {
  const root = runsFolder(out);
  for (const file of [RUN_FILES.classes, RUN_FILES.confusion])
    if ((await fileInside(root, name, file)) === null) throw notFound(`figure of the run ${JSON.stringify(name)} yet`);
  const { labels, counts } = await readConfusion(out, name);
  const { set } = await readAnswered(root, name, sets);
  return {
    name,
    labels,
    confusion: counts,
    classes: await readClasses(out, name),
    calibration: await readCalibration(root, name),
    data: set?.id ?? null,
  };
}
