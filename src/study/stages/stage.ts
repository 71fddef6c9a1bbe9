import type { Reporter } from '../../base/core/reporter.ts';
import type { SettingName, Settings } from '../../base/core/settings.ts';
import type { Dataset, Localized } from '../../base/core/types.ts';

/** What a stage works with. It writes under `out/<its folder>` and nowhere else. */
export interface StageContext {
  readonly settings: Settings;
  readonly dataset: Dataset;
  /** The `--out` folder. */
  readonly out: string;
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The stages, as the command line names them. */
export type StageName =
  | 'eda'
  | 'dataset'
  | 'design'
  | 'select'
  | 'baseline'
  | 'train'
  | 'compare'
  | 'analyze'
  | 'report';

/** One stage of the pipeline; `STAGES` in `pipeline/table.ts` holds them all. */
export interface Stage {
  readonly name: StageName;
  readonly number: string;
  /** Folder under `--out`, e.g. `01_klue_re_eda`. */
  readonly folder: string;
  readonly title: Localized;
  /** Stages whose files this one reads. */
  readonly needs: readonly StageName[];
  /** Settings that change its result: with the data and the needed stages they decide whether it is still valid. */
  readonly settings: readonly SettingName[];
  /** Digests, by name, of files that it reads beside those of other stages, where they are there. */
  readonly reads?: (settings: Settings) => Promise<Readonly<Record<string, string>>>;
  /**
   * Subfolders that a run with these settings writes, for a stage that keeps several results side by side;
   * without it the whole folder. A single subfolder is a result of its own with its own record.
   */
  readonly owns?: (settings: Settings) => readonly string[];
  /** Does the work; returns what `--json` prints. */
  run(context: StageContext): Promise<Readonly<Record<string, unknown>>>;
}
