import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Settings } from '../core/settings.ts';
import type { Dataset, LabelledExample } from '../core/types.ts';
import { hubEnvironment } from '../hub/environment.ts';
import { type RejectedRow, rejectedRowsText } from './badRows.ts';
import { findDataSource, findSide, type Role } from './dataSource.ts';
import { datasetDigest } from './digest.ts';
import { columnMapping } from './formats/columns.ts';
import { loadDocuments } from './loadDocuments.ts';
import { type LoadedRows, loadRows, type RowsOptions } from './loadRows.ts';
import { sampleRows } from './sampleRows.ts';
import { TEXT_RELATION_SETS, textRelationsFolder } from './textRelations.ts';

export type DataSettings = Pick<Settings, 'data' | 'columns' | 'seed' | 'trainRows' | 'evalRows' | 'onBadRow' | 'out'> &
  Partial<Pick<Settings, 'textData'>>;

/**
 * Both sides of `--data`, every row valid, sampled down to `--train-rows` and `--eval-rows`.
 *
 * Labels and entity types come from `relation_list.json` beside the files, else from the training rows: a test row with
 * a label that training never showed is invalid, since no model could learn it and a slip of the pen looks the same.
 * A single file is the side that `role` says; the other one is then empty. Invalid rows end in an error, or, left out
 * with `--on-bad-row skip`, in `rejected_rows.jsonl` under `--out`. `digest` covers the rows after sampling.
 *
 * Documents of `--text-data` are all read, held to the labels and entity types of the rows.
 */
export async function loadDataset(settings: DataSettings, reporter: Reporter, role: Role = 'train'): Promise<Dataset> {
  const { onBadRow, seed, trainRows, evalRows } = settings;
  const columns = columnMapping(settings.columns);
  const source = await findDataSource(settings.data, role);
  const train = source.train === null ? null : await loadRows(source.train, { onBadRow, columns });
  const test =
    source.test === null
      ? null
      : await loadRows(source.test, {
          onBadRow,
          columns,
          ...(train && { labelSet: train.labelSet, entityTypes: train.entityTypes }),
        });
  const sides = [train, test].filter((side) => side !== null);
  const missing = source.train === null ? 'training' : 'testing';
  if (source.isFolder && sides.length === 1)
    reporter.info({
      en: `${source.name} has no file for ${missing}; ${sides[0]!.file.path} is read alone.`,
      ko: `${source.name}에 ${missing === 'training' ? '학습' : '평가'} 파일이 없어 ${sides[0]!.file.path}만 읽는다.`,
    });
  for (const note of sides.flatMap(({ notes }) => notes)) reporter.info(note);
  await reportRejected(
    settings.out,
    sides.flatMap(({ rejected }) => rejected),
    reporter,
  );
  const { labelSet, entityTypes } = sides[0]!;
  const trainSample = sampleRows(train?.rows ?? [], trainRows ?? Infinity, seed);
  const testSample = sampleRows(test?.rows ?? [], evalRows ?? Infinity, seed);
  const texts = await textsOf(settings.textData ?? null, { labelSet, entityTypes });
  for (const note of texts.notes) reporter.info(note);
  return {
    name: source.name,
    labelSet,
    entityTypes,
    train: trainSample,
    test: testSample,
    ...(texts.documents.length > 0 && { documents: texts.documents }),
    files: [...sides.map(({ file }) => file), ...texts.files],
    digest: datasetDigest(labelSet, entityTypes, trainSample, testSample, texts.documents),
  };
}

/** The documents of all files that `--text-data` names. */
async function textsOf(list: string | null, { labelSet, entityTypes }: Pick<Dataset, 'labelSet' | 'entityTypes'>) {
  const rules = {
    labels: new Set(labelSet.labels),
    entityTypes: entityTypes.length > 0 ? new Set(entityTypes) : null,
  };
  const paths = list === 'klue' ? klueTexts() : (list?.split(',') ?? []);
  const loaded = await Promise.all(paths.map((path) => loadDocuments(path, rules)));
  return {
    documents: loaded.flatMap(({ documents }) => documents),
    files: loaded.map(({ file }) => file),
    notes: loaded.flatMap(({ notes }) => notes),
  };
}

/** One side of a data source. */
export interface LoadedSide extends LoadedRows<LabelledExample> {
  /** Of the data source. */
  readonly name: string;
}

/**
 * All rows of one side of `--data`, every row valid. The file of the other side is not opened, and may be missing: who must
 * not see test rows yet reads the training side alone.
 *
 * @param known labels and entity types that the rows may have, where they are known already
 */
export async function loadSide(
  { data, columns, onBadRow, out }: Pick<DataSettings, 'data' | 'columns' | 'onBadRow' | 'out'>,
  side: Role,
  reporter: Reporter,
  known: Pick<RowsOptions, 'labelSet' | 'entityTypes'> = {},
): Promise<LoadedSide> {
  const { name, path } = await findSide(data, side);
  const loaded = await loadRows(path, { ...known, onBadRow, columns: columnMapping(columns) });
  for (const note of loaded.notes) reporter.info(note);
  await reportRejected(out, loaded.rejected, reporter);
  return { ...loaded, name };
}

/**
 * Writes `rejected_rows.jsonl` and warns. The file tells of this run alone: an older one goes where nothing was left out.
 */
export async function reportRejected(out: string, rejected: readonly RejectedRow[], reporter: Reporter): Promise<void> {
  const path = join(out, 'rejected_rows.jsonl');
  if (rejected.length === 0) return rm(path, { force: true });
  await writeFileAtomic(path, rejectedRowsText(rejected));
  reporter.warn({
    en: `${rejected.length} invalid rows are left out; ${path} lists them with reasons.`,
    ko: `잘못된 ${rejected.length}행을 뺐다. 까닭은 ${path}에 있다.`,
  });
}

/** The documents that `korex data pull --text` made. Errors: `usage` where it was not run yet. */
function klueTexts(): string[] {
  const folder = textRelationsFolder(hubEnvironment().cache);
  const paths = TEXT_RELATION_SETS.train.map((name) => join(folder, name));
  if (paths.every((path) => existsSync(path))) return paths;
  throw usageError(
    { en: `KLUE’s annotated texts are not in ${folder}.`, ko: `${folder}에 KLUE의 주석 문서가 없다.` },
    { en: 'Get them with `korex data pull --text`.', ko: '`korex data pull --text`로 받는다.' },
  );
}
