import { type Reporter, silentReporter } from '../../base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings, withSettings } from '../../base/core/settings.ts';
import { loadDataset } from '../../base/data/loadDataset.ts';
import type { StageName } from '../stages/stage.ts';
import { runPipeline, type StageOutcome } from './runner.ts';
import { STAGES } from './table.ts';

/** Which stages `runStages` runs, and how it tells of them. */
export interface RunOptions {
  /** The stages asked for; all without it. Those they need are run first where they are missing or stale. */
  readonly stages?: readonly StageName[];
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
}

/**
 * `korex run` as a function: takes rows through the stages, reusing what is still valid below `out`.
 *
 * @param settings those that differ from the defaults of `SETTINGS`
 * Errors: `KorexError` for wrong settings, bad data and work that failed; the signal's reason when it was aborted.
 *
 * @example
 * const outcomes = await runStages({ data: 'klue-re-v1.1', trainRows: 2000, out: 'klue' }, { stages: ['compare'] });
 */
export const runStages = (settings: Partial<Settings> = {}, options: RunOptions = {}): Promise<StageOutcome[]> =>
  runPipeline({
    stages: STAGES,
    requested: options.stages ?? (Object.keys(STAGES) as StageName[]),
    settings: withSettings(DEFAULT_SETTINGS, settings, 'settings'),
    loadDataset,
    reporter: options.reporter ?? silentReporter,
    signal: options.signal ?? new AbortController().signal,
  });
