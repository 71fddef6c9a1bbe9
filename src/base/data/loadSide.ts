import type { Reporter } from '../core/reporter.ts';
import type { LabelledExample } from '../core/types.ts';
import { findSide, type Role } from './dataSource.ts';
import { type DataSettings, reportRejected } from './loadDataset.ts';
import { type LoadedRows, loadRows, type RowsOptions } from './loadRows.ts';

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
  { data, onBadRow, out }: Pick<DataSettings, 'data' | 'onBadRow' | 'out'>,
  side: Role,
  reporter: Reporter,
  known: Pick<RowsOptions, 'labelSet' | 'entityTypes'> = {},
): Promise<LoadedSide> {
  const { name, path } = await findSide(data, side);
  const loaded = await loadRows(path, { ...known, onBadRow });
  await reportRejected(out, loaded.rejected, reporter);
  return { ...loaded, name };
}
