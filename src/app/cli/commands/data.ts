import { dirname } from 'node:path';
import { grouped } from '../../../base/core/format.ts';
import { findDataSource } from '../../../base/data/dataSource.ts';
import { loadRows } from '../../../base/data/loadRows.ts';
import { KLUE_DATASET, KLUE_FILES } from '../../../base/hub/klueDataset.ts';
import { pullSnapshot } from '../../../base/hub/snapshot.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { HUB_HELP } from './hubHelp.ts';

export const dataPullCommand: Command = {
  description:
    'Downloads the training and dev rows of KLUE-RE from KLUE’s own dataset on the Hugging Face Hub (klue/klue, at a fixed commit; CC BY-SA 4.0; ' +
    `8 MB), and reads them once to see that they are whole. After that --data klue means them.\n\n${HUB_HELP}`,
  settings: ['json'],
  writes: [['CACHE/datasets--klue--klue/', 'the rows as two Parquet files']],
  examples: [['korex data pull', 'once; then e.g. `korex run --data klue --train-rows 2000 --out klue`']],
  run: pullData,
};

async function pullData({ reporter, signal }: Call): Promise<CommandResult> {
  const { commit, fetched } = await pullSnapshot(KLUE_DATASET, KLUE_FILES, { reporter, signal });
  const { train, test } = await findDataSource('klue', 'train');
  const counts = await Promise.all([train, test].map(async (path) => (path ? await countRows(path) : 0)));
  const folder = dirname(train ?? '');
  return {
    text: [
      `KLUE-RE: ${grouped(counts[0]!)} training rows, ${grouped(counts[1]!)} dev rows${fetched === 0 ? ' (all in the cache already)' : ''}`,
      `Folder: ${folder}`,
      'Use them: korex run --data klue',
    ].join('\n'),
    json: { dataset: KLUE_DATASET.id, commit, folder, train: counts[0], dev: counts[1], fetchedBytes: fetched },
  };
}

const countRows = async (path: string): Promise<number> => (await loadRows(path, { onBadRow: 'error' })).rows.length;
