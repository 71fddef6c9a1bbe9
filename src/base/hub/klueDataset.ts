import type { FileSelection } from './fileSelection.ts';
import type { Repository } from './repository.ts';

/**
 * KLUE's own dataset repository at the commit that turned it to Parquet, so that `--data klue` means the same rows
 * everywhere. Its relation rows are those of v1.1: that release changed other tasks and only renamed the files of this
 * one (github.com/KLUE-benchmark/KLUE, pull request 26).
 */
export const KLUE_DATASET: Repository = {
  type: 'dataset',
  id: 'klue/klue',
  revision: '349481ec73fff722f88e0453ca05c77a447d967c',
};

/** The folder of the relation extraction task within the repository. */
export const KLUE_RE_FOLDER = 're';

const PATHS = [`${KLUE_RE_FOLDER}/train-00000-of-00001.parquet`, `${KLUE_RE_FOLDER}/validation-00000-of-00001.parquet`];

/** The two files of KLUE-RE with public labels. */
export const KLUE_FILES: FileSelection = {
  what: { en: 'KLUE-RE', ko: 'KLUE-RE' },
  choose: (paths) => {
    const missing = PATHS.filter((path) => !paths.includes(path));
    return missing.length === 0 ? { paths: PATHS } : { missing: missing.join(' and ') };
  },
  manual: PATHS.map((path) => ({ path })),
  option: '--data',
  pull: 'korex data pull',
};
