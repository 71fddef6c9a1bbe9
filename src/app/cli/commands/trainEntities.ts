import { loadEntities } from '../../../base/data/entities/loadEntities.ts';
import { runsFolder } from '../../../engine/runs/runFolder.ts';
import { readSummary } from '../../../engine/runs/summary.ts';
import { withLock } from '../../../study/pipeline/lock.ts';
import { runSeeds } from '../../../study/pipeline/seedRuns.ts';
import { entityDryRun } from '../../../study/stages/training/entityDryRun.ts';
import { entityRunName, trainEntities } from '../../../study/stages/training/entityRun.ts';
import type { Call, CommandResult } from '../command.ts';
import { entityTable } from '../tables.ts';
import { dryRunResult, SHOWN_BATCHES, seedsResult } from './train.ts';

/** `korex train --task entities`: a run of its own, beside those of stage 06; with `--seeds` one for each. */
export function trainEntityRun(call: Call): Promise<CommandResult> {
  const { settings, reporter, signal } = call;
  if (settings.dryRun)
    return dryRunResult(call, async (context) => {
      const { train } = await loadEntities(settings, 'train');
      return { [entityRunName(settings)]: await entityDryRun(context, train, SHOWN_BATCHES) };
    });
  const { out } = settings;
  return withLock(out, async () => {
    const data = await loadEntities(settings, 'train');
    if (settings.seeds !== null) {
      const runs = await runSeeds(settings, runsFolder(out), async (seeded) => {
        await trainEntities({ settings: seeded, out, reporter, signal }, data);
        return (await readSummary(out, seeded.name)).metrics;
      });
      return seedsResult(call, runs, ({ micro_f1, macro_f1, accuracy }) => ({
        ...{ 'entity F1': micro_f1, 'mean of the types': macro_f1, recall: accuracy },
      }));
    }
    const { name, folder, report } = await trainEntities({ settings, out, reporter, signal }, data);
    const figures = report === null ? 'No test sentences: nothing is evaluated.' : entityTable(report);
    return { text: `${name} on ${data.name}\n\n${figures}\n\nFiles: ${folder}`, json: { name, folder, report } };
  });
}
