import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { readText, writeFileAtomic } from '../../base/core/files.ts';
import { readValidated } from '../../base/core/validate.ts';
import { PART_NAMES, type RecordedResult, recordedSchema } from './result.ts';
import { SHAPE_NAMES } from './shapes.ts';
import { detailsMarkdown, resultMarkdown, summaryMarkdown } from './tables.ts';

/** Results by their files' names without the ending, in the order of parts, shapes and names. */
export type Results = ReadonlyMap<string, RecordedResult>;

/** The results in a folder. Errors: `usage` for a file that `korex bench` did not write. */
export async function readResults(folder: string): Promise<Results> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'));
  const refusal = {
    says: { en: 'is no result of korex bench', ko: 'korex bench의 결과가 아니다' },
    hint: { en: 'Measure it again.', ko: '다시 잰다.' },
  };
  const results = await Promise.all(
    files.map(async (file) => {
      const result = await readValidated(join(folder, file), recordedSchema, refusal);
      return { name: basename(file, '.json'), result };
    }),
  );
  results.sort(
    (a, b) =>
      PART_NAMES.indexOf(a.result.part) - PART_NAMES.indexOf(b.result.part) ||
      shapeIndex(a.result.shape) - shapeIndex(b.result.shape) ||
      (a.name < b.name ? -1 : 1),
  );
  return new Map(results.map(({ name, result }) => [name, result]));
}

/** Shapes of korex's table in its order, then all others. */
const shapeIndex = (shape: string): number =>
  (SHAPE_NAMES.indexOf(shape) + SHAPE_NAMES.length + 1) % (SHAPE_NAMES.length + 1);

const PLACE = /<!-- bench:([\w. -]+) -->\n[\s\S]*?<!-- \/bench -->/g;

/**
 * Puts results into a document, between `<!-- bench:WHAT -->` and `<!-- /bench -->`: all figures in one table for
 * `summary`, the details behind a result's figures for `NAME details`, the whole result for `NAME`, its file's name. Places
 * without a result stay as they are; returns which were filled.
 *
 * @param folder where the results are, as the document's links name it
 */
export function fillDocument(text: string, results: Results, folder: string): { text: string; filled: string[] } {
  const filled: string[] = [];
  const changed = text.replace(PLACE, (whole, what: string) => {
    const [name = '', view] = what.split(' ');
    const result = results.get(name);
    if (what !== 'summary' && !result) return whole;
    filled.push(what);
    const content = !result
      ? summaryMarkdown([...results.values()])
      : view === 'details'
        ? detailsMarkdown(result, `${folder}/${name}.json`)
        : resultMarkdown(result);
    return `<!-- bench:${what} -->\n${content}\n<!-- /bench -->`;
  });
  return { text: changed, filled };
}

/** `fillDocument` for a file. Errors: `usage` where the document has no place for any of the results. */
export async function updateDocument(path: string, folder: string): Promise<string[]> {
  const results = await readResults(folder);
  if (results.size === 0)
    throw usageError(
      { en: `${folder} holds no results.`, ko: `${folder}: 결과가 없다.` },
      {
        en: 'Measure something first, e.g. `korex bench --only step`.',
        ko: '먼저 잰다. 예: `korex bench --only step`.',
      },
    );
  const from = relative(dirname(path), folder).replaceAll('\\', '/');
  const { text, filled } = fillDocument(await readText(path), results, from);
  if (filled.length === 0)
    throw usageError(
      {
        en: `${path} has no place for ${[...results.keys()].join(', ')}.`,
        ko: `${path}: 다음 결과가 들어갈 자리가 없다: ${[...results.keys()].join(', ')}.`,
      },
      {
        en: `A place is a line <!-- bench:${[...results.keys()][0]} --> and a line <!-- /bench -->.`,
        ko: `자리는 <!-- bench:${[...results.keys()][0]} --> 줄과 <!-- /bench --> 줄이다.`,
      },
    );
  await writeFileAtomic(path, text);
  return filled;
}
