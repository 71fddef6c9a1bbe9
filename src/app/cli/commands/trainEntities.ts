import { loadEntities } from '../../../base/data/entities/loadEntities.ts';
import { withLock } from '../../../study/pipeline/lock.ts';
import { trainEntities } from '../../../study/stages/training/entityRun.ts';
import type { Call, CommandResult } from '../command.ts';
import { entityTable } from '../tables.ts';

/** `korex train --task entities`: a run of its own, beside those of stage 06. */
export const trainEntityRun = ({ settings, reporter, signal }: Call): Promise<CommandResult> =>
  withLock(settings.out, async () => {
    const data = await loadEntities(settings.data, 'train');
    const { name, folder, report } = await trainEntities({ settings, out: settings.out, reporter, signal }, data);
    const figures = report === null ? 'No test sentences: nothing is evaluated.' : entityTable(report);
    return { text: `${name} on ${data.name}\n\n${figures}\n\nFiles: ${folder}`, json: { name, folder, report } };
  });
