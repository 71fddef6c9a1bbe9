import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../../base/core/files.ts';
import { firstIssue } from '../../../base/core/validate.ts';
import { withClosing } from './fileBytes.ts';
import { repeatedKey } from './repeatedKey.ts';
import { damagedFile, type TensorEntry, type TensorFile } from './tensorFile.ts';

const indexSchema = z.object({
  weight_map: z.record(
    z.string(),
    z.string().refine((file) => file === basename(file) && !/[\\:]|^\.\.?$/.test(file), 'expected a file name'),
  ),
});

/**
 * Opens weights that are split over several files beside an index: `{"weight_map": {TENSOR: FILE}}`.
 *
 * @param open opens one of the files
 * Errors: `usage`, naming the files that are missing, or a tensor that is not where the index says.
 */
export async function openShards(path: string, open: (path: string) => Promise<TensorFile>): Promise<TensorFile> {
  const places = await readIndex(path);
  const files = new Map<string, TensorFile>();
  const close = async () => {
    for (const file of files.values()) await file.close();
  };
  return withClosing({ close }, async () => {
    for (const name of new Set(places.values())) files.set(name, await open(join(dirname(path), name)));
    const tensors = new Map<string, TensorEntry>();
    for (const [tensor, name] of places) {
      const entry = files.get(name)!.tensors.get(tensor);
      if (!entry)
        throw damagedFile(path, {
          en: `it says that ${tensor} is in ${name}, which does not have it`,
          ko: `${tensor}이(가) ${name}에 있다고 하는데, 거기에 없다`,
        });
      tensors.set(tensor, entry);
    }
    return {
      path,
      tensors,
      async read(tensor) {
        const name = places.get(tensor);
        if (name === undefined)
          throw damagedFile(path, { en: `it has no tensor ${tensor}`, ko: `텐서 ${tensor}이(가) 없다` });
        return files.get(name)!.read(tensor);
      },
      close,
    };
  });
}

async function readIndex(path: string): Promise<ReadonlyMap<string, string>> {
  const json = await readText(path);
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw damagedFile(
      path,
      {
        en: `it is not valid JSON: ${(error as Error).message}`,
        ko: `올바른 JSON이 아니다: ${(error as Error).message}`,
      },
      error,
    );
  }
  const repeated = repeatedKey(json);
  if (repeated !== null)
    throw damagedFile(path, { en: `it has "${repeated}" twice`, ko: `"${repeated}"이(가) 두 번 있다` });
  const parsed = indexSchema.safeParse(content);
  if (!parsed.success) throw damagedFile(path, firstIssue(parsed.error));
  return new Map(Object.entries(parsed.data.weight_map));
}
