import type { Localized } from '../core/types.ts';
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

/** The files of a task with public labels. */
const filesOf = (task: string) => [`${task}/train-00000-of-00001.parquet`, `${task}/validation-00000-of-00001.parquet`];

/** The two files of KLUE-RE with public labels. */
export const KLUE_FILES: FileSelection = selectionOf({ en: 'KLUE-RE', ko: 'KLUE-RE' }, filesOf(KLUE_RE_FOLDER));

/** Those of KLUE-NER as well, whose texts the annotations of `data/text-relations/` are of. */
export const KLUE_TEXT_FILES: FileSelection = selectionOf({ en: 'KLUE-RE and KLUE-NER', ko: 'KLUE-RE와 KLUE-NER' }, [
  ...filesOf(KLUE_RE_FOLDER),
  ...filesOf('ner'),
]);

function selectionOf(what: Localized, files: readonly string[]): FileSelection {
  return {
    what,
    choose: (paths) => {
      const missing = files.filter((path) => !paths.includes(path));
      return missing.length === 0 ? { paths: files } : { missing: missing.join(' and ') };
    },
    manual: files.map((path) => ({ path })),
    option: '--data',
    pull: 'korex data pull',
  };
}
