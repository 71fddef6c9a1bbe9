import { usageError } from '../../../base/core/errors.ts';
import type { Dataset, LabelledExample } from '../../../base/core/types.ts';
import { type DataSource, findDataSource } from '../../../base/data/dataSource.ts';
import { datasetDigest } from '../../../base/data/digest.ts';
import { type LoadedRows, loadRows } from '../../../base/data/loadRows.ts';

/** A data set in memory, its invalid rows left out and counted. */
export interface LoadedSet extends Dataset {
  readonly id: string;
  readonly rejected: number;
}

/** The data sets that a page shows: found at once, read when first asked for, then kept. */
export interface DataSets {
  /** In the order shown: the one given with `--data` first. */
  readonly ids: readonly string[];
  source(id: string): Promise<DataSource>;
  /** Errors: `usage` where its files cannot be read. */
  load(id: string): Promise<LoadedSet>;
}

/**
 * The embedded sample (`sample`), what `data` means (`data`, or its own name where that is a known one) and the official
 * rows of the cache (`klue`) where `korex data pull` fetched them.
 */
export async function openDataSets(data: string | null): Promise<DataSets> {
  const meanings = new Map<string, string>();
  if (data !== null) meanings.set(data === 'sample' || data === 'klue' ? data : 'data', data);
  meanings.set('sample', 'sample');
  if (await isFound('klue')) meanings.set('klue', 'klue');
  const loading = new Map<string, Promise<LoadedSet>>();
  const meaningOf = (id: string) => {
    const meaning = meanings.get(id);
    if (meaning === undefined)
      throw usageError({
        en: `There is no data set ${JSON.stringify(id)}.`,
        ko: `없는 데이터 세트: ${JSON.stringify(id)}.`,
      });
    return meaning;
  };
  return {
    ids: [...meanings.keys()],
    source: async (id) => findDataSource(meaningOf(id), 'test'),
    load: (id) => {
      const known = loading.get(id);
      if (known) return known;
      // A failed read is not kept: the files may be put right while the server runs.
      const started = loadSet(id, meaningOf(id)).catch((error: unknown) => {
        loading.delete(id);
        throw error;
      });
      loading.set(id, started);
      return started;
    },
  };
}

const isFound = (data: string): Promise<boolean> =>
  findDataSource(data, 'test').then(
    () => true,
    () => false,
  );

async function loadSet(id: string, data: string): Promise<LoadedSet> {
  const source = await findDataSource(data, 'test');
  const read = async (path: string | null, first: LoadedRows<LabelledExample> | null) =>
    path === null
      ? null
      : loadRows(path, {
          onBadRow: 'skip',
          ...(first && { labelSet: first.labelSet, entityTypes: first.entityTypes }),
        });
  const train = await read(source.train, null);
  const test = await read(source.test, train);
  const sides = [train, test].filter((side) => side !== null);
  const { labelSet, entityTypes } = sides[0]!;
  const rows = { train: train?.rows ?? [], test: test?.rows ?? [] };
  return {
    id,
    name: source.name,
    labelSet,
    entityTypes,
    ...rows,
    files: sides.map(({ file }) => file),
    rejected: sides.reduce((sum, { rejected }) => sum + rejected.length, 0),
    digest: datasetDigest(labelSet, entityTypes, rows.train, rows.test),
  };
}
