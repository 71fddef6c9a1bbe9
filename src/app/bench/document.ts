import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson, readText, writeFileAtomic } from '../../base/core/files.ts';
import { type BenchResult, resultName, resultSchema } from './result.ts';
import { resultMarkdown } from './tables.ts';

/** The results in a folder, by file name. Errors: `usage` for a file that `korex bench` did not write. */
export async function readResults(folder: string): Promise<BenchResult[]> {
  const files = await readdir(folder).catch(() => []);
  return Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map(async (file) => {
        const path = join(folder, file);
        const parsed = resultSchema.safeParse(await readJson(path));
        if (parsed.success) return parsed.data;
        throw usageError(`${path} is no result of korex bench: ${z.prettifyError(parsed.error)}.`, 'Measure it again.');
      }),
  );
}

/**
 * Puts results into a document: what stands between `<!-- bench:PART-SHAPE -->` and `<!-- /bench -->` is replaced by the
 * result of that name. Places without a result stay as they are; returns which were filled.
 */
export function fillDocument(text: string, results: readonly BenchResult[]): { text: string; filled: string[] } {
  const byName = new Map(results.map((result) => [resultName(result), result]));
  const filled: string[] = [];
  const changed = text.replace(PLACE, (whole, name: string) => {
    const result = byName.get(name);
    if (!result) return whole;
    filled.push(name);
    return `<!-- bench:${name} -->\n${resultMarkdown(result)}\n<!-- /bench -->`;
  });
  return { text: changed, filled };
}

const PLACE = /<!-- bench:([\w.-]+) -->\n[\s\S]*?<!-- \/bench -->/g;

/** `fillDocument` for a file. Errors: `usage` where the document has no place for any of the results. */
export async function updateDocument(path: string, folder: string): Promise<string[]> {
  const results = await readResults(folder);
  if (results.length === 0)
    throw usageError(`${folder} holds no results.`, 'Measure something first, e.g. `korex bench --only step`.');
  const { text, filled } = fillDocument(await readText(path), results);
  if (filled.length === 0)
    throw usageError(
      `${path} has no place for ${results.map(resultName).join(', ')}.`,
      `A place is a line <!-- bench:${resultName(results[0]!)} --> and a line <!-- /bench -->.`,
    );
  await writeFileAtomic(path, text);
  return filled;
}
