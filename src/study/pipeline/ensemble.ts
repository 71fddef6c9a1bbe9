import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { RUN_FILES } from '../../engine/runs/runFolder.ts';
import { checkDevice } from '../../engine/runtime/session.ts';
import { type EnsembleResult, ensembleRun } from '../stages/training/ensembleRun.ts';
import { withLock } from './lock.ts';
import { resultFolder, writeRecord } from './record.ts';
import { CODE_VERSION, type PipelineJob } from './runner.ts';

export type EnsembleJob = Omit<PipelineJob, 'requested'>;

/** The name of an ensemble that is given none. */
const DEFAULT_NAME = 'ensemble';

/**
 * Makes an ensemble of finished runs a run of stage 06, with a record, so that the comparison notices it.
 *
 * Errors: those of `ensembleRun`; `usage` where another run has its name; `failed` where another process holds the folder.
 */
export function runEnsemble(job: EnsembleJob, runs: readonly string[]): Promise<EnsembleResult> {
  const { stages, settings, loadDataset, reporter, signal } = job;
  const named = { ...settings, name: settings.name ?? DEFAULT_NAME };
  return withLock(settings.out, async () => {
    await checkDevice(settings.device);
    const folder = resultFolder(stages.train, named);
    if (existsSync(folder) && !existsSync(join(folder, RUN_FILES.ensemble)) && !settings.force)
      throw usageError(
        { en: `${folder} holds something else than an ensemble.`, ko: `${folder}: 앙상블이 아닌 것이 들어 있다.` },
        { en: 'Choose another --name, or replace it with --force.', ko: '다른 --name을 고르거나, --force로 바꾼다.' },
      );
    const dataset = await loadDataset(settings, reporter);
    const result = await ensembleRun({ settings, dataset, out: settings.out, reporter, signal }, runs, named.name);
    signal.throwIfAborted();
    const { validation, seed } = settings;
    const inputs = { korex: CODE_VERSION, settings: { validation, seed }, dataset: dataset.digest };
    await writeRecord(
      stages.train,
      named,
      { ...inputs, encoder: null, teacher: null, needs: {}, files: {} },
      { runs: { [named.name]: result.metrics } },
    );
    return result;
  });
}
