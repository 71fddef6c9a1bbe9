import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFolder } from '../../../base/core/folders.ts';
import { type RelationModel, saveRelationModel } from '../../../engine/nn/relationModel.ts';

/** Writes a model where other systems can load it: the same weights, tokenizer and labels. */
export async function saveForPeers(scratch: string, model: RelationModel): Promise<string> {
  const folder = join(scratch, 'model');
  await replaceFolder(folder, (fresh) => saveRelationModel(fresh, model));
  return folder;
}

/** Hands rows to another process, as a file of JSON. */
export async function saveRows(scratch: string, name: string, rows: unknown): Promise<string> {
  const path = join(scratch, `${name}.json`);
  await writeFile(path, JSON.stringify(rows));
  return path;
}
